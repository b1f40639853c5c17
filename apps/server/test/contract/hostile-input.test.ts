import {
  breakdownSchema,
  erasedUserSchema,
  eventPageSchema,
  ingestOutputSchema,
  retentionPreviewSchema,
  retentionSchema,
  summaryPageSchema,
  summarySchema,
  tenantSchema,
} from '@tidemark/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, refusalOf } from './expectations.ts';
import {
  breakdownInputArbitrary,
  eraseUserInputArbitrary,
  ingestInputArbitrary,
  listInputArbitrary,
  retentionInputArbitrary,
  summaryInputArbitrary,
  summaryPageInputArbitrary,
  updateTenantInputArbitrary,
} from './hostile-input.ts';
import type { HttpCaller } from './http-caller.ts';

let api: ContractServer;
let admin: HttpCaller;
beforeAll(async () => {
  api = await contractServer();
  admin = (await api.createTenant()).admin;
  const devices = ['mobile', 'desktop'];
  const events = Array.from({ length: 50 }, (_, index) => ({ type: `type-${index % 5}`, device: devices[index % 2] }));
  expect((await admin.post('events.ingest', { events })).status).toBe(200);
});
afterAll(() => api[Symbol.asyncDispose]());

const RUNS = 400;

/** Whatever is asked is answered in the contract's shape or refused in it: never a failure of ours. */
test.each<[string, fc.Arbitrary<unknown>, z.ZodType<unknown>]>([
  ['analytics.summary', summaryInputArbitrary, summarySchema],
  ['analytics.summaryPage', summaryPageInputArbitrary, summaryPageSchema],
  ['analytics.breakdown', breakdownInputArbitrary, breakdownSchema],
  ['events.list', listInputArbitrary, eventPageSchema],
  ['events.ingest', ingestInputArbitrary, ingestOutputSchema],
  ['admin.tenants.update', updateTenantInputArbitrary, tenantSchema],
  ['admin.users.erase', eraseUserInputArbitrary, erasedUserSchema],
  ['admin.retention.preview', retentionInputArbitrary, retentionPreviewSchema],
  ['admin.retention.set', retentionInputArbitrary, retentionSchema],
])('answers or refuses every input to %s', { timeout: 300_000 }, async (procedure, arbitrary, output) => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(arbitrary, async (input) => {
      const answer = await admin.post(procedure, input);
      if (answer.status === 200) {
        answered += 1;
        dataOf(answer, output);
      } else {
        expect(refusalOf(answer).httpStatus).toBeLessThan(500);
      }
    }),
    { numRuns: RUNS },
  );
  // A run whose every input was refused at the door would prove little.
  expect(answered).toBeGreaterThan(RUNS / 20);
});

test('has stored nothing that it cannot read back', async () => {
  let cursor: string | null = null;
  do {
    const page: z.infer<typeof eventPageSchema> = dataOf(
      await admin.query('events.list', {
        limit: 500,
        cursor,
        from: '1970-01-01T00:00:00Z',
        to: '2199-01-01T00:00:00Z',
      }),
      eventPageSchema,
    );
    cursor = page.nextCursor;
  } while (cursor !== null);
});
