import { appRouter, isOpen } from '@tidemark/router';
import { auditTenant } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { type ContractServer, contractServer } from '../contract/contract-server.ts';
import { expectOneOf } from './ask.ts';
import { brokenArbitrary } from './break-input.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { FUZZ_CASES } from './fuzz-cases.ts';
import { HINTS } from './fuzz-hints.ts';
import { type FuzzLane, openLane } from './fuzz-lane.ts';
import { FuzzTally, type Tried } from './fuzz-tally.ts';
import { hostileValue } from './hostile-value.ts';
import { schemaArbitrary } from './schema-arbitrary.ts';

/** `npm run test:fuzz` sets more; this many take less than a minute. */
const CASES = Number(process.env.FUZZ_CASES ?? 1_200);
/** What a call that needs no key may carry. */
const MAX_OPEN_BODY = 16 * 1024;
/** Sequences at a time, each on tenants of its own. */
const LANES = 4;
/** Of all inputs, those that were answered and whose answers were held against brute force. */
const LEAST_COMPARED = 0.3;

let api: ContractServer;
let lanes: FuzzLane[];
beforeAll(async () => {
  api = await contractServer();
  lanes = await Promise.all(Array.from({ length: LANES }, (_, index) => openLane(api, index)));
});
afterAll(async () => {
  for (const lane of lanes) await lane[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

/** The router as it is: what each procedure takes is read from it, not written down again. */
const routed = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: readonly z.ZodType[] } }>;
const schemas = new Map(Object.entries(routed).map(([path, { _def }]) => [path, _def.inputs[0]]));

function inputArbitrary(schema: z.ZodType | undefined): fc.Arbitrary<unknown> {
  if (schema === undefined) return fc.option(hostileValue, { nil: undefined, freq: 2 });
  const valid = schemaArbitrary(schema, HINTS);
  return fc.oneof(
    { weight: 6, arbitrary: valid },
    { weight: 3, arbitrary: brokenArbitrary(valid) },
    { weight: 1, arbitrary: hostileValue },
  );
}

test('every procedure has its fuzz case', () => {
  expect(Object.keys(FUZZ_CASES).sort()).toEqual([...schemas.keys()].sort());
});

test('every input is answered rightly or refused with a remedy', { timeout: 120_000 + CASES * 100 }, async () => {
  const tally = new FuzzTally();
  const one = fc.oneof(
    ...Object.entries(FUZZ_CASES).map(([path, { weight }]) => ({
      weight,
      arbitrary: inputArbitrary(schemas.get(path)).map((input) => ({ path, input })),
    })),
  );
  await Promise.all(
    lanes.map((lane) =>
      fc.assert(
        fc.asyncProperty(one, async ({ path, input }) => {
          tally.add(path, await tryInput(lane, path, input));
        }),
        { numRuns: Math.ceil(CASES / LANES) },
      ),
    ),
  );
  process.stdout.write(`${tally.toString()}\n`);
  expect(tally.share('compared')).toBeGreaterThanOrEqual(LEAST_COMPARED);
  for (const [path, { isAnswered }] of Object.entries(FUZZ_CASES)) {
    const { tried, answered, compared } = tally.of(path);
    expect(tried, path).toBeGreaterThan(0);
    // Each procedure has answers that were held against brute force, or nothing but refusals.
    expect(isAnswered ? compared : answered, path)[isAnswered ? 'toBeGreaterThan' : 'toBe'](0);
  }
});

function isBeyond(maxBytes: number, input: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(input) ?? '') > maxBytes;
}

async function tryInput(lane: FuzzLane, path: string, input: unknown): Promise<Tried> {
  const fuzz = FUZZ_CASES[path] as FuzzCase;
  // What the wire makes of it: a lone surrogate stays, infinity does not.
  const sent: unknown = input === undefined ? undefined : JSON.parse(JSON.stringify(input));
  const isValid = schemas.get(path)?.safeParse(sent).success ?? true;
  const outcome = await fuzz.run(lane, path, sent, isValid);
  const code = isOpen(path) && isBeyond(MAX_OPEN_BODY, sent) ? 'payload_too_large' : 'invalid_input';
  if (!isValid) expect(outcome.refusal?.code, 'what the schema refuses is refused').toBe(code);
  else if (outcome.refusal !== undefined) expectOneOf(outcome.refusal, fuzz.refusals);
  return { ...outcome, isValid };
}

test('nothing is stored half, and nothing failed on our side', async () => {
  for (const { oracle, facts, writes, written } of lanes) {
    const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [writes.id]);
    expect(Number(row?.count)).toBe(written);
    for (const { id } of [facts, writes]) expect(await auditTenant(oracle, { tenantId: id })).toEqual([]);
  }
  const levels = api.server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":50'));
  expect(levels).toEqual([]);
});
