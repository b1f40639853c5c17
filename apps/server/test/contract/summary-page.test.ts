import { type SummaryPage, summaryPageSchema, summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const LAST_DAY = { last: '24h', interval: 'hour', groupBy: 'type', groupLimit: 1 };

test('pages through the series of analytics.summary', async () => {
  const { admin } = await api.createTenant();
  const events = ['a', 'a', 'b', 'c'].map((type) => ({ type, userId: 'ada' }));
  expect((await admin.post('events.ingest', { events })).status).toBe(200);
  const pages: SummaryPage[] = [];
  let cursor: string | null = null;
  do {
    const page: SummaryPage = dataOf(
      await admin.query('analytics.summaryPage', { ...LAST_DAY, limit: 7, cursor }),
      summaryPageSchema,
    );
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(pages.map(({ items }) => items.length)).toEqual([7, 7, 7, 3]);
  const { series, meta } = dataOf(await admin.query('analytics.summary', LAST_DAY), summarySchema);
  expect(pages.flatMap(({ items }) => items)).toEqual(series);
  for (const page of pages) expect(page.meta).toMatchObject({ range: meta.range, interval: 'hour', timeZone: 'UTC' });
});

test('refuses what it cannot page through, by the field', async () => {
  const { admin } = await api.createTenant();
  const { nextCursor: cursor } = dataOf(
    await admin.query('analytics.summaryPage', { ...LAST_DAY, limit: 1 }),
    summaryPageSchema,
  );
  const page = (input: object) => admin.query('analytics.summaryPage', { ...LAST_DAY, ...input });
  expectInvalid(await page({ limit: 0 }), 'limit');
  expectInvalid(await page({ limit: 1_001 }), 'limit');
  expectInvalid(await page({ cursor: 'x'.repeat(2_001) }), 'cursor');
  for (const input of [{ cursor: 'made up' }, { cursor, groupLimit: 2 }, { cursor: `${cursor}A` }]) {
    expect(expectRefusal(await page(input), 'invalid_cursor').evidence).toEqual({ field: 'cursor' });
  }
  expectRefusal(
    await (await api.createTenant()).admin.query('analytics.summaryPage', { ...LAST_DAY, cursor }),
    'invalid_cursor',
  );
});
