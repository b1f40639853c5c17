import { createHash } from 'node:crypto';
import {
  type ApiKey,
  apiKeySchema,
  type auditInputSchema,
  auditPageSchema,
  type CacheStats,
  type CreateKeyInput,
  type CreateSessionInput,
  cacheStatsSchema,
  createdKeySchema,
  createdSessionSchema,
  type createTenantInputSchema,
  currentSessionSchema,
  type EndSessionInput,
  type EraseUserInput,
  erasedUserSchema,
  faultsSchema,
  type Health,
  healthSchema,
  type LimitClass,
  type Limits,
  type LimitsInput,
  labMessageSchema,
  limitsSchema,
  type Retention,
  type RetentionInput,
  retentionPreviewSchema,
  retentionSchema,
  rotatedKeySchema,
  type Session,
  sessionSchema,
  type Tenant,
  tenantSchema,
} from '@tidemark/schemas';
import type { Oracle } from '@tidemark/testing';
import { expect } from 'vitest';
import { z } from 'zod';
import { ask } from '../ask.ts';
import { countWritten } from '../compare-receipts.ts';
import { callCase, type FuzzCase, streamCase } from '../fuzz-case.ts';
import type { FuzzLane } from '../fuzz-lane.ts';
import { askAndCompare } from './compare-summary.ts';

