import {
  type Bucket,
  type EventInput,
  type SummaryPageInput,
  summaryInputSchema,
  summaryPageInputSchema,
} from '@tidemark/schemas';
import { ingestEvents, querySummary, querySummaryPage, type TenantContext } from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenarioArbitrary } from './scenario-arbitrary.ts';

const NOW = Date.parse('2026-11-22T10:20:30.400Z');
const DAY_MS = 86_400_000;

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  services.setNow(NOW);
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

const ask = (ctx: TenantContext, input: SummaryPageInput) => querySummaryPage(ctx, summaryPageInputSchema.parse(input));

/** All pages, each of the next of the limits; `between` runs after each. */
async function readPages(
  ctx: TenantContext,
  input: SummaryPageInput,
  limits: readonly number[],
  between: (page: readonly Bucket[]) => Promise<void> = async () => {},
): Promise<Bucket[]> {
  const items: Bucket[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const limit = limits[pages % limits.length] ?? 1;
    const page = await ask(ctx, { ...input, cursor, limit });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    expect(page.items.length).toBeGreaterThan(0);
    items.push(...page.items);
    cursor = page.nextCursor;
    pages += 1;
    await between(page.items);
  } while (cursor !== null);
  return items;
}

test('all pages together are the series of the summary', { timeout: 300_000 }, async () => {
  const runs = 100;
  const seen = { paged: 0, grouped: 0, other: 0 };
  const limits = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(scenarioArbitrary(NOW), limits, async ({ tenantZone, batches, question }, sizes) => {
      const ctx = await services.tenantContext({ timeZone: tenantZone });
      for (const { events } of batches) {
        await ingestEvents(ctx, {
          events: events.map((event) => ({ ...event, occurredAt: new Date(event.occurredAt).toISOString() })),
        });
      }
      const [size = 1] = sizes;
      const { types, devices, userId, timeZone, from = '', to = '' } = question;
      const wider = (instant: string, days: number) => new Date(Date.parse(instant) + days * DAY_MS).toISOString();
      const asked: SummaryPageInput = {
        // Filters leave few groups to be told apart.
        ...(size % 4 === 0 && { types, devices, userId }),
        timeZone,
        from: wider(from, -3),
        to: wider(to, 3),
        interval: question.interval === 'minute' ? 'hour' : question.interval,
        groupBy: size % 3 === 0 ? undefined : (question.groupBy ?? 'type'),
        groupLimit: size % 2 === 0 ? question.groupLimit : 1,
      };
      const { series, meta } = await querySummary(ctx, summaryInputSchema.parse(asked));
      expect(await readPages(ctx, asked, sizes)).toEqual(series);
      const first = await ask(ctx, asked);
      expect({ ...first.meta.range, interval: first.meta.interval }).toEqual({
        ...meta.range,
        interval: meta.interval,
      });
      seen.paged += Number(series.length > (sizes[0] ?? 0));
      seen.grouped += Number(series.some(({ groups = [] }) => groups.length > 0));
      seen.other += Number(series.some(({ groups = [] }) => groups.some(({ isOther }) => isOther)));
    }),
    { numRuns: runs },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(runs / 20);
});

