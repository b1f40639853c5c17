import { createHash } from 'node:crypto';
import {
  apiKeySchema,
  type auditInputSchema,
  auditPageSchema,
  type BreakdownQuery,
  breakdownInputSchema,
  breakdownSchema,
  type CreateKeyInput,
  cacheStatsSchema,
  createdKeySchema,
  createdSessionSchema,
  type createTenantInputSchema,
  currentSessionSchema,
  type EraseUserInput,
  type EventKey,
  erasedUserSchema,
  eventPageSchema,
  eventSchema,
  faultsSchema,
  type GenerateInput,
  generateMessageSchema,
  healthSchema,
  type IngestInput,
  ingestOutputSchema,
  type LimitClass,
  type LimitsInput,
  type ListEventsQuery,
  labMessageSchema,
  limitsSchema,
  listEventsInputSchema,
  retentionPreviewSchema,
  retentionSchema,
  rotatedKeySchema,
  type SummaryInput,
  type SummaryPageInput,
  sessionSchema,
  summaryInputSchema,
  summaryPageSchema,
  summarySchema,
  type TailInput,
  tailMessageSchema,
  tenantSchema,
  type WatchManyInput,
} from '@tidemark/schemas';
import { assertEqualsBruteForce } from '@tidemark/testing';
import { expect } from 'vitest';
import { z } from 'zod';
import { ask } from './ask.ts';
import { compareReceipts, countWritten } from './compare-receipts.ts';
import { callCase, type FuzzCase, streamCase } from './fuzz-case.ts';
import type { FuzzLane } from './fuzz-lane.ts';

