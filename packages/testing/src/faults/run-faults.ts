import { setTimeout as delay } from 'node:timers/promises';
import { auditTenant } from '../audit/audit-tenant.ts';
import { runLoad } from '../load/run-load.ts';
import type { Oracle } from '../oracle/oracle.ts';
import { FaultReaders, READS, type Read } from './fault-readers.ts';
import { FaultWorld } from './fault-world.ts';
import type { Fault } from './faults.ts';
import { WatchedLedger } from './watched-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The load is in full swing, and again after a fault, when every server has given so many receipts. */
const RECEIPTS = 500;
/** Recovery needs no hand, and not longer: a server and PostgreSQL start in seconds. */
const RECOVERED_MS = 60_000;
const POLL_MS = 50;

export type FaultOptions = {
  /** The program of Redis. */
  readonly redisPath: string;
  /** In this order. */
  readonly faults: readonly Fault[];
  /** How long what is frozen, locked or out of reach stays so. */
  readonly holdMs: number;
  /** Told of each fault as it is over. */
  readonly onSurvived?: (outcome: FaultOutcome) => void;
};

export type FaultOutcome = {
  readonly name: string;
  /** From its end until receipts and exact answers came from every server. */
  readonly recoveredMs: number;
  readonly receipts: number;
  readonly answered: number;
  readonly stale: number;
  readonly refused: number;
  readonly lost: number;
  /** The longest time without a receipt, and without an answer to each kind of question, over the whole fleet. */
  readonly longestSilenceMs: ReadonlyMap<Read | 'receipts', number>;
};

export type FaultReport = {
  readonly outcomes: readonly FaultOutcome[];
  /** Different events that were acknowledged. */
  readonly acknowledged: number;
  /** What was lost, doubled, wrong, late or dishonest; empty is a pass. */
  readonly flaws: readonly string[];
};

/**
 * Breaks one thing after the other under load from several clients, and holds what is left against a ledger kept
 * outside: every acknowledged event once, the rollups equal to brute force, every reader answered or refused in time.
 */
export async function runFaults({ redisPath, faults, holdMs, onSurvived }: FaultOptions): Promise<FaultReport> {
  await using world = await FaultWorld.open(redisPath);
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const range = { from: midnight - 400 * DAY_MS, to: midnight + 2 * DAY_MS };
  const ledger = new WatchedLedger(range);
  const ending = new AbortController();
  const { urls, tenant, viewerKey } = world;
  const loads = urls.map((url) => runLoad({ url, key: tenant.ingestKey, ledger, signal: ending.signal, senders: 3 }));
  const loaded = Promise.all(loads);
  loaded.catch(() => {});
  const outcomes: FaultOutcome[] = [];
  const flaws: string[] = [];
  {
    await using readers = new FaultReaders({
      urls,
      key: viewerKey,
      ledger,
      range: { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() },
    });
    await Promise.race([ledger.untilMore(RECEIPTS), loaded]);
    for (const fault of faults) {
      ledger.takeLongestSilence();
      readers.take();
      const before = ledger.receipts;
      await fault.strike(world, holdMs);
      const struckAt = performance.now();
      const { unansweredKept } = readers;
      if (fault.isBridged === true && unansweredKept > 0) {
        flaws.push(`${fault.name}: ${unansweredKept} questions whose answers are kept were not answered`);
      }
      const isRecovered = await untilRecovered(urls, readers, Promise.race([ledger.untilMore(RECEIPTS), loaded]));
      if (!isRecovered) flaws.push(`${fault.name}: not recovered within ${RECOVERED_MS} ms`);
      const { longestSilenceMs, ...tally } = readers.take();
      const outcome: FaultOutcome = {
        name: fault.name,
        recoveredMs: performance.now() - struckAt,
        receipts: ledger.receipts - before,
        ...tally,
        longestSilenceMs: new Map([...longestSilenceMs, ['receipts', ledger.takeLongestSilence()] as const]),
      };
      outcomes.push(outcome);
      onSurvived?.(outcome);
    }
    ending.abort();
    await loaded.catch((error: unknown) => flaws.push(String(error)));
    flaws.push(...readers.flaws);
  }
  await using oracle = await world.openOracle();
  flaws.push(...(await auditTenant(oracle, { tenantId: tenant.id, ledger })));
  await untilQuiet(oracle, tenant.id);
  flaws.push(...(await auditTenant(oracle, { tenantId: tenant.id, ledger })));
  const acknowledged = [...ledger.entries.values()].filter(({ accepted, duplicates }) => accepted + duplicates > 0);
  return { outcomes, acknowledged: acknowledged.length, flaws };
}

/** Receipts come, and every server answers exactly and anew. */
async function untilRecovered(
  urls: readonly string[],
  readers: FaultReaders,
  receipts: Promise<unknown>,
): Promise<boolean> {
  const deadline = performance.now() + RECOVERED_MS;
  const tooLate = delay(RECOVERED_MS, 'late' as const, { ref: false });
  if ((await Promise.race([receipts, tooLate])) === 'late') return false;
  for (const url of urls) {
    while (!(await readers.isAnswering(url))) {
      if (performance.now() > deadline) return false;
      await delay(POLL_MS);
    }
  }
  return true;
}

/** The fold and a rebuild go on after whatever happened, and come to an end. */
async function untilQuiet(oracle: Oracle, tenantId: string): Promise<void> {
  const deadline = performance.now() + RECOVERED_MS;
  const underWay = `SELECT FROM user_log WHERE tenant_id = $1
    UNION ALL SELECT FROM tenant_heads WHERE tenant_id = $1 AND days_from IS NOT NULL LIMIT 1`;
  while ((await oracle.ask(underWay, [tenantId])).length > 0) {
    if (performance.now() > deadline) throw new Error(`the rollups are not complete within ${RECOVERED_MS} ms`);
    await delay(POLL_MS);
  }
}

/** Every kind of silence that is reported, in order. */
export const SILENCES = ['receipts', ...READS] as const;
