import { eraseUser, ingestEvents, type TenantContext, updateTenant } from '@tidemark/services';
import fc from 'fast-check';
import { expect } from 'vitest';

export const NOW = Date.parse('2026-11-22T10:37:12.345Z');

const FEW_PLACES = 8;
const eventArbitrary = fc.record({
  place: fc.oneof(
    { weight: 9, arbitrary: fc.nat({ max: 5_000 }) },
    { weight: 1, arbitrary: fc.nat({ max: FEW_PLACES }) },
  ),
  userId: fc.constantFrom('ada', 'bo', 'cy', 'di', undefined),
  type: fc.constantFrom('view', 'view', 'view', 'buy'),
});
const sendArbitrary = fc.record({
  kind: fc.constant('send' as const),
  events: fc.array(eventArbitrary, { minLength: 1, maxLength: 5 }),
});
const eraseArbitrary = fc.record({ kind: fc.constant('erase' as const), userId: fc.constantFrom('ada', 'bo') });
const moveArbitrary = fc.record({
  kind: fc.constant('move' as const),
  timeZone: fc.constantFrom('Asia/Kathmandu', 'Australia/Lord_Howe'),
});

/** Several in a row to one server, so that its guesses are right for a while. */
const spellArbitrary = fc
  .record({ isElsewhere: fc.boolean(), sends: fc.array(sendArbitrary, { minLength: 1, maxLength: 5 }) })
  .map(({ isElsewhere, sends }) => sends.map((send) => ({ ...send, isElsewhere })));
/** What happens to a tenant: events come to this server or to another, users are erased, the zone changes. */
export const stepsArbitrary: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: spellArbitrary },
      { weight: 2, arbitrary: eraseArbitrary.map((step) => [step]) },
      { weight: 2, arbitrary: moveArbitrary.map((step) => [step]) },
    ),
    { minLength: 4, maxLength: 7 },
  )
  .map((spells) => spells.flat());
type Drawn<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
type Send = Drawn<typeof sendArbitrary> & { readonly isElsewhere: boolean };
type Step = Send | Drawn<typeof eraseArbitrary> | Drawn<typeof moveArbitrary>;

/** How many commits went by a guess, by one about users that only the other server knew, and what guesses missed. */
export type Seen = Record<
  'asExpected' | 'strangers' | 'behindOther' | 'behindErasure' | 'behindMove' | 'duplicates',
  number
>;

/** A tenant on two servers, and a book of what must be stored. */
export class CommitWorld {
  readonly #here: TenantContext;
  readonly #there: TenantContext;
  readonly #seen: Seen;
  /** Whose the stored events are, by id. */
  readonly #stored = new Map<string, string | undefined>();
  readonly #knownHere = new Set<string>();
  readonly #known = new Set<string>();
  #before = '';

  constructor(here: TenantContext, there: TenantContext, seen: Seen) {
    this.#here = here;
    this.#there = there;
    this.#seen = seen;
  }

  /** How many events there must be. */
  get events(): number {
    return this.#stored.size;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'erase') await this.#erase(step.userId);
    else if (step.kind === 'move') await updateTenant(this.#here, { timeZone: step.timeZone });
    else await this.#send(step);
    this.#before = step.kind === 'send' && step.isElsewhere ? 'elsewhere' : step.kind;
  }

  async #erase(user: string): Promise<void> {
    await eraseUser(this.#here, { userId: user });
    for (const [id, userId] of this.#stored) if (userId === user) this.#stored.delete(id);
    this.#known.delete(user);
    this.#knownHere.delete(user);
  }

  async #send({ isElsewhere, events: sent }: Send): Promise<void> {
    const events = sent.map(({ place, ...event }) => ({ ...event, ...toKey(place) }));
    const statuses = events.map(({ id, userId }) => this.#enter(id, userId));
    const ctx = isElsewhere ? this.#there : this.#here;
    await takeWays(ctx);
    const { receipts } = await ingestEvents(ctx, { events });
    expect(receipts.map(({ status }) => status)).toEqual(statuses);

    const { as_expected: asExpected = 0, careful = 0, missed = 0 } = await takeWays(ctx);
    expect(asExpected + careful).toBe(1);
    const users = events.flatMap(({ userId }, place) => (statuses[place] === 'accepted' ? (userId ?? []) : []));
    const isOfStranger = users.some((user) => this.#known.has(user) && !this.#knownHere.has(user));
    this.#seen.asExpected += asExpected;
    this.#seen.strangers += Number(asExpected === 1 && !isElsewhere && isOfStranger);
    this.#seen.behindOther += Number(missed === 1 && !isElsewhere && this.#before === 'elsewhere');
    this.#seen.behindErasure += Number(missed === 1 && this.#before === 'erase');
    this.#seen.behindMove += Number(missed === 1 && this.#before === 'move');
    this.#seen.duplicates += Number(missed === 1 && statuses.includes('duplicate'));
    for (const user of users) {
      this.#known.add(user);
      if (!isElsewhere) this.#knownHere.add(user);
    }
  }

  /** Enters an event into the book, and says what its receipt must. */
  #enter(id: string, userId: string | undefined): 'accepted' | 'duplicate' {
    if (this.#stored.has(id)) return 'duplicate';
    this.#stored.set(id, userId);
    return 'accepted';
  }
}

/** Half an hour apart, so that they fall on many days and into many hours. */
export function toKey(place: number): { readonly id: string; readonly occurredAt: string } {
  const id = `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`;
  return { id, occurredAt: new Date(NOW - place * 1_800_000).toISOString() };
}

/** How the commits of a server went since it was asked last. */
async function takeWays({ resources: { metrics } }: TenantContext): Promise<Partial<Record<string, number>>> {
  const counter = metrics.registry.getSingleMetric('tidemark_ingest_commits_total');
  const { values } = (await counter?.get()) ?? { values: [] };
  counter?.reset();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.way, value]));
}
