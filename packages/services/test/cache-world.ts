import { randomUUID } from 'node:crypto';
import { type Summary, type SummaryInput, summaryInputSchema } from '@tidemark/schemas';
import { ingestEvents, querySummary, type TenantContext } from '@tidemark/services';
import { type ServicesResource, servicesResource } from '@tidemark/testing';
import { commitBatch } from '../src/events/commit-batch.ts';
import { EventTypes } from '../src/events/event-types.ts';
import { ExpectedHeads } from '../src/events/expected-heads.ts';
import { UserOrdinals } from '../src/events/user-ordinals.ts';

/** What the readers of one tenant may expect: every event ever committed, and since when it has to be seen. */
type Written = {
  readonly id: string;
  readonly occurredAt: string;
  readonly committedAt: number;
  readonly acknowledgedTo: Set<string>;
};

export type CacheWorldOptions = {
  readonly servers: number;
  readonly redisUrl?: string;
  readonly isOnlyServer?: boolean;
};

/**
 * Servers over one database, whose readers' clock stands still until it is moved: so that the second an
 * answer may be behind is a second of the test's.
 */
export class CacheWorld implements AsyncDisposable {
  readonly servers: readonly ServicesResource[];
  readonly #stack: AsyncDisposableStack;
  readonly #clock: { now: number };
  #contexts: TenantContext[] = [];
  #written: Written[] = [];

  private constructor(servers: readonly ServicesResource[], stack: AsyncDisposableStack, clock: { now: number }) {
    this.servers = servers;
    this.#stack = stack;
    this.#clock = clock;
  }

  static async open({ servers: count, redisUrl, isOnlyServer }: CacheWorldOptions): Promise<CacheWorld> {
    await using opening = new AsyncDisposableStack();
    const clock = { now: 10_000 };
    const options = {
      elapsed: () => clock.now,
      ...(redisUrl !== undefined && { redisUrl }),
      ...(isOnlyServer !== undefined && { isOnlyServer }),
    };
    const servers = [opening.use(await servicesResource(options))];
    const databaseUrl = servers[0]?.url ?? '';
    while (servers.length < count) servers.push(opening.use(await servicesResource({ ...options, databaseUrl })));
    return new CacheWorld(servers, opening.move(), clock);
  }

  /** A tenant of which nothing is known yet, on every server. */
  async begin(): Promise<void> {
    const [first] = this.servers;
    if (first === undefined) throw new Error('there is no server');
    const ctx = await first.tenantContext();
    this.#contexts = this.servers.map(({ resources }) => ({ ...ctx, resources }));
    this.#written = [];
  }

  pass(ms: number): void {
    this.#clock.now += ms;
  }

  /** Acknowledges an event to an admin's key. */
  async write(server: number, key: string, occurredAt: string): Promise<void> {
    const id = randomUUID();
    await ingestEvents(this.#as(server, key), { events: [{ id, type: 'view', occurredAt }] });
    this.#written.push({ id, occurredAt, committedAt: this.#clock.now, acknowledgedTo: new Set([key]) });
  }

  /** Commits an event and goes no further, as a server that is killed between its commit and the cache. */
  async abandon(server: number, occurredAt: string): Promise<void> {
    const { resources, tenant } = this.#as(server, 'nobody');
    const id = randomUUID();
    const event = { id, occurredAt: Date.parse(occurredAt), receivedAt: Date.parse(occurredAt), type: 'view' };
    await resources.partitions.ensure([event.occurredAt]);
    await commitBatch(
      {
        database: resources.database,
        tenantId: tenant.id,
        calendars: resources.calendars,
        types: new EventTypes(),
        users: new UserOrdinals(),
        heads: new ExpectedHeads(),
        metrics: resources.metrics,
        now: resources.clock,
      },
      [{ ...event, userId: null, sessionId: null, device: 0, properties: '{}' }],
    );
    this.#written.push({ id, occurredAt, committedAt: this.#clock.now, acknowledgedTo: new Set() });
  }

  /** Sends the event that came last again, under a key. */
  async retry(server: number, key: string): Promise<void> {
    const last = this.#written.at(-1);
    if (last === undefined) return;
    const { id, occurredAt } = last;
    const { receipts } = await ingestEvents(this.#as(server, key), { events: [{ id, type: 'view', occurredAt }] });
    if (receipts[0]?.status !== 'duplicate') throw new Error(`the retry is ${receipts[0]?.status}`);
    last.acknowledgedTo.add(key);
  }

  /** An admin's key asks, or where it is named `viewer` one that only reads. */
  async ask(server: number, key: string, input: SummaryInput): Promise<Summary> {
    return await querySummary(this.#as(server, key), summaryInputSchema.parse(input));
  }

  /** How many events an answer has to hold at least, and may hold at most. */
  bounds(key: string, { from, to }: { from: string; to: string }): { least: number; most: number } {
    const inRange = this.#written.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
    const due = inRange.filter(
      ({ committedAt, acknowledgedTo }) => acknowledgedTo.has(key) || committedAt < this.#clock.now - 1_000,
    );
    return { least: due.length, most: inRange.length };
  }

  #as(server: number, key: string): TenantContext {
    const ctx = this.#contexts[server % this.#contexts.length];
    const [resource] = this.servers;
    if (ctx === undefined || resource === undefined) throw new Error('begin first');
    const { actor } = resource.actorContext(key === 'viewer' ? 'viewer' : 'admin', ctx.tenant);
    return { ...ctx, actor: { ...actor, keyId: key } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
