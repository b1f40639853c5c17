import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countShared } from '../src/analytics/count-shared.ts';
import { packMembers, toBits } from '../src/rollups/user-set.ts';

/** Few enough that sets overlap, spread over the whole chunk. */
const position = fc.integer({ min: 0, max: 199 }).map((place) => place * 41);
const members = fc.uniqueArray(position, { maxLength: 60 });

test('the users of a chunk are those of its bits and of all of its arrays, each once', () => {
  const seen = { bits: 0, overlap: 0 };
  fc.assert(
    fc.property(fc.option(members), fc.array(members, { maxLength: 5 }), (bits, arrays) => {
      const all = [...(bits ?? []), ...arrays.flat()];
      const sentBits = bits && Buffer.concat([Buffer.from([0, 0, 0x20, 0]), toBits(bits)]);
      expect(countShared({ bits: sentBits, members: arrays.map(packMembers) })).toBe(new Set(all).size);
      seen.bits += Number(bits !== null);
      seen.overlap += Number(new Set(all).size < all.length);
    }),
    { numRuns: 500 },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(25);
});
