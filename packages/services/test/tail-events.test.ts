import { type CommitPosition, pruneCommits, withTenant } from '@tidemark/database';
import { type EventInput, type TailInput, type TailMessage, tailInputSchema } from '@tidemark/schemas';
import { eraseUser, ingestEvents, type TenantContext, tailEvents } from '@tidemark/services';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

type Told = { readonly id: string; readonly message: TailMessage };

/** A tail that a test reads message by message, and leaves. */
class Reader implements AsyncDisposable {
  readonly #leaving = new AbortController();
  readonly #messages: AsyncGenerator<Told>;

  constructor(ctx: TenantContext, input: TailInput = {}) {
    this.#messages = tailEvents(ctx, tailInputSchema.parse(input), this.#leaving.signal);
  }

  async next(): Promise<Told> {
    const { done, value } = await this.#messages.next();
    if (done === true) throw new Error('the tail ended');
    return value;
  }

  /** The ids of the events up to and with this one, in the order they came. */
  async readTo(id: string): Promise<string[]> {
    const ids: string[] = [];
    while (ids.at(-1) !== id) ids.push(...eventIds([await this.next()]));
    return ids;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#messages.return(undefined);
  }
}

function eventIds(told: readonly Told[]): string[] {
  return told.flatMap(({ message }) => ('event' in message ? message.event.id : []));
}

async function ingest(ctx: TenantContext, events: readonly EventInput[]): Promise<string[]> {
  const { receipts } = await ingestEvents(ctx, { events: [...events] });
  return receipts.flatMap(({ id, status }) => (status === 'accepted' && id !== null ? id : []));
}

const events = (count: number, type = 'view') => Array.from({ length: count }, () => ({ type }));

/** What a transaction leaves that changes answers but stores nothing new. */
async function commitNothing(ctx: TenantContext): Promise<void> {
  await oracle.ask(
    `WITH head AS (UPDATE tenant_heads SET seq = seq + 1 WHERE tenant_id = $1 RETURNING seq)
     INSERT INTO commits SELECT $1, seq, now(), '{}', '{}', '{}' FROM head`,
    [ctx.tenant.id],
  );
}

test('a tail says where it begins, then sends each event with its place in the commit order', async () => {
  const ctx = await services.tenantContext();
  await ingest(ctx, events(2));
  await using reader = new Reader(ctx);
  expect(await reader.next()).toEqual({ id: '1:1', message: { skipped: 0 } });
  const sent = [...(await ingest(ctx, events(2))), ...(await ingest(ctx, events(1)))];
  const told = [await reader.next(), await reader.next(), await reader.next()];
  expect(told.map(({ id }) => id)).toEqual(['2:0', '2:1', '3:0']);
  expect(eventIds(told)).toEqual(sent);
});

