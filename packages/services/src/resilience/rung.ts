import type { Interval, LoadLevel, Meta, Priority } from '@tidemark/schemas';
import type { Reader } from '../cache/asked.ts';
import type { TenantContext } from '../context.ts';
import { isShed, type Served, toCoarser, toTreatment } from './treatment.ts';

/** How old an answer may be that is not right any more, where less is given: no two are computed within this. */
const STALE_MS = 30_000;

/** What the degradation ladder leaves of a question at the time it is asked. */
export class Rung {
  readonly #level: LoadLevel;
  readonly #treatment: Served;

  /** Throws `rate_limited` where nothing is left. */
  constructor(level: LoadLevel, priority: Priority) {
    this.#level = level;
    this.#treatment = toTreatment(level, priority);
  }

  /** The interval to answer by. */
  toInterval(requested: Interval): Interval {
    return this.#treatment === 'coarse' ? toCoarser(requested) : requested;
  }

  toReader(reader: Reader): Reader {
    return this.#treatment === 'coarse' ? { ...reader, mayBeStaleMs: STALE_MS } : reader;
  }

  /** The answer, saying what was asked and what was served where these differ. */
  mark<Value extends { meta: Meta }>(value: Value, requested: Interval): Value {
    const { meta } = value;
    if (this.#level === 0 || this.#treatment === 'full') return value;
    const isCoarser = meta.interval !== requested;
    // What is old for want of a newer answer says so already, and not that it is coarser too.
    if (meta.degraded !== null && !isCoarser) return value;
    const isStale = meta.cache.status === 'stale' && !meta.exact;
    if (!isCoarser && !isStale) return value;
    const served = meta.degraded?.served ?? (isStale ? `${meta.interval}, as of ${meta.asOf}` : meta.interval);
    const reason = meta.degraded?.reason ?? 'load';
    return { ...value, meta: { ...meta, exact: false, degraded: { reason, level: this.#level, requested, served } } };
  }
}

/** Whether there is anything for whoever asks under this load. */
export function isAdmitted({ resources, tenant, priority }: TenantContext): boolean {
  return !isShed(resources.load.levelOf(tenant.id), priority);
}

/** Refuses what there is nothing for under this load; for what cannot be given less of. */
export function assertAdmitted({ resources, tenant, priority }: TenantContext): void {
  toTreatment(resources.load.levelOf(tenant.id), priority);
}
