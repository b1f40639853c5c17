import { setTimeout as delay } from 'node:timers/promises';
import { auditTenant } from '../audit/audit-tenant.ts';
import { compareLedger } from '../audit/compare-ledger.ts';
import { makeLoadEvents } from '../load/load-events.ts';
import { runLoad } from '../load/run-load.ts';
import { sendBatch } from '../load/send-batch.ts';
import { FaultReaders, READS, type Read, type ReaderTally } from './fault-readers.ts';
import { FaultWorld } from './fault-world.ts';
import type { Fault } from './faults.ts';
import { WatchedLedger } from './watched-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The load is in full swing when so many receipts have come. */
const RECEIPTS = 500;
/** Recovery needs no hand, and not longer: a server and PostgreSQL start in seconds. */
const RECOVERED_MS = 60_000;
const POLL_MS = 50;
const SENDERS_PER_SERVER = 3;
/**
 * What is frozen or locked says nothing before it is over; whatever is not answers or refuses within this, the longest
 * that a turn is waited for.
 */
const ANSWER_MS = 5_000;

export type FaultOptions = {
  /** The program of Redis. */
  readonly redisPath: string;
  /** In this order. */
  readonly faults: readonly Fault[];
  /** How long what is frozen, locked or out of reach stays so. */
  readonly holdMs: number;
  /** Told of each fault as it has been audited. */
  readonly onOutcome?: (outcome: FaultOutcome) => void;
};

export type FaultOutcome = Omit<ReaderTally, 'unansweredKept' | 'longestSilenceMs'> & {
  readonly name: string;
  /** From its end until receipts and exact answers came from every server; infinite where they did not. */
  readonly recoveredMs: number;
  readonly receipts: number;
  /** Different events acknowledged since the first fault. */
  readonly acknowledged: number;
  /** Of these, those that are not stored, and those that are there more than once. */
  readonly lost: number;
  readonly doubled: number;
  /** The longest time without a receipt, and without an answer to each kind of question, over the whole fleet. */
  readonly longestSilenceMs: ReadonlyMap<Read | 'receipts', number>;
  /** What was lost, doubled, wrong, late or dishonest, or did not recover; empty: it was survived. */
  readonly flaws: readonly string[];
};

/**
 * Breaks one thing after the other under load from several clients. When it is over and everything recovered, the
 * senders send what is under way until it is acknowledged, and what is stored is held against their ledger, kept outside:
 * every acknowledged event once, the rollups equal to brute force, every reader answered or refused in time.
 */
export async function runFaults(options: FaultOptions): Promise<FaultOutcome[]> {
  await using world = await FaultWorld.open(options.redisPath);
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const range = { from: midnight - 400 * DAY_MS, to: midnight + 2 * DAY_MS };
  const ledger = new WatchedLedger(range);
  await using readers = new FaultReaders({
    urls: world.urls,
    key: world.viewerKey,
    ledger,
    range: { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() },
    deadlineMs: options.holdMs + ANSWER_MS,
  });
  const outcomes: FaultOutcome[] = [];
  for (const fault of options.faults) {
    const outcome = await surviveFault({ world, ledger, readers }, fault, options.holdMs);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  return outcomes;
}

type Scene = { readonly world: FaultWorld; readonly ledger: WatchedLedger; readonly readers: FaultReaders };

async function surviveFault(scene: Scene, fault: Fault, holdMs: number): Promise<FaultOutcome> {
  const { world, ledger, readers } = scene;
  const flaws: string[] = [];
  const load = startLoad(scene);
  readers.spread();
  await Promise.race([ledger.untilMore(RECEIPTS), load.ended]);
  ledger.takeLongestSilence();
  readers.take();
  const before = ledger.receipts;

  await fault.strike(world, holdMs);
  const struckAt = performance.now();
  const { unansweredKept } = readers;
  if (fault.isBridged === true && unansweredKept > 0) {
    flaws.push(`${unansweredKept} questions whose answers are kept were not answered`);
  }
  const isRecovered = await untilRecovered(scene);
  const recoveredMs = isRecovered ? performance.now() - struckAt : Number.POSITIVE_INFINITY;
  const { unansweredKept: _known, longestSilenceMs, ...tally } = readers.take();
  const silences = new Map([...longestSilenceMs, ['receipts', ledger.takeLongestSilence()] as const]);
  const receipts = ledger.receipts - before;

  load.end();
  const isSettled = isRecovered && (await within(RECOVERED_MS, load.ended)) && (await untilQuiet(scene));
  if (!isRecovered) flaws.push(`not recovered within ${RECOVERED_MS} ms`);
  else if (!isSettled) flaws.push(`senders or rollups are not done within ${RECOVERED_MS} ms`);
  const { lost, doubled, flaws: audited } = await audit(scene);
  flaws.push(...load.failures, ...readers.takeFlaws(), ...audited);
  const { acknowledged } = ledger;
  return {
    name: fault.name,
    recoveredMs,
    receipts,
    acknowledged,
    lost,
    doubled,
    ...tally,
    longestSilenceMs: silences,
    flaws,
  };
}

/** Senders to every server; they never end by themselves, but for a refusal that no sender may meet. */
function startLoad({ world, ledger }: Scene) {
  const ending = new AbortController();
  const failures: string[] = [];
  const { signal } = ending;
  const target = { key: world.tenant.ingestKey, ledger, signal, senders: SENDERS_PER_SERVER };
  const loads = world.urls.map((url) => runLoad({ url, ...target }));
  const ended = Promise.all(loads).catch((error: unknown) => failures.push(String(error)));
  return { ended, failures, end: () => ending.abort() };
}

/** Every server acknowledges, and answers exactly and anew. */
async function untilRecovered({ world, ledger, readers }: Scene): Promise<boolean> {
  const key = world.tenant.ingestKey;
  const batches = world.urls.map((url) => ({ target: { url, key, ledger }, events: makeLoadEvents(1) }));
  const acknowledges = batches.map(
    ({ target, events }) =>
      async () =>
        (await sendBatch(target, events)).type === 'answered',
  );
  const answers = world.urls.map((url) => () => readers.isAnswering(url));
  const results = await Promise.all([...acknowledges, ...answers].map(untilTrue));
  return results.every((isDone) => isDone);
}

/** The fold and a rebuild go on after whatever happened, and come to an end. */
async function untilQuiet({ world }: Scene): Promise<boolean> {
  await using oracle = await world.openOracle();
  const underWay = `SELECT FROM user_log WHERE tenant_id = $1
    UNION ALL SELECT FROM tenant_heads WHERE tenant_id = $1 AND days_from IS NOT NULL LIMIT 1`;
  return await untilTrue(async () => (await oracle.ask(underWay, [world.tenant.id])).length === 0);
}

async function audit({ world, ledger }: Scene) {
  await using oracle = await world.openOracle();
  const tenantId = world.tenant.id;
  const { lost, doubled } = await compareLedger({ oracle, tenantId }, ledger);
  const flaws = await auditTenant(oracle, { tenantId, ledger });
  return { lost: lost.length, doubled: doubled.length, flaws };
}

async function untilTrue(look: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = performance.now() + RECOVERED_MS; performance.now() < deadline; ) {
    if (await look()) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const tooLate = delay(ms, 'late' as const, { ref: false });
  return (await Promise.race([work, tooLate])) !== 'late';
}

/** Every kind of silence that is reported, in order. */
export const SILENCES = ['receipts', ...READS] as const;
