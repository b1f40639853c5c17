import type { Event, Json } from '@tidemark/schemas';

/** More than a list of choices needs; deep objects have many. */
const MAX_PATHS = 50;

/** The dotted paths to single values that events have, those that most have first. */
export function toPropertyPaths(events: readonly Pick<Event, 'properties'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { properties } of events) {
    for (const path of walk(properties)) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_PATHS)
    .map(([path]) => path);
}

function* walk(value: { readonly [name: string]: Json }, prefix = ''): Generator<string> {
  for (const [name, inner] of Object.entries(value)) {
    // A dot parts the names of a path: what has one in its name cannot be asked for.
    if (name === '' || name.includes('.')) continue;
    const path = prefix + name;
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) yield* walk(inner, `${path}.`);
    else yield path;
  }
}
