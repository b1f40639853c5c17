import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNestedDeeper } from '../src/http/is-nested-deeper.ts';

/** What looks like structure and is text. */
const text = fc
  .array(fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', 'ü', ' '), { maxLength: 6 })
  .map((all) => all.join(''));
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, fc.integer(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

function depthOf(parsed: unknown): number {
  if (typeof parsed !== 'object' || parsed === null) return 0;
  return 1 + Math.max(0, ...Object.values(parsed).map(depthOf));
}

test('the depth of JSON is told without parsing it, whatever its texts hold', () => {
  const seen = new Map<number, number>();
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (parsed, indent) => {
      const json = Buffer.from(JSON.stringify(parsed, null, indent));
      const depth = depthOf(parsed);
      seen.set(depth, (seen.get(depth) ?? 0) + 1);
      expect(isNestedDeeper(json, depth)).toBe(false);
      if (depth > 0) expect(isNestedDeeper(json, depth - 1)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  for (const depth of [0, 1, 2, 3]) expect(seen.get(depth), `${depth} deep`).toBeGreaterThan(50);
});

test.each(['[', '[[', '"', '"\\', '{"a":"', ']]]', ''])(
  'what is cut off after %j is looked through to its end',
  (json) => {
    expect(isNestedDeeper(Buffer.from(json), 2)).toBe(false);
  },
);
