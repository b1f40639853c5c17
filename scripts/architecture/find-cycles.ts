import type { Layer } from './layers.ts';
import { toPackageName } from './layers.ts';

/** Circles among the packages' allowed imports, each as the names walked, e.g. `a → b → a`. */
export function findCycles(layers: readonly Layer[]): string[] {
  const uses = new Map(
    layers.map((layer) => [
      toPackageName(layer),
      [...layer.uses, ...(layer.usesTypes ?? [])].map((name) => `@tidemark/${name.split('/')[0]}`),
    ]),
  );
  const walk = (name: string, path: readonly string[]): string[] => {
    if (path.includes(name)) return [[...path.slice(path.indexOf(name)), name].join(' → ')];
    return (uses.get(name) ?? []).flatMap((next) => walk(next, [...path, name]));
  };
  return [...new Set([...uses.keys()].flatMap((name) => walk(name, [])))];
}
