import {
  eventCursorSchema,
  eventInputSchema,
  generatePlaceSchema,
  LAST_RANGES,
  summaryCursorSchema,
} from '@tidemark/schemas';
import fc from 'fast-check';
import type { z } from 'zod';
import { brokenArbitrary } from './break-input.ts';
import { FACT_PLANS, FACT_TYPES, FACT_USERS, FACTS, FACTS_DAYS, FACTS_FROM } from './fuzz-facts.ts';
import { awkwardText, hostileText } from './hostile-value.ts';
import { type Hint, schemaArbitrary } from './schema-arbitrary.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

const LENGTHS = [
  1,
  15,
  60,
  61,
  720,
  DAY_MINUTES,
  7 * DAY_MINUTES,
  31 * DAY_MINUTES,
  90 * DAY_MINUTES,
  FACTS_DAYS * DAY_MINUTES,
];

/** Two instants about the facts: at midnights, at odd minutes, and between milliseconds. */
function spanArbitrary(lengths: readonly number[]): fc.Arbitrary<{ from: string; to: string }> {
  return fc
    .record({
      day: fc.integer({ min: -3, max: FACTS_DAYS }),
      minute: fc.constantFrom(0, 0, 0, 345, 601, 1_439),
      ms: fc.constantFrom(0, 0, 0, 1, 59_999),
      length: fc.constantFrom(...lengths),
      offset: fc.constantFrom('Z', 'Z', '+00:00'),
    })
    .map(({ day, minute, ms, length, offset }) => {
      const from = FACTS_FROM + (day * DAY_MINUTES + minute) * MINUTE_MS + ms;
      const print = (epochMs: number) => new Date(epochMs).toISOString().replace('Z', offset);
      return { from: print(from), to: print(from + length * MINUTE_MS) };
    });
}

const filterHints: readonly Hint[] = [
  field('types', fc.array(fc.oneof(fc.constantFrom(...FACT_TYPES), awkwardText), { minLength: 1, maxLength: 4 })),
  field('userId', fc.oneof(fc.constantFrom(...FACT_USERS), awkwardText)),
  {
    fields: ['path', 'in'],
    arbitrary: fc.record({
      path: fc.oneof(fc.constantFrom('plan', 'cart.total', 'cart.lines.0.sku', 'cart', 'none'), awkwardText),
      in: fc.array(fc.constantFrom(...FACT_PLANS, 'k1', 2, 'o"; --'), { minLength: 1, maxLength: 4 }),
    }),
  },
];

const forgedCursor = fc.oneof(
  hostileText,
  cursorArbitrary(summaryCursorSchema),
  cursorArbitrary(eventCursorSchema),
  cursorArbitrary(generatePlaceSchema),
  fc.constantFrom('0:0', '999999999999999:999999999', '1:1', '-1:0', '1e3:0', '00:00'),
);

/** A cursor such as we give, but of nothing that was ever asked; or with one place broken. */
function cursorArbitrary(schema: z.ZodType): fc.Arbitrary<string> {
  const content = schemaArbitrary(schema, [field('timeZone', fc.constantFrom('UTC', 'Pacific/Apia'))]);
  return fc
    .oneof(content, brokenArbitrary(content))
    .map((cursor) => Buffer.from(JSON.stringify(cursor) ?? '').toString('base64url'));
}

const eventHints: readonly Hint[] = [
  field(
    'occurredAt',
    fc.oneof(
      fc
        .integer({ min: 0, max: FACTS_DAYS * DAY_MINUTES })
        .map((minutes) => toInstant(FACTS_FROM + minutes * MINUTE_MS)),
      fc.constantFrom(...FACTS.slice(0, 3).map(({ occurredAt }) => occurredAt)),
    ),
  ),
  field('id', fc.oneof(fc.uuid(), fc.constantFrom(...FACTS.slice(0, 3).map(({ id }) => id.toUpperCase())))),
  field('userId', fc.oneof(fc.constantFrom(...FACT_USERS), awkwardText)),
  field('properties', fc.dictionary(fc.oneof(fc.string(), awkwardText), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })),
];

const goodEvent = schemaArbitrary(eventInputSchema, eventHints);

/** What fields mean, where the schema cannot say it; the first that fits counts. */
export const HINTS: readonly Hint[] = [
  {
    fields: ['from', 'to', 'last'],
    arbitrary: fc.oneof(
      { weight: 5, arbitrary: spanArbitrary(LENGTHS) },
      { weight: 1, arbitrary: fc.record({ last: fc.constantFrom(...LAST_RANGES) }) },
    ),
  },
  { fields: ['from', 'to'], arbitrary: spanArbitrary([60, DAY_MINUTES, 20 * DAY_MINUTES]) },
  {
    fields: ['id', 'occurredAt'],
    arbitrary: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(...FACTS).map(({ id, occurredAt }) => ({ id: id.toUpperCase(), occurredAt })),
      },
      { weight: 1, arbitrary: fc.record({ id: fc.uuid(), occurredAt: fc.constant(toInstant(FACTS_FROM)) }) },
    ),
  },
  ...filterHints,
  field(
    'events',
    fc.array(fc.oneof({ weight: 4, arbitrary: goodEvent }, { weight: 1, arbitrary: brokenArbitrary(goodEvent) }), {
      minLength: 1,
      maxLength: 6,
    }),
  ),
  field(
    'timeZone',
    fc.constantFrom(
      'UTC',
      'Asia/Kathmandu',
      'America/New_York',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'EST5EDT',
      'utc',
    ),
  ),
  field(
    'by',
    fc.oneof(
      fc.constantFrom(
        'type',
        'device',
        'user',
        'property:plan',
        'property:cart.total',
        'property:cart',
        'property:none',
      ),
      awkwardText.map((path) => `property:${path}`),
    ),
  ),
  field('search', fc.oneof(fc.constantFrom('ADA', 'k1', '%', '_off', "o'brien", 's-1', 'ünï'), awkwardText)),
  field('cursor', fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: forgedCursor })),
  field(
    'lastEventId',
    fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom('0:0', '1:0', '1:17') },
      { weight: 1, arbitrary: forgedCursor },
    ),
  ),
  field('count', fc.integer({ min: 1, max: 40 })),
  field(
    'slug',
    fc.uuid().map((id) => `fuzz-${id}`),
  ),
];

function field(name: string, arbitrary: fc.Arbitrary<unknown>): Hint {
  return { fields: [name], arbitrary: arbitrary.map((value) => ({ [name]: value })) };
}

function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
