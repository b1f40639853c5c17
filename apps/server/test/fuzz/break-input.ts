import fc from 'fast-check';
import { hostileText, hostileValue } from './hostile-value.ts';

type Break = {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'wrap' | 'spoil';
  readonly what: unknown;
  readonly name: string;
};

/** An input with one place broken: nearly right, so that it gets past what comes before. */
export function brokenArbitrary(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const flaw = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap', 'spoil', 'spoil'),
    what: hostileValue,
    name: hostileText,
  });
  return fc.tuple(valid, flaw).map(([input, one]) => breakInput(structuredClone(input), one as Break));
}

/** At the end of a text that was right: nothing may store them, and little else may be wrong with it. */
const SPOILERS = ['\u0000', '\ud800', '\udfff', "'", '\\', '"', '%', '\r\n', ' ', '\u0085'];

type Place = { readonly parent: Record<string, unknown>; readonly key: string };

function breakInput(input: unknown, { at, how, what, name }: Break): unknown {
  const root = { input };
  const places = findPlaces(root).filter(({ parent, key }) => how !== 'spoil' || typeof parent[key] === 'string');
  if (places.length === 0) return input;
  const { parent, key } = places[at % places.length] as Place;
  const value = parent[key];
  if (how === 'remove' && key !== 'input') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if (how === 'add' && typeof value === 'object' && value !== null) {
    // Defined, not assigned: `__proto__` is to be a key like any other.
    Object.defineProperty(value, name, { value: what, enumerable: true, configurable: true, writable: true });
  } else if (how === 'spoil') parent[key] = `${String(value)}${SPOILERS[at % SPOILERS.length]}`;
  else if (how === 'wrap') parent[key] = Array.isArray(value) ? { 0: value } : [value];
  else parent[key] = what;
  return root.input;
}

/** Level by level: what is nested too deeply for the server is for a recursion as well. */
function findPlaces(root: object): Place[] {
  const places: Place[] = [];
  let level: object[] = [root];
  while (level.length > 0) {
    const found = level.flatMap((parent) =>
      Object.keys(parent).map((key) => ({ parent: parent as Record<string, unknown>, key })),
    );
    for (const place of found) places.push(place);
    level = found
      .map(({ parent, key }) => parent[key])
      .filter((value): value is object => typeof value === 'object' && value !== null);
  }
  return places;
}
