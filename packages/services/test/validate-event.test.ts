import { DEVICES, eventInputSchema, isValidEvent, toInstant } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateEvent } from '../src/events/validate-event.ts';

const RUNS = 5_000;
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const ID = '0190a0b0-c0d0-7000-8000-00000000abcd';

const text = (max: number) =>
  fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom('', 'a\u0000b', '\ud800', 'x'.repeat(max), 'x'.repeat(max + 1), '😀'.repeat(max / 2)),
  );

const digits = (max: number, length = 2) => fc.nat(max).map((value) => String(value).padStart(length, '0'));
/** Instants right and nearly right: months of 29 to 31 days, leap years, offsets, fractions of any length. */
const instant = fc
  .record({
    year: digits(9_999, 4),
    month: digits(13),
    day: digits(32),
    time: fc.oneof(
      fc.constantFrom('10:00:00', '10:00', '10'),
      fc.tuple(digits(24), digits(60), digits(60)).map((parts) => parts.join(':')),
    ),
    fraction: fc.constantFrom('', '.5', '.123', '.000', '.123456', '.'),
    zone: fc.constantFrom('Z', 'z', '+05:45', '-00:00', '+24:00', '+0545', ''),
  })
  .map(({ year, month, day, time, fraction, zone }) => `${year}-${month}-${day}T${time}${fraction}${zone}`);
const recent = fc.integer({ min: -40, max: 2 }).map((days) => toInstant(NOW + days * 86_400_000));

const FIELDS = {
  id: fc.oneof(fc.uuid(), fc.constantFrom(ID, ID.toUpperCase(), `${ID}0`, ID.slice(1), ID.replaceAll('-', ''), '')),
  type: text(100),
  occurredAt: fc.oneof(instant, recent, fc.string({ maxLength: 30 })),
  userId: text(200),
  sessionId: text(200),
  device: fc.constantFrom(...DEVICES, 'fridge', 'Desktop', ''),
  properties: fc.oneof(
    fc.jsonValue(),
    fc.dictionary(text(10), fc.jsonValue()),
    fc.constantFrom({ big: 'x'.repeat(16_384) }, { fits: 'é'.repeat(8_000) }, { text: 'a\u0000b' }),
  ),
};

/** Mostly right events with a fault or two, and what has nothing to do with one; all as JSON can carry it. */
const input = fc
  .oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.record({ ...FIELDS, type: fc.constant('view') }, { requiredKeys: [] }),
          fc.record(
            { id: fc.constant(ID), type: fc.constant('view'), occurredAt: recent, properties: fc.constant({ a: [1] }) },
            { requiredKeys: ['type'] },
          ),
          fc.record(FIELDS, { requiredKeys: [] }),
          fc.constantFrom(
            {},
            {},
            {},
            {},
            { colour: 'red' },
            { type: null },
            { userId: 1 },
            JSON.parse('{"__proto__": 1}'),
          ),
          fc.integer({ min: 0, max: 3 }),
        )
        .map(([wild, right, faulty, odd, faults]) => ({
          ...(faults > 2 ? wild : {}),
          ...right,
          ...(faults > 1 ? faulty : {}),
          ...(faults > 0 ? odd : {}),
        })),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test(`an event is taken at once exactly where the schema takes it (${RUNS} runs)`, () => {
  const seen = { valid: 0, invalid: 0, spelt: 0 };
  fc.assert(
    fc.property(input, (value) => {
      const parsed = eventInputSchema.safeParse(value);
      expect(isValidEvent(value)).toBe(parsed.success);
      seen[parsed.success ? 'valid' : 'invalid'] += 1;
      if (!parsed.success) return;
      // It is stored as the schema gives it, which is as it was sent.
      expect(parsed.data).toEqual(value);
      const { event, occurredAt } = validateEvent(value, NOW);
      if (event === undefined) return;
      expect(occurredAt).toBe(toInstant(event.occurredAt));
      seen.spelt += Number(parsed.data.occurredAt === occurredAt);
    }),
    { numRuns: RUNS },
  );
  // A run that meets none of the hard cases would prove nothing.
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 20);
});

test('what JSON cannot carry is left to the schema', () => {
  for (const value of [undefined, null, 'view', [], new Date(), { type: 'view', userId: undefined }]) {
    expect(isValidEvent(value)).toBe(false);
  }
  expect(isValidEvent(Object.create({ type: 'view' }))).toBe(false);
  expect(validateEvent({ type: 'view', userId: undefined }, NOW).event).toMatchObject({ userId: null });
});

test('properties of more values than fit are refused before they are all read', () => {
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, place) => [`k${place}`, 1]));
  for (const properties of [many, { list: Array.from({ length: 9_000 }, () => 1) }]) {
    const { rejection } = validateEvent({ id: ID, type: 'view', properties }, NOW);
    expect(rejection).toEqual({
      code: 'invalid_field',
      path: 'properties',
      message: 'must be at most 16384 bytes of JSON',
    });
  }
});