export const ADMIN_CASES: Readonly<Record<string, FuzzCase>> = {
  'admin.health': callCase<unknown, Health>({
    isQuery: true,
    output: healthSchema,
    compare: (lane, _input, health) => compareHealth(lane, health),
  }),
  'admin.watchHealth': streamCase<unknown, Health>({
    output: healthSchema,
    compare: async (lane, _input, [health]) => health !== undefined && (await compareHealth(lane, health)),
  }),
  'admin.cacheStats': callCase<unknown, CacheStats>({
    isQuery: true,
    output: cacheStatsSchema,
    async compare(lane, _input, before) {
      await askAndCompare(lane, { last: '90d' });
      const { data: after } = await ask(lane.facts.admin, CACHE_STATS_CALL, undefined);
      expect(countAnswers(after)).toBe(countAnswers(before) + 1);
      return true;
    },
  }),
  'admin.clearCache': callCase<object, { cleared: true }>({
    output: z.object({ cleared: z.literal(true) }),
    compare: (lane) => askAndCompare(lane, { last: '90d', groupBy: 'type' }),
  }),
  'admin.tenants.list': callCase<unknown, Tenant[], string[]>({
    isQuery: true,
    caller: asPlatform,
    output: z.array(tenantSchema),
    before: ({ oracle }) => idsOf(oracle, 'SELECT id FROM tenants'),
    async compare({ oracle }, _input, tenants, before) {
      // Other sequences make some meanwhile.
      const listed = tenants.map(({ id }) => id);
      expect(listed).toEqual(expect.arrayContaining(before));
      expect(await idsOf(oracle, 'SELECT id FROM tenants')).toEqual(expect.arrayContaining(listed));
      return true;
    },
  }),
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
  'admin.keys.list': callCase<unknown, ApiKey[]>({
    isQuery: true,
    output: z.array(apiKeySchema),
    async compare({ oracle, facts }, _input, keys) {
      const sql = 'SELECT id FROM api_keys WHERE tenant_id = $1 ORDER BY created_at, id';
      expect(keys.map(({ id }) => id)).toEqual(await idsOf(oracle, sql, [facts.id]));
      return true;
    },
  }),
  'admin.keys.create': callCase<CreateKeyInput, z.infer<typeof createdKeySchema>>({
    caller: asSettings,
    // An end that is over already.
    refusals: ['invalid_input'],
    output: createdKeySchema,
    async compare({ oracle, settings }, { name, role }, { id, secret }) {
      const sql = `SELECT name, role, tenant_id, encode(secret_hash, 'hex') AS hash FROM api_keys WHERE id = $1`;
      expect(await oracle.ask(sql, [id])).toEqual([{ name, role, tenant_id: settings.id, hash: toHash(secret) }]);
      return true;
    },
  }),
  'admin.keys.revoke': callCase<{ id: string }, ApiKey>({
    weight: 2,
    caller: asSettings,
    refusals: ['not_found'],
    output: apiKeySchema,
    prepare: nameKey,
    async compare({ oracle, settings }, { id }, key) {
      const sql = 'SELECT id, tenant_id, revoked_at IS NOT NULL AS is_over FROM api_keys WHERE id = $1';
      expect(await oracle.ask(sql, [id])).toEqual([{ id: key.id, tenant_id: settings.id, is_over: 't' }]);
      return true;
    },
  }),
  'admin.keys.rotate': callCase<{ id: string }, z.infer<typeof rotatedKeySchema>>({
    weight: 2,
    caller: asSettings,
    refusals: ['not_found', 'conflict'],
    output: rotatedKeySchema,
    prepare: nameKey,
    async compare({ oracle, settings }, { id }, { secret }) {
      const sql = `SELECT tenant_id, encode(secret_hash, 'hex') AS hash FROM api_keys WHERE id = $1`;
      expect(await oracle.ask(sql, [id])).toEqual([{ tenant_id: settings.id, hash: toHash(secret) }]);
      return true;
    },
  }),
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
  'admin.limits.get': callCase<unknown, Limits>({
    isQuery: true,
    output: limitsSchema,
    // The tenant's own keys may have none left.
    caller: asPlatformOfLimited,
    async compare({ oracle, limited }, _input, { classes }) {
      const own = await findLimits(oracle, limited.id);
      for (const [name, { isOverridden, tenant }] of Object.entries(classes)) {
        expect(isOverridden).toBe(own[name] !== undefined);
        if (isOverridden) expect(tenant.budget).toBe(5 * (own[name] ?? 0));
      }
      return true;
    },
  }),
  'admin.limits.set': callCase<LimitsInput, z.infer<typeof limitsSchema>>({
    weight: 2,
    caller: asPlatformOfLimited,
    output: limitsSchema,
    async compare({ oracle, limited }, input, { classes }) {
      const stored = await findLimits(oracle, limited.id);
      for (const [name, budget] of Object.entries(input)) {
        expect(stored[name] ?? null).toBe(budget);
        expect(classes[name as LimitClass].isOverridden).toBe(budget !== null);
      }
      return true;
    },
  }),
  'admin.retention.get': callCase<unknown, Retention>({
    isQuery: true,
    caller: asSettings,
    output: retentionSchema,
    compare: (lane, _input, retention) => compareRetention(lane, retention),
  }),
  'admin.retention.set': callCase<RetentionInput, Retention>({
    caller: asSettings,
    output: retentionSchema,
    async compare(lane, { rawDays, rollupDays }, retention) {
      expect(retention).toMatchObject({ rawDays, rollupDays });
      return await compareRetention(lane, retention);
    },
  }),
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
  'admin.sessions.create': callCase<CreateSessionInput, z.infer<typeof createdSessionSchema>>({
    weight: 2,
    caller: ({ api }) => api.anyone,
    refusals: ['unauthenticated'],
    output: createdSessionSchema,
    prepare: async ({ facts }, input) => ('key' in input ? { key: facts.key } : input),
    async compare({ oracle, facts }, _input, { token }) {
      const sql = `SELECT tenant_id FROM sessions JOIN api_keys ON api_keys.id = key_id
        WHERE encode(token_hash, 'hex') = $1`;
      expect(await oracle.ask(sql, [toHash(token)])).toEqual([{ tenant_id: facts.id }]);
      return true;
    },
  }),
  'admin.sessions.current': callCase<unknown, z.infer<typeof currentSessionSchema>>({
    isQuery: true,
    output: currentSessionSchema,
    async compare({ facts }, _input, { role, tenants }) {
      expect({ role, tenants: tenants.map(({ id }) => id) }).toEqual({ role: 'admin', tenants: [facts.id] });
      return true;
    },
  }),
  'admin.sessions.list': callCase<unknown, Session[]>({
    isQuery: true,
    output: z.array(sessionSchema),
    async compare({ oracle, facts }, _input, sessions) {
      expect(sessions.map(({ id }) => id).sort()).toEqual(await idsOf(oracle, SESSIONS, [facts.id]));
      return true;
    },
  }),
  'admin.sessions.end': callCase<EndSessionInput, { ended: boolean }>({
    refusals: ['not_found'],
    output: z.object({ ended: z.boolean() }),
    async prepare({ oracle, facts }, input) {
      const [id] = await idsOf(oracle, SESSIONS, [facts.id]);
      return input?.id === undefined || id === undefined ? input : { id };
    },
    async compare({ oracle, facts }, input, { ended }) {
      // A key is no session, and has none to end where it names none.
      expect(ended).toBe(input?.id !== undefined);
      if (ended) expect(await idsOf(oracle, SESSIONS, [facts.id])).not.toContain(input?.id);
      return true;
    },
  }),
  // A scenario would load the server for a minute: that it is refused is all there is to see here.
  'admin.lab.run': streamCase({
    caller: asSettings,
    refusals: ['forbidden'],
    output: labMessageSchema,
    compare: 'always refused',
  }),
  // Nor is there a lab.
  'admin.faults.inject': callCase({
    caller: asPlatform,
    refusals: ['forbidden'],
    output: faultsSchema,
    compare: 'always refused',
  }),
  'admin.faults.clear': callCase({
    caller: asPlatform,
    refusals: ['forbidden'],
    output: faultsSchema,
    compare: 'always refused',
  }),
};

