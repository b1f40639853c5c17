import type { LimitClass, Scope } from '@tidemark/schemas';
import { expect } from 'vitest';
import type { Caller, World } from './access-world.ts';

export type AccessCase = {
  /** The verb of services behind the procedure. */
  readonly verb: string;
  /** What the actor must have; `any actor`: a valid key or session; `anyone`: nothing. */
  readonly needs: Scope | 'any actor' | 'anyone';
  /** What its calls are charged as. Default: general. */
  readonly limit?: LimitClass;
  /** Calls it as it is meant, about the world. */
  readonly call: (caller: Caller, world: World) => Promise<unknown>;
  /** Tries to reach the other tenant with a key of one's own, and checks that all it finds is one's own. */
  readonly cannotReach: (own: World, other: World) => Promise<void>;
};

const RANGE = { last: '24h' } as const;
const TRAFFIC = { count: 3, from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z', seed: 1 };
const OWN_ALONE = { events: 1, users: 1 };

/** Every procedure by its path. */
export const ACCESS_CASES: Readonly<Record<string, AccessCase>> = {
  'events.ingest': {
    verb: 'ingestEvents',
    needs: 'events:write',
    limit: 'eventWrites',
    call: (caller) => caller.events.ingest({ events: [{ type: 'a' }] }),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const { receipts } = await caller.events.ingest({ events: [{ ...other.event, type: 'mine' }] });
      // No duplicate: an identity is a tenant's own.
      expect(receipts[0]?.status).toBe('accepted');
      expect((await (await other.as('admin')).events.get(keyOf(other))).type).toBe('secret');
    },
  },
  'events.list': {
    verb: 'listEvents',
    needs: 'events:read',
    limit: 'eventReads',
    call: (caller) => caller.events.list({}),
    async cannotReach(own, other) {
      const { items } = await (await own.as('admin')).events.list({ userId: other.event.userId });
      expect(items.map(({ id }) => id)).toEqual([own.event.id]);
    },
  },
  'events.get': {
    verb: 'getEvent',
    needs: 'events:read',
    limit: 'eventReads',
    call: (caller, world) => caller.events.get(keyOf(world)),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const foreign = await refusalOf(caller.events.get(keyOf(other)));
      const missing = await refusalOf(caller.events.get({ ...keyOf(other), id: crypto.randomUUID() }));
      expect(foreign).toEqual(missing);
      expect(foreign.code).toBe('not_found');
    },
  },
  'events.tail': {
    verb: 'tailEvents',
    needs: 'events:read',
    limit: 'eventReads',
    call: async (caller) => firstOf(await caller.events.tail({})),
    async cannotReach(own, other) {
      // From the first commit on: each of the two worlds has one event in it.
      const first = await firstOf(await (await own.as('admin')).events.tail({ lastEventId: '0:0' }));
      expect(JSON.stringify(first)).toContain(own.event.id);
      expect(JSON.stringify(first)).not.toContain(other.event.id);
    },
  },
  'events.generate': {
    verb: 'generateEvents',
    needs: 'events:write',
    limit: 'eventWrites',
    call: async (caller) => firstOf(await caller.events.generate(TRAFFIC)),
    async cannotReach(own, other) {
      for await (const _ of await (await own.as('admin')).events.generate(TRAFFIC)) {
        // To its end.
      }
      const theirs = await (await other.as('admin')).events.list({});
      expect(theirs.items.map(({ id }) => id)).toEqual([other.event.id]);
    },
  },
  'analytics.summary': {
    verb: 'querySummary',
    needs: 'analytics:read',
    limit: 'analytics',
    call: (caller) => caller.analytics.summary(RANGE),
    async cannotReach(own) {
      expect((await (await own.as('admin')).analytics.summary(RANGE)).totals).toEqual(OWN_ALONE);
    },
  },
  'analytics.summaryPage': {
    verb: 'querySummaryPage',
    needs: 'analytics:read',
    limit: 'analytics',
    call: (caller) => caller.analytics.summaryPage(RANGE),
    async cannotReach(own, other) {
      const question = { ...RANGE, interval: 'hour', limit: 20 } as const;
      const { items, nextCursor } = await (await own.as('admin')).analytics.summaryPage(question);
      const rest = await (await own.as('admin')).analytics.summaryPage({ ...question, cursor: nextCursor });
      expect([...items, ...rest.items].reduce((sum, { events }) => sum + events, 0)).toBe(1);
      const foreign = (await other.as('admin')).analytics.summaryPage({ ...question, cursor: nextCursor });
      expect((await refusalOf(foreign)).code).toBe('invalid_cursor');
    },
  },
  'analytics.breakdown': {
    verb: 'queryBreakdown',
    needs: 'analytics:read',
    limit: 'analytics',
    call: (caller) => caller.analytics.breakdown({ ...RANGE, by: 'user' }),
    async cannotReach(own) {
      const { rows } = await (await own.as('admin')).analytics.breakdown({ ...RANGE, by: 'user' });
      expect(rows).toEqual([{ key: own.event.userId, ...OWN_ALONE, share: 1 }]);
    },
  },
  'analytics.watch': {
    verb: 'watchSummary',
    needs: 'analytics:read',
    limit: 'analytics',
    call: async (caller) => firstOf(await caller.analytics.watch(RANGE)),
    async cannotReach(own) {
      const first = await firstOf(await (await own.as('admin')).analytics.watch(RANGE));
      expect(JSON.stringify(first)).toContain(`"totals":${JSON.stringify(OWN_ALONE)}`);
    },
  },
  'analytics.watchMany': {
    verb: 'watchSummaries',
    needs: 'analytics:read',
    limit: 'analytics',
    call: async (caller) => firstOf(await caller.analytics.watchMany({ queries: [{ key: 'it', input: RANGE }] })),
    async cannotReach(own) {
      const caller = await own.as('admin');
      const first = await firstOf(await caller.analytics.watchMany({ queries: [{ key: 'it', input: RANGE }] }));
      expect(JSON.stringify(first)).toContain(JSON.stringify(OWN_ALONE));
    },
  },
  'admin.health': {
    verb: 'getHealth',
    needs: 'admin:read',
    limit: 'health',
    call: (caller) => caller.admin.health(),
    async cannotReach(own, other) {
      // What waits to be folded is each tenant's own.
      const { fold } = await (await own.as('admin')).admin.health();
      await (await other.as('admin')).events.ingest({ events: [{ type: 'b', userId: 'theirs' }] });
      expect((await (await own.as('admin')).admin.health()).fold?.users).toBe(fold?.users);
    },
  },
  'admin.watchHealth': {
    verb: 'watchHealth',
    needs: 'admin:read',
    limit: 'health',
    call: async (caller) => firstOf(await caller.admin.watchHealth()),
    async cannotReach(own, other) {
      const health = async () => await firstOf(await (await own.as('admin')).admin.watchHealth());
      const before = await health();
      await (await other.as('admin')).events.ingest({ events: [{ type: 'b', userId: 'theirs' }] });
      expect((await health())?.fold?.users).toBe(before?.fold?.users);
    },
  },
  'admin.cacheStats': {
    verb: 'getCacheStats',
    needs: 'admin:read',
    call: (caller) => caller.admin.cacheStats(),
    async cannotReach(own, other) {
      const before = await (await own.as('admin')).admin.cacheStats();
      await (await other.as('admin')).analytics.summary({ last: '1h' });
      const after = await (await own.as('admin')).admin.cacheStats();
      expect({ ...after, size: null }).toEqual({ ...before, size: null });
    },
  },
  'admin.clearCache': {
    verb: 'clearCache',
    needs: 'admin:write',
    call: (caller) => caller.admin.clearCache({}),
    async cannotReach(own, other) {
      const caller = await other.as('admin');
      const range = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
      await caller.analytics.summary(range);
      await (await own.as('admin')).admin.clearCache({});
      expect((await caller.analytics.summary(range)).meta.cache.status).toBe('hit');
      await caller.admin.clearCache({ tags: ['m:2026-01'] });
      expect((await caller.analytics.summary(range)).meta.cache.status).toBe('miss');
    },
  },
  'admin.tenants.list': {
    verb: 'listTenants',
    needs: 'platform',
    call: (caller) => caller.admin.tenants.list(),
    cannotReach: refusesAdmins((caller) => caller.admin.tenants.list()),
  },
  'admin.tenants.create': {
    verb: 'createTenant',
    needs: 'platform',
    call: (caller) => caller.admin.tenants.create({ slug: `made-${crypto.randomUUID()}`, name: 'Made' }),
    cannotReach: refusesAdmins((caller) => caller.admin.tenants.create({ slug: 'more', name: 'More' })),
  },
  'admin.tenants.update': {
    verb: 'updateTenant',
    needs: 'admin:write',
    call: (caller, world) =>
      caller.admin.tenants.update({ id: world.tenantId, name: 'Renamed', timeZone: 'Asia/Tokyo' }),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const foreign = await refusalOf(caller.admin.tenants.update({ id: other.tenantId, name: 'Taken' }));
      const missing = await refusalOf(caller.admin.tenants.update({ id: crypto.randomUUID(), name: 'Taken' }));
      expect(foreign).toEqual(missing);
      expect(foreign.code).toBe('forbidden');
      expect((await caller.admin.tenants.update({ name: 'Mine' })).id).toBe(own.tenantId);
      const { tenants } = await (await other.asSession()).admin.sessions.current();
      expect(tenants.map(({ name }) => name)).not.toContain('Taken');
    },
  },
  'admin.audit.list': {
    verb: 'listAudit',
    needs: 'admin:write',
    call: (caller) => caller.admin.audit.list({}),
    async cannotReach(own, other) {
      const [caller, theirs] = [await own.as('admin'), await other.as('admin')];
      await caller.admin.clearCache({ tags: ['y:2025'] });
      await theirs.admin.clearCache({ tags: ['y:2024'] });
      const { items, nextCursor } = await theirs.admin.audit.list({ limit: 1 });
      expect(items[0]?.evidence).toEqual({ tags: ['y:2024'] });
      // Another's cursor is a place in time, and shows one's own.
      const all = [
        ...(await caller.admin.audit.list({})).items,
        ...(await caller.admin.audit.list({ cursor: nextCursor })).items,
      ];
      expect(all.map(({ evidence }) => evidence)).toContainEqual({ tags: ['y:2025'] });
      expect(all.map(({ evidence }) => evidence)).not.toContainEqual({ tags: ['y:2024'] });
    },
  },
  'admin.limits.get': {
    verb: 'getLimits',
    needs: 'admin:write',
    call: (caller) => caller.admin.limits.get(),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const before = (await caller.admin.limits.get()).classes.analytics.tenant.used;
      await (await other.as('admin')).analytics.summary(RANGE);
      expect((await caller.admin.limits.get()).classes.analytics.tenant.used).toBe(before);
    },
  },
  'admin.limits.set': {
    verb: 'setLimits',
    needs: 'platform',
    call: (caller) => caller.admin.limits.set({ analytics: 1_000 }),
    async cannotReach(own, other) {
      await (await own.as('platform')).admin.limits.set({ analytics: 7 });
      const { classes } = await (await other.as('admin')).admin.limits.get();
      expect(classes.analytics).toMatchObject({ isOverridden: false });
      await refusesAdmins((caller) => caller.admin.limits.set({ analytics: 7 }))(own, other);
    },
  },
  'admin.retention.get': {
    verb: 'getRetention',
    needs: 'admin:write',
    call: (caller) => caller.admin.retention.get(),
    async cannotReach(own, other) {
      await (await other.as('admin')).admin.retention.set({ rawDays: 30, rollupDays: null });
      expect((await (await own.as('admin')).admin.retention.get()).rawDays).toBeNull();
    },
  },
  'admin.retention.set': {
    verb: 'setRetention',
    needs: 'admin:write',
    call: (caller) => caller.admin.retention.set({ rawDays: 30, rollupDays: null }),
    async cannotReach(own, other) {
      await (await own.as('admin')).admin.retention.set({ rawDays: 30, rollupDays: 60 });
      expect((await (await other.as('admin')).admin.retention.get()).rawDays).toBeNull();
    },
  },
  'admin.retention.preview': {
    verb: 'previewRetention',
    needs: 'admin:write',
    call: (caller) => caller.admin.retention.preview({ rawDays: 1, rollupDays: null }),
    async cannotReach(own, other) {
      const old = { type: 'old', occurredAt: new Date(Date.now() - 40 * 24 * 60 * 60_000).toISOString() };
      await (await other.as('admin')).events.ingest({ events: [old] });
      const preview = await (await own.as('admin')).admin.retention.preview({ rawDays: 7, rollupDays: 7 });
      expect([preview.raw.events, preview.rollups.events]).toEqual([0, 0]);
    },
  },
  'admin.lab.run': {
    verb: 'runLab',
    needs: 'platform',
    call: async (caller) => firstOf(await caller.admin.lab.run({ scenario: 'end_to_end' })),
    cannotReach: refusesAdmins(async (caller) => firstOf(await caller.admin.lab.run({ scenario: 'end_to_end' }))),
  },
  'admin.faults.inject': {
    verb: 'injectFault',
    needs: 'platform',
    // Over before anybody meets it.
    call: (caller) => caller.admin.faults.inject({ fault: 'database_slow', delayMs: 1, forMs: 1 }),
    cannotReach: refusesAdmins((caller) => caller.admin.faults.inject({ fault: 'database_down', forMs: 1 })),
  },
  'admin.faults.clear': {
    verb: 'clearFaults',
    needs: 'platform',
    call: (caller) => caller.admin.faults.clear(),
    cannotReach: refusesAdmins((caller) => caller.admin.faults.clear()),
  },
  'admin.users.erase': {
    verb: 'eraseUser',
    needs: 'admin:write',
    call: (caller, world) => caller.admin.users.erase({ userId: world.event.userId }),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      expect(await caller.admin.users.erase({ userId: other.event.userId })).toMatchObject({ events: 1 });
      expect((await (await other.as('admin')).events.get(keyOf(other))).userId).toBe(other.event.userId);
    },
  },
  'admin.keys.list': {
    verb: 'listKeys',
    needs: 'admin:write',
    call: (caller) => caller.admin.keys.list(),
    async cannotReach(own, other) {
      const ids = (await (await own.as('admin')).admin.keys.list()).map(({ id }) => id);
      expect(ids).toContain(own.key.id);
      expect(ids).not.toContain(other.key.id);
    },
  },
  'admin.keys.create': {
    verb: 'createKey',
    needs: 'admin:write',
    call: (caller) => caller.admin.keys.create({ name: 'new', role: 'viewer' }),
    async cannotReach(own, other) {
      const { id } = await (await own.as('admin')).admin.keys.create({ name: 'new', role: 'admin' });
      const theirs = await (await other.as('admin')).admin.keys.list();
      expect(theirs.map((key) => key.id)).not.toContain(id);
    },
  },
  'admin.keys.rotate': {
    verb: 'rotateKey',
    needs: 'admin:write',
    call: (caller, world) => caller.admin.keys.rotate({ id: world.key.id }),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const foreign = await refusalOf(caller.admin.keys.rotate({ id: other.key.id }));
      const missing = await refusalOf(caller.admin.keys.rotate({ id: crypto.randomUUID() }));
      expect(foreign).toEqual(missing);
      expect(foreign.code).toBe('not_found');
      expect(await (await other.asSession()).admin.sessions.current()).toMatchObject({ role: 'viewer' });
    },
  },
  'admin.keys.revoke': {
    verb: 'revokeKey',
    needs: 'admin:write',
    call: (caller, world) => caller.admin.keys.revoke({ id: world.key.id }),
    async cannotReach(own, other) {
      const caller = await own.as('admin');
      const foreign = await refusalOf(caller.admin.keys.revoke({ id: other.key.id }));
      const missing = await refusalOf(caller.admin.keys.revoke({ id: crypto.randomUUID() }));
      expect(foreign).toEqual(missing);
      expect(foreign.code).toBe('not_found');
      expect(await (await other.asSession()).admin.sessions.current()).toMatchObject({ role: 'viewer' });
    },
  },
  'admin.sessions.create': {
    verb: 'createSession',
    needs: 'anyone',
    call: (caller, world) => caller.admin.sessions.create({ key: world.key.secret }),
    async cannotReach(own, other) {
      // A session is its key's, whoever asked for it.
      const { token } = await (await other.as('admin')).admin.sessions.create({ key: own.key.secret });
      expect(token).not.toBe('');
      const { tenants } = await (await own.asSession()).admin.sessions.current();
      expect(tenants.map(({ id }) => id)).toEqual([own.tenantId]);
    },
  },
  'admin.sessions.current': {
    verb: 'getCurrentSession',
    needs: 'any actor',
    call: (caller) => caller.admin.sessions.current(),
    async cannotReach(own) {
      const { tenants } = await (await own.as('admin')).admin.sessions.current();
      expect(tenants.map(({ id }) => id)).toEqual([own.tenantId]);
    },
  },
  'admin.sessions.list': {
    verb: 'listSessions',
    needs: 'admin:write',
    call: (caller) => caller.admin.sessions.list(),
    async cannotReach(own, other) {
      await Promise.all([own.asSession(), other.asSession()]);
      const listed = await (await own.as('admin')).admin.sessions.list();
      expect(listed.map(({ keyId }) => keyId)).toEqual([own.key.id]);
    },
  },
  'admin.sessions.end': {
    verb: 'endSession',
    needs: 'any actor',
    call: (caller) => caller.admin.sessions.end(),
    async cannotReach(own, other) {
      const theirs = await other.asSession();
      expect(await (await own.asSession()).admin.sessions.end()).toEqual({ ended: true });
      const [session] = await (await other.as('admin')).admin.sessions.list();
      const caller = await own.as('admin');
      const foreign = await refusalOf(caller.admin.sessions.end({ id: session?.id }));
      const missing = await refusalOf(caller.admin.sessions.end({ id: crypto.randomUUID() }));
      expect(foreign).toEqual(missing);
      expect(foreign.code).toBe('not_found');
      expect(await theirs.admin.sessions.current()).toMatchObject({ role: 'viewer' });
    },
  },
};

function keyOf({ event: { id, occurredAt } }: World) {
  return { id, occurredAt };
}

function refusesAdmins(call: (caller: Caller) => Promise<unknown>): AccessCase['cannotReach'] {
  return async (own) => expect((await refusalOf(call(await own.as('admin')))).code).toBe('forbidden');
}

/** What a call was refused with; the ids asked for are left out, so that two refusals compare. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  try {
    await call;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause) return { code: cause.code, message: cause.message };
    throw error;
  }
  throw new Error('the call was answered, not refused');
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}