test('pages fit together while events arrive: one range, one cut, the same groups, each page right when it is read', async () => {
  const event = fc.record({
    type: fc.constantFrom('a', 'b', 'c', 'd', 'late to come'),
    userId: fc.constantFrom('ada', 'bo', 'cy'),
    hoursAgo: fc.integer({ min: 0, max: 80 }),
  });
  const toInput = ({ hoursAgo, ...rest }: { type: string; userId: string; hoursAgo: number }): EventInput => ({
    ...rest,
    occurredAt: new Date(NOW - hoursAgo * 3_600_000).toISOString(),
  });
  const question = { from: new Date(NOW - 3 * DAY_MS).toISOString(), to: new Date(NOW).toISOString() };
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 30 }),
      fc.array(event, { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (before, during, limit, groupLimit) => {
        const ctx = await services.tenantContext();
        const asked = { ...question, interval: 'hour', groupBy: 'type', groupLimit } as const;
        await ingestEvents(ctx, { events: before.filter(({ type }) => type !== 'late to come').map(toInput) });
        const summary = await querySummary(ctx, summaryInputSchema.parse(asked));
        const chosen = new Set(summary.totals.groups?.filter(({ isOther }) => isOther !== true).map(({ key }) => key));
        const arriving = [...during];
        const items = await readPages(ctx, asked, [limit], async (page) => {
          const truth = await oracle.count({
            tenantId: ctx.tenant.id,
            from: page[0]?.start ?? '',
            to: page.at(-1)?.end ?? '',
            interval: 'hour',
            timeZone: 'UTC',
            groupLimit: 1,
          });
          expect(page.filter(({ events }) => events > 0).map(({ events, users }) => ({ events, users }))).toEqual(
            truth.buckets
              .toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1))
              .map(({ events, users }) => ({ events, users })),
          );
          const next = arriving.pop();
          if (next !== undefined) await ingestEvents(ctx, { events: [toInput(next)] });
        });
        expect(items.map(({ start, end }) => ({ start, end }))).toEqual(
          summary.series.map(({ start, end }) => ({ start, end })),
        );
        for (const { events, groups = [] } of items) {
          for (const { key, isOther } of groups) expect(isOther === true || chosen.has(key)).toBe(true);
          expect(groups.reduce((sum, group) => sum + group.events, 0)).toBe(events);
        }
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test('a relative range stays where the first page found it', async () => {
  const ctx = await services.tenantContext();
  const asked = { last: '24h', interval: 'hour', limit: 10 } as const;
  const first = await ask(ctx, asked);
  services.setNow(NOW + 5 * 3_600_000);
  const second = await ask(ctx, { ...asked, cursor: first.nextCursor });
  services.setNow(NOW);
  expect(second.meta.range).toEqual(first.meta.range);
  expect(second.items[0]?.start).toBe(first.items[9]?.end);
});

test('a cursor that is foreign or was changed is refused by its name', async () => {
  const ctx = await services.tenantContext();
  const other = await services.tenantContext();
  const asked = { last: '24h', interval: 'hour', limit: 5, types: ['a', 'b'] } as const satisfies SummaryPageInput;
  const { nextCursor } = await ask(ctx, { ...asked, types: ['b', 'a'] });
  const cursor = nextCursor ?? '';
  // The order of a filter's values is no difference.
  expect((await ask(ctx, { ...asked, types: [...asked.types], cursor, limit: 7 })).items).toHaveLength(7);

  const read = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { range: { from: number }; done: number };
  const write = (changed: object) => Buffer.from(JSON.stringify({ ...read, ...changed })).toString('base64url');
  const refused: [TenantContext, SummaryPageInput][] = [
    [other, { ...asked, types: [...asked.types], cursor }],
    [ctx, { ...asked, types: ['a'], cursor }],
    [ctx, { ...asked, types: [...asked.types], last: '7d', cursor }],
    [ctx, { ...asked, types: [...asked.types], groupBy: 'device', cursor }],
    ...[
      '',
      'x',
      cursor.slice(0, -3),
      write({ done: read.done + 1 }),
      write({ range: { ...read.range, from: read.range.from - 3_600_000 } }),
      write({ interval: 'month' }),
      write({ timeZone: 'Asia/Kathmandu' }),
      write({ keep: [1] }),
      write({ more: 1 }),
      write({ done: -1 }),
    ].map((text): [TenantContext, SummaryPageInput] => [ctx, { ...asked, types: [...asked.types], cursor: text }]),
  ];
  for (const [caller, input] of refused) {
    await expect(ask(caller, input)).rejects.toMatchObject({ code: 'invalid_cursor', evidence: { field: 'cursor' } });
  }
});