const CACHE_STATS_CALL = { path: 'admin.cacheStats', isQuery: true, output: cacheStatsSchema };
/** Of one tenant, and by their ids. */
const SESSIONS = `SELECT sessions.id FROM sessions JOIN api_keys ON api_keys.id = key_id
  WHERE tenant_id = $1 AND sessions.expires_at > now() ORDER BY 1`;

async function idsOf(oracle: Oracle, sql: string, values: unknown[] = []): Promise<string[]> {
  return (await oracle.ask(sql, values)).map(({ id }) => id ?? '');
}

async function findLimits(oracle: Oracle, tenantId: string): Promise<Record<string, number>> {
  const [row] = await oracle.ask('SELECT limits FROM tenants WHERE id = $1', [tenantId]);
  return JSON.parse(row?.limits ?? '{}') as Record<string, number>;
}

/** The facts have been folded long ago, in the zone they were sent in. */
async function compareHealth({ oracle, facts }: FuzzLane, health: Health): Promise<boolean> {
  expect(health).toMatchObject({ dependencies: { postgres: { status: 'up' } }, limits: 'in-process' });
  const log = await oracle.ask('SELECT FROM user_log WHERE tenant_id = $1', [facts.id]);
  if (log.length > 0) return false;
  expect(health.fold).toEqual({ lagMs: 0, users: 0 });
  return true;
}

async function compareRetention({ oracle, settings }: FuzzLane, { rawDays, rollupDays }: Retention): Promise<true> {
  const sql = 'SELECT raw_days, rollup_days FROM tenants WHERE id = $1';
  const [row] = await oracle.ask(sql, [settings.id]);
  const days = (text: string | null | undefined) => (text == null ? null : Number(text));
  expect({ rawDays, rollupDays }).toEqual({ rawDays: days(row?.raw_days), rollupDays: days(row?.rollup_days) });
  return true;
}

function countAnswers(stats: CacheStats | undefined): number {
  return stats === undefined ? Number.NaN : stats.hits + stats.misses + stats.stale;
}

function toHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A key that exists, in place of three in four ids that nobody was given. */
async function nameKey({ settings, oracle }: FuzzLane, input: { id: string }): Promise<{ id: string }> {
  if (/[0-3]$/.test(input.id)) return input;
  await settings.caller('viewer');
  const sql = `SELECT id FROM api_keys WHERE tenant_id = $1 AND role = 'viewer' ORDER BY created_at DESC, id DESC LIMIT 1`;
  const [id = input.id] = await idsOf(oracle, sql, [settings.id]);
  return { id };
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

function asPlatformOfLimited({ api, limited }: FuzzLane) {
  return api.platform.with({ 'x-tenant-id': limited.id });
}

function asSettings({ settings }: FuzzLane) {
  return settings.admin;
}
