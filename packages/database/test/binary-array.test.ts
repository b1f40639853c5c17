import { databaseResource } from '@tidemark/testing';
import fc from 'fast-check';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { int2s, int4s, int8s, jsonbs, texts, timestamps, uuids } from '../src/binary-array.ts';

const resources = new AsyncDisposableStack();
let db: Kysely<never>;
beforeAll(async () => {
  const { url } = resources.use(await databaseResource());
  db = resources.use(
    new Kysely<never>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) }),
  );
});
afterAll(() => resources.disposeAsync());

const storable = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000'));
/** The years that events and questions may name, and far beyond. */
const instant = fc.date({ min: new Date(-62e12), max: new Date(200e12), noInvalidDate: true }).map(Number);

/** Each type with values for it, and what PostgreSQL is to make of one, as its own text. */
const TYPES = {
  uuid: [uuids, fc.uuid(), (value: string) => value],
  timestamptz: [timestamps, instant, (value: number) => String(value)],
  int2: [int2s, fc.integer({ min: -32_768, max: 32_767 }), String],
  int4: [int4s, fc.integer(), String],
  int8: [int8s, fc.maxSafeInteger(), String],
  text: [texts, storable, (value: string) => value],
  jsonb: [jsonbs, fc.string({ unit: 'grapheme-ascii' }).map((text) => JSON.stringify(text)), (value: string) => value],
} as const;

test.for(Object.keys(TYPES) as (keyof typeof TYPES)[])('arrays of %s arrive as they were', async (name) => {
  const [toArray, values, toText] = TYPES[name] as unknown as [
    (values: readonly unknown[]) => ReturnType<typeof texts>,
    fc.Arbitrary<unknown>,
    (value: unknown) => string,
  ];
  const asText = name === 'timestamptz' ? sql`(extract(epoch FROM value) * 1000)::bigint::text` : sql`value::text`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(values), { maxLength: 20 }), async (given) => {
      const { rows } = await sql<{ text: string | null }>`
        SELECT ${asText} AS text FROM unnest(${toArray(given)}) WITH ORDINALITY AS given(value, place)
        ORDER BY place`.execute(db);
      expect(rows.map(({ text }) => text)).toEqual(given.map((value) => (value === null ? null : toText(value))));
    }),
    { numRuns: 200 },
  );
});

test.for([
  ['a UUID', () => uuids(['poison'])],
  ['a UUID with a dash too few', () => uuids(['00000000-0000-4000-8000+000000000001'])],
  ['a UUID with a digit too high', () => uuids(['00000000-0000-4000-8000-00000000000g'])],
  ['a UUID with a digit too wide', () => uuids(['00000000-0000-4000-8000-00000000000０'])],
  ['a UUID with too little', () => uuids(['00000000-0000-4000-8000-00000000000'])],
  ['a UUID with too much', () => uuids(['00000000-0000-4000-8000-0000000000010'])],
  ['a smallint', () => int2s([70_000])],
] as const)('what is no %s is refused before it is sent', ([, encode]) => {
  expect(encode).toThrow('cannot be stored');
});
