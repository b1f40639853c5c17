/** One import or re-export of a module, as written. */
export type Import = { readonly specifier: string; readonly line: number; readonly isTypeOnly: boolean };

/** `import … from`, `export … from` and `import '…'` at the start of a line, which is where Biome puts them. */
const STATIC =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?:[^'"`;=()]*?\bfrom\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;
const DYNAMIC = /\bimport\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;

/** Every module that a TypeScript or Svelte file names. A dynamic import counts as a value, even in a type. */
export function findImports(text: string): Import[] {
  const matches = [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)];
  return matches.map((match) => ({
    specifier: match.groups?.specifier ?? '',
    line: text.slice(0, match.index).split('\n').length,
    isTypeOnly: match.groups?.type !== undefined,
  }));
}