/** Every procedure of the router by its path: one that is missing here fails the test. */
export const FUZZ_CASES: Readonly<Record<string, FuzzCase>> = {
  'analytics.summary': callCase<SummaryInput, z.infer<typeof summarySchema>>({
    weight: 12,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long'],
    output: summarySchema,
    compare: compareSummary,
  }),
  'analytics.summaryPage': callCase<SummaryPageInput, z.infer<typeof summaryPageSchema>>({
    weight: 5,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: summaryPageSchema,
    async compare(lane, { cursor: _cursor, limit = 100, ...question }, page) {
      const pages = [...page.items];
      const asked = { path: 'analytics.summaryPage', isQuery: true, output: summaryPageSchema };
      for (let { nextCursor } = page; nextCursor !== null && pages.length < 3 * limit; ) {
        const { data } = await ask(lane.facts.admin, asked, { ...question, limit, cursor: nextCursor });
        pages.push(...(data?.items ?? []));
        nextCursor = data?.nextCursor ?? null;
      }
      // What a page says is what the summary says, and that is what brute force says.
      const whole = {
        ...question,
        ...('last' in question && question.last ? { ...page.meta.range, last: undefined } : {}),
      };
      const input = { ...whole, interval: page.meta.interval, timeZone: page.meta.timeZone };
      const summary = await ask(
        lane.facts.admin,
        { path: 'analytics.summary', isQuery: true, output: summarySchema },
        input,
      );
      if (summary.data === undefined) throw new Error(summary.refusal.reason);
      // So many inputs load the server: it may give longer buckets, and says so.
      if (summary.data.meta.degraded !== null || page.meta.degraded !== null) return false;
      expect(pages).toEqual(summary.data.series.slice(0, pages.length));
      return await compareSummary(lane, input as SummaryInput, summary.data);
    },
  }),
  'analytics.breakdown': callCase<BreakdownQuery, z.infer<typeof breakdownSchema>>({
    weight: 8,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long'],
    output: breakdownSchema,
    async compare({ oracle, facts }, input, { rows, other, meta }) {
      const query = breakdownInputSchema.parse(input);
      const truth = await oracle.breakDown({ ...query, ...meta.range, tenantId: facts.id });
      const byName = (list: typeof rows) =>
        list.toSorted((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1));
      expect({ rows: byName(rows), other }).toEqual({ rows: byName(truth.rows), other: truth.other });
      return true;
    },
  }),
  'analytics.watch': streamCase<SummaryInput, z.infer<typeof summarySchema>>({
    weight: 3,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: summarySchema,
    compare: async (lane, { lastEventId: _id, ...input }: SummaryInput & { lastEventId?: unknown }, [summary]) =>
      summary !== undefined && (await compareSummary(lane, input, summary)),
  }),
  'analytics.watchMany': streamCase<WatchManyInput, { key: string; output: z.infer<typeof summarySchema> }>({
    weight: 2,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: z.strictObject({ key: z.string(), output: summarySchema }),
    isEnough: (heard, { queries }) => new Set(heard.map(({ key }) => key)).size === queries.length,
    async compare(lane, { queries }, heard) {
      for (const { key, output } of heard) {
        const input = queries.find((query) => query.key === key)?.input;
        expect(input, `nobody asked for ${key}`).toBeDefined();
        await compareSummary(lane, input as SummaryInput, output);
      }
      return heard.length > 0;
    },
  }),
  'events.ingest': callCase<IngestInput, z.infer<typeof ingestOutputSchema>>({
    weight: 8,
    caller: ({ writes }) => writes.admin,
    output: ingestOutputSchema,
    compare: compareReceipts,
  }),
  'events.list': callCase<ListEventsQuery, z.infer<typeof eventPageSchema>>({
    weight: 8,
    isQuery: true,
    refusals: ['invalid_cursor'],
    output: eventPageSchema,
    async compare({ oracle, facts }, input, { items, nextCursor }) {
      const { from, to, last, cursor, limit, ...query } = listEventsInputSchema.parse(input);
      // None of those made up here belongs to a question.
      expect(cursor ?? null).toBeNull();
      // Where a relative range ends is the server's to say.
      if (last !== undefined) return false;
      const range = { from: from ?? '1970-01-01T00:00:00Z', to: to ?? '2199-01-01T00:00:00Z' };
      const truth = await oracle.list({ ...query, ...range, tenantId: facts.id });
      expect(items.map(({ id, occurredAt }) => ({ id, occurredAt }))).toEqual(truth.slice(0, limit));
      expect(nextCursor !== null).toBe(truth.length > limit);
      return true;
    },
  }),
  'events.get': callCase<EventKey, z.infer<typeof eventSchema>>({
    weight: 2,
    isQuery: true,
    refusals: ['not_found'],
    output: eventSchema,
    async compare({ oracle, facts }, { id, occurredAt }, { type, userId }) {
      const sql = 'SELECT type, user_id FROM events WHERE tenant_id = $1 AND id = $2 AND occurred_at = $3';
      expect(await oracle.ask(sql, [facts.id, id, occurredAt])).toEqual([{ type, user_id: userId }]);
      return true;
    },
  }),
  'events.tail': streamCase<TailInput, z.infer<typeof tailMessageSchema>>({
    refusals: ['cursor_expired'],
    output: tailMessageSchema,
    async compare({ oracle, facts }, _input, [message]) {
      if (message === undefined || !('event' in message)) return false;
      const { id, occurredAt, type } = message.event;
      const sql = 'SELECT type FROM events WHERE tenant_id = $1 AND id = $2 AND occurred_at = $3';
      expect(await oracle.ask(sql, [facts.id, id, occurredAt])).toEqual([{ type }]);
      return true;
    },
  }),
  'events.generate': streamCase<GenerateInput, z.infer<typeof generateMessageSchema>>({
    caller: ({ writes }) => writes.admin,
    refusals: ['invalid_cursor'],
    output: generateMessageSchema,
    isEnough: (heard) => heard.some((message) => 'report' in message),
    async compare(lane, { count, lastEventId }, heard) {
      const last = heard.at(-1);
      if (last === undefined || !('report' in last)) throw new Error('a run ends with its report');
      const { accepted, duplicate, rejected } = last.report;
      expect(accepted + duplicate + rejected).toBe(count);
      // A place that was forged counts what it claims to have sent.
      if (lastEventId != null) lane.written = await countWritten(lane);
      else lane.written += accepted;
      expect(await countWritten(lane)).toBe(lane.written);
      return lastEventId == null;
    },
  }),
  'admin.health': callCase({ isQuery: true, output: healthSchema }),
  'admin.watchHealth': streamCase({ output: healthSchema }),
  'admin.cacheStats': callCase({ isQuery: true, output: cacheStatsSchema }),
  'admin.clearCache': callCase<object, { cleared: true }>({
    output: z.object({ cleared: z.literal(true) }),
    async compare(lane) {
      const { data } = await ask(lane.facts.admin, SUMMARY, { last: '90d', groupBy: 'type' });
      return data !== undefined && (await compareSummary(lane, { last: '90d', groupBy: 'type' }, data));
    },
  }),
  'admin.tenants.list': callCase({ isQuery: true, caller: asPlatform, output: z.array(tenantSchema) }),
  'admin.tenants.create': callCase<z.input<typeof createTenantInputSchema>, z.infer<typeof tenantSchema>>({
    caller: asPlatform,
    refusals: ['conflict'],
    output: tenantSchema,
    async compare({ oracle }, { slug, name, timeZone = 'UTC' }, tenant) {
      const sql = 'SELECT slug, name, time_zone FROM tenants WHERE id = $1';
      expect(await oracle.ask(sql, [tenant.id])).toEqual([{ slug, name, time_zone: tenant.timeZone }]);
      expect(tenant.timeZone.toLowerCase()).toBe(timeZone.toLowerCase());
      return true;
    },
  }),
  'admin.tenants.update': callCase<{ name?: string; timeZone?: string }, z.infer<typeof tenantSchema>>({
    weight: 2,
    caller: asSettings,
    refusals: ['forbidden'],
    output: tenantSchema,
    async compare({ oracle, settings }, { name, timeZone }, tenant) {
      const rows = await oracle.ask('SELECT name, time_zone FROM tenants WHERE id = $1', [settings.id]);
      expect(rows).toEqual([{ name: tenant.name, time_zone: tenant.timeZone }]);
      expect(name ?? tenant.name).toBe(tenant.name);
      expect((timeZone ?? tenant.timeZone).toLowerCase()).toBe(tenant.timeZone.toLowerCase());
      return true;
    },
  }),
  'admin.keys.list': callCase({ isQuery: true, output: z.array(apiKeySchema) }),
  'admin.keys.create': callCase<CreateKeyInput, z.infer<typeof createdKeySchema>>({
    caller: asSettings,
    // An end that is over already.
    refusals: ['invalid_input'],
    output: createdKeySchema,
    async compare({ oracle, settings }, { name, role }, { id, secret }) {
      const sql = `SELECT name, role, tenant_id, encode(secret_hash, 'hex') AS hash FROM api_keys WHERE id = $1`;
      const hash = createHash('sha256').update(secret).digest('hex');
      expect(await oracle.ask(sql, [id])).toEqual([{ name, role, tenant_id: settings.id, hash }]);
      return true;
    },
  }),
  'admin.keys.revoke': callCase({ caller: asSettings, refusals: ['not_found'], output: apiKeySchema }),
  'admin.keys.rotate': callCase({ caller: asSettings, refusals: ['not_found'], output: rotatedKeySchema }),
  'admin.audit.list': callCase<z.input<typeof auditInputSchema>, z.infer<typeof auditPageSchema>>({
    isQuery: true,
    refusals: ['invalid_cursor'],
    output: auditPageSchema,
    async compare({ oracle, facts }, { cursor, limit = 50 }, { items }) {
      if (cursor != null) return false;
      const sql = 'SELECT id, action FROM audit_log WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2';
      expect(items.map(({ id, action }) => ({ id, action }))).toEqual(await oracle.ask(sql, [facts.id, limit]));
      return true;
    },
  }),
  'admin.limits.get': callCase({ isQuery: true, output: limitsSchema }),
  'admin.limits.set': callCase<LimitsInput, z.infer<typeof limitsSchema>>({
    caller: ({ api, limited }) => api.platform.with({ 'x-tenant-id': limited.id }),
    output: limitsSchema,
    async compare({ oracle, limited }, input, { classes }) {
      const [row] = await oracle.ask('SELECT limits FROM tenants WHERE id = $1', [limited.id]);
      const stored = JSON.parse(row?.limits ?? '{}') as Record<string, number>;
      for (const [name, budget] of Object.entries(input)) {
        expect(stored[name] ?? null).toBe(budget);
        expect(classes[name as LimitClass].isOverridden).toBe(budget !== null);
      }
      return true;
    },
  }),
  'admin.retention.get': callCase({ isQuery: true, output: retentionSchema }),
  'admin.retention.set': callCase({ caller: asSettings, output: retentionSchema }),
  'admin.retention.preview': callCase<object, z.infer<typeof retentionPreviewSchema>>({
    weight: 2,
    isQuery: true,
    output: retentionPreviewSchema,
    async compare({ oracle, facts }, _input, { rawFrom, rollupsFrom, raw, rollups }) {
      const truth = async (before: string | null) => {
        const sql =
          'SELECT count(*) AS events, count(DISTINCT user_id) AS users FROM events WHERE tenant_id = $1 AND occurred_at < $2';
        const [row] = await oracle.ask(sql, [facts.id, before ?? '-infinity']);
        return { events: Number(row?.events), users: Number(row?.users) };
      };
      expect({ events: raw.events, users: raw.users }).toEqual(await truth(rawFrom));
      expect(rollups).toEqual(await truth(rollupsFrom));
      return true;
    },
  }),
  'admin.users.erase': callCase<EraseUserInput, z.infer<typeof erasedUserSchema>, number>({
    weight: 2,
    caller: ({ writes }) => writes.admin,
    output: erasedUserSchema,
    before: ({ oracle, writes }, input) => countOf({ oracle, writes }, input),
    async compare(lane, input, { events }, before) {
      expect(events).toBe(before);
      expect(await countOf(lane, input)).toBe(0);
      lane.written -= events;
      expect(await countWritten(lane)).toBe(lane.written);
      return true;
    },
  }),
  'admin.sessions.create': callCase({
    caller: ({ api }) => api.anyone,
    refusals: ['unauthenticated'],
    output: createdSessionSchema,
  }),
  'admin.sessions.current': callCase({ isQuery: true, output: currentSessionSchema }),
  'admin.sessions.list': callCase({ isQuery: true, output: z.array(sessionSchema) }),
  'admin.sessions.end': callCase({ refusals: ['not_found'], output: z.object({ ended: z.boolean() }) }),
  // A scenario would load the server for a minute: that it is refused is all there is to see here.
  'admin.lab.run': streamCase({ caller: asSettings, refusals: ['forbidden'], output: labMessageSchema }),
  'admin.faults.inject': callCase({ caller: asPlatform, refusals: ['forbidden'], output: faultsSchema }),
  'admin.faults.clear': callCase({ caller: asPlatform, refusals: ['forbidden'], output: faultsSchema }),
};

const SUMMARY = { path: 'analytics.summary', isQuery: true, output: summarySchema };

async function compareSummary(
  { oracle, facts }: FuzzLane,
  input: SummaryInput,
  summary: z.infer<typeof summarySchema>,
) {
  await assertEqualsBruteForce(oracle, facts.id, summaryInputSchema.parse(input), summary);
  return true;
}

async function countOf(
  { oracle, writes }: Pick<FuzzLane, 'oracle' | 'writes'>,
  input: EraseUserInput,
): Promise<number> {
  const user =
    typeof input?.userId === 'string' && input.userId.isWellFormed() ? input.userId.replaceAll('\u0000', '') : '';
  const sql = 'SELECT count(*) FROM events WHERE tenant_id = $1 AND user_id = $2';
  const [row] = await oracle.ask(sql, [writes.id, user]);
  return Number(row?.count);
}

function asPlatform({ api }: FuzzLane) {
  return api.platform;
}

function asSettings({ settings }: FuzzLane) {
  return settings.admin;
}
