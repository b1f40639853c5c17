import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countShared } from '../src/analytics/count-shared.ts';
import { int2s } from '../src/binary-array.ts';
import { toBits } from '../src/rollups/user-set.ts';

/** Few enough that sets overlap, spread over the whole chunk. */
const position = fc.integer({ min: 0, max: 199 }).map((place) => place * 41);
const members = fc.uniqueArray(position, { maxLength: 60 });

test('the users of a chunk are those of its bits and of all of its arrays, each once', () => {
  const seen = { bits: 0, overlap: 0 };
  fc.assert(
    fc.property(fc.option(members), fc.array(members, { maxLength: 5 }), (bits, arrays) => {
      const all = [...(bits ?? []), ...arrays.flat()];
      const sent = Buffer.concat(arrays.filter((each) => each.length > 0).map(toSent));
      expect(countShared(bits === null ? null : toSentBits(bits), sent)).toBe(new Set(all).size);
      seen.bits += Number(bits !== null);
      seen.overlap += Number(new Set(all).size < all.length);
    }),
    { numRuns: 500 },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(25);
});

/** As PostgreSQL's `array_send` and `bit_send` write them. */
function toSent(smallints: readonly number[]): Buffer {
  return (int2s(smallints).toOperationNode() as unknown as { parameters: [{ value: Buffer }] }).parameters[0].value;
}

function toSentBits(positions: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0x20, 0]), Buffer.from(toBits(positions).slice(1), 'hex')]);
}