test('a tail that is cut and resumed at random sends every matching event once, in commit order', async () => {
  const seen = { cut: 0, filtered: 0, duplicates: 0, empty: 0, long: 0, backDated: 0 };
  const commit = fc.oneof(
    { weight: 6, arbitrary: fc.record({ size: fc.integer({ min: 1, max: 12 }), repeats: fc.nat({ max: 3 }) }) },
    // More than a page of keys, and none at all.
    { weight: 1, arbitrary: fc.record({ size: fc.integer({ min: 245, max: 520 }), repeats: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  const act = fc.record({ commit, isFollowed: fc.boolean(), cut: fc.nat({ max: 9 }) });
  const runs = 120;
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 8 }),
      fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      fc.infiniteStream(fc.record({ type: fc.constantFrom('a', 'b'), monthsAgo: fc.constantFrom(0, 0, 0, 1, 14) })),
      async (acts, only, kinds) => {
        const ctx = await services.tenantContext();
        const filters = only === undefined ? {} : { types: [only] };
        let reader = new Reader(ctx, filters);
        let last = (await reader.next()).id;
        let previous: EventInput[] = [];
        const expected: string[] = [];
        const received: string[] = [];
        const readTo = async (count: number) => {
          while (received.length < count) {
            const told = await reader.next();
            last = told.id;
            received.push(...eventIds([told]));
          }
        };
        for (const { commit: wanted, isFollowed, cut } of acts) {
          if (wanted === undefined) {
            await commitNothing(ctx);
            seen.empty += 1;
          } else {
            const fresh = Array.from({ length: wanted.size }, () => toEvent(kinds.next().value));
            const repeated = previous.slice(0, wanted.repeats);
            const accepted = new Set(await ingest(ctx, [...repeated, ...fresh]));
            expect(accepted.size).toBe(wanted.size);
            expected.push(...fresh.flatMap(({ id, type }) => (only === undefined || type === only ? id : [])));
            previous = fresh;
            seen.duplicates += Number(repeated.length > 0);
            seen.long += Number(wanted.size > 250);
            seen.backDated += Number(
              fresh.some(({ occurredAt }) => Date.parse(occurredAt) < Date.now() - 40 * 86_400_000),
            );
          }
          if (isFollowed) await readTo(Math.max(received.length, expected.length - cut));
          if (cut > 4) {
            await reader[Symbol.asyncDispose]();
            reader = new Reader(ctx, { ...filters, lastEventId: last });
            seen.cut += Number(received.length < expected.length);
          }
        }
        await readTo(expected.length);
        await reader[Symbol.asyncDispose]();
        expect(received).toEqual(expected);
        seen.filtered += Number(only !== undefined);
      },
    ),
    { numRuns: runs },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(runs / 20);
}, 240_000);

function toEvent({ type, monthsAgo }: { type: string; monthsAgo: number }) {
  const occurredAt = new Date(Date.now() - monthsAgo * 31 * 86_400_000).toISOString();
  return { id: crypto.randomUUID(), type, occurredAt };
}

test('commits that the bus never told of arrive a little later', async () => {
  await using other = await servicesResource({ databaseUrl: services.url });
  const ctx = await services.tenantContext();
  await using reader = new Reader(ctx);
  await reader.next();
  // Two buses in two processes, joined by nothing: as when a server dies between its commit and its notice.
  const [id = ''] = await ingest({ ...ctx, resources: other.resources }, events(1));
  expect(await reader.readTo(id)).toEqual([id]);
});

test('a long stretch of commits without events is got through', async () => {
  const ctx = await services.tenantContext();
  for (let commit = 0; commit < 600; commit += 1) await commitNothing(ctx);
  const [id = ''] = await ingest(ctx, events(1));
  await using reader = new Reader(ctx, { lastEventId: '0:0' });
  expect(await reader.readTo(id)).toEqual([id]);
});

test('an event that is gone by the time it is read is left out', async () => {
  const ctx = await services.tenantContext();
  const sent = await ingest(ctx, events(3));
  await oracle.ask('DELETE FROM events WHERE tenant_id = $1 AND id = $2', [ctx.tenant.id, sent[1]]);
  await using reader = new Reader(ctx, { lastEventId: '0:0' });
  expect(await reader.readTo(sent[2] ?? '')).toEqual([sent[0], sent[2]]);
});

test('an event whose id an erased one had at another time is sent', async () => {
  const ctx = await services.tenantContext();
  const id = crypto.randomUUID();
  await ingest(ctx, [
    { id, type: 'theirs', userId: 'ada', occurredAt: '2026-11-20T10:00:00Z' },
    { id, type: 'others', userId: 'bo', occurredAt: '2026-11-20T10:00:01Z' },
  ]);
  await eraseUser(ctx, { userId: 'ada' });
  await using reader = new Reader(ctx, { lastEventId: '0:0' });
  const { message } = await reader.next();
  expect(message).toMatchObject({ event: { id, type: 'others' } });
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

test('a tail ends once its credential does, whether anything is committed or not', async () => {
  const ctx = await services.tenantContext();
  let isAllowed = true;
  await using reader = new Reader({ ...ctx, isStillAllowed: async () => isAllowed });
  await reader.next();
  isAllowed = false;
  await expect(reader.next()).rejects.toMatchObject({ code: 'unauthenticated' });
});

/** The next message, where the page at hand is gone through before the second is over. */
async function inASecond(reader: Reader, now: number): Promise<Told> {
  const told = reader.next();
  await new Promise(setImmediate);
  services.setNow(now + 1_000);
  return await told;
}

test('of a burst as many events pass as are wanted a second, and the others are counted', async () => {
  const ctx = await services.tenantContext();
  const now = Date.now();
  services.setNow(now);
  await using reader = new Reader(ctx, { maxPerSecond: 3 });
  await reader.next();
  const sent = await ingest(ctx, events(10));
  const passed = [await reader.next(), await reader.next(), await reader.next()];
  expect(eventIds(passed)).toEqual(sent.slice(0, 3));
  const skipped = await inASecond(reader, now);
  expect(skipped).toEqual({ id: '1:9', message: { skipped: 7 } });
  const [later = ''] = await ingest(ctx, events(1));
  expect(await reader.readTo(later)).toEqual([later]);
  services.setNow(Date.now());
});

test('what was skipped is not sent again to a reader that comes back', async () => {
  const ctx = await services.tenantContext();
  const now = Date.now();
  services.setNow(now);
  const first = new Reader(ctx, { maxPerSecond: 1 });
  await first.next();
  await ingest(ctx, events(5));
  await first.next();
  const { id: lastEventId } = await inASecond(first, now);
  await first[Symbol.asyncDispose]();
  await using second = new Reader(ctx, { lastEventId });
  const [later = ''] = await ingest(ctx, events(1));
  expect(await second.readTo(later)).toEqual([later]);
  services.setNow(Date.now());
});

test('a stream whose filters match nothing says where it is, so that it can be resumed tomorrow', async () => {
  const ctx = await services.tenantContext();
  const now = Date.now();
  services.setNow(now);
  await using reader = new Reader(ctx, { types: ['never sent'] });
  await reader.next();
  await ingest(ctx, events(2));
  const told = reader.next();
  services.setNow(now + 60_000);
  expect(await told).toEqual({ id: '1:1', message: { skipped: 0 } });
  services.setNow(Date.now());
});

test('readers of one tenant share what they read: a commit costs them one page together', async () => {
  await using own = await servicesResource();
  const ctx = await own.tenantContext();
  const readers = Array.from({ length: 100 }, () => new Reader(ctx));
  await Promise.all(readers.map((reader) => reader.next()));
  const commits = 20;
  let transactions = 0;
  own.database.reads.on('acquire', () => {
    transactions += 1;
  });
  for (let commit = 0; commit < commits; commit += 1) {
    const [id = ''] = await ingest(ctx, events(1));
    const read = await Promise.all(readers.map((reader) => reader.readTo(id)));
    expect(new Set(read.flat())).toEqual(new Set([id]));
  }
  // Polls come besides, one a second for all.
  expect(transactions).toBeGreaterThanOrEqual(commits);
  expect(transactions).toBeLessThan(3 * commits);
  expect(own.resources.tailHub.size).toBe(1);
  await Promise.all(readers.map((reader) => reader[Symbol.asyncDispose]()));
  expect(own.resources.tailHub.size).toBe(0);
});

async function prune(ctx: TenantContext, before: number): Promise<void> {
  await withTenant(services.database.ingest, ctx.tenant.id, 'write', (transaction) =>
    pruneCommits(transaction, before),
  );
}

test('a stream resumes from as far back as nothing behind it was dropped, and is refused beyond', async () => {
  const ctx = await services.tenantContext();
  const now = Date.now();
  const hoursAgo = [40, 30, 26, 5, 1];
  const sent: string[] = [];
  for (const hours of hoursAgo) {
    services.setNow(now - hours * 3_600_000);
    sent.push(...(await ingest(ctx, events(1))));
  }
  services.setNow(now);
  await prune(ctx, now - 25 * 3_600_000);

  // The commit of 26 hours ago is the newest of the old ones: kept, so that it is known that none is missing behind.
  await using reader = new Reader(ctx, { lastEventId: '3:0' });
  expect(await reader.readTo(sent[4] ?? '')).toEqual(sent.slice(3));
  for (const lastEventId of ['1:0', '2:0', '0:0']) {
    await using gone = new Reader(ctx, { lastEventId });
    await expect(gone.next()).rejects.toMatchObject({
      code: 'cursor_expired',
      message: expect.stringMatching(/24 hours.*events\.list/) as string,
      evidence: { field: 'lastEventId', lastEventId },
    });
  }
  services.setNow(Date.now());
});

test('a stream resumed at the beginning of a young tenant misses nothing', async () => {
  const ctx = await services.tenantContext();
  await using first = new Reader(ctx);
  const { id: lastEventId } = await first.next();
  expect(lastEventId).toBe('0:0');
  const sent = await ingest(ctx, events(3));
  await prune(ctx, Date.now() - 25 * 3_600_000);
  await using second = new Reader(ctx, { lastEventId });
  expect(await second.readTo(sent[2] ?? '')).toEqual(sent);
});

test.each<CommitPosition>([
  { seq: 2, index: 0 },
  { seq: 999_999_999_999_999, index: 999_999_999 },
])('an id that was never given is refused: $seq:$index', async ({ seq, index }) => {
  const ctx = await services.tenantContext();
  await ingest(ctx, events(1));
  await using reader = new Reader(ctx, { lastEventId: `${seq}:${index}` });
  await expect(reader.next()).rejects.toMatchObject({ code: 'cursor_expired' });
});

test('an id that is none is refused by its name', () => {
  for (const lastEventId of ['', '1', '1:', ':1', '-1:0', '1:0x', '1.5:0', '1:0\n', `${'1'.repeat(16)}:0`, 'x']) {
    const issues = tailInputSchema.safeParse({ lastEventId }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['lastEventId']);
  }
});
