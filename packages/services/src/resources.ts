import type { Database } from '@tidemark/database';
import type { Bus } from '@tidemark/redis';
import type { BreakerName, Health } from '@tidemark/schemas';
import type { Authenticator } from './auth/authenticator.ts';
import type { KeyUses } from './auth/key-uses.ts';
import type { TenantDirectory } from './auth/tenant-directory.ts';
import type { AnswerCache } from './cache/answer-cache.ts';
import type { Calendars } from './calendar/calendars.ts';
import type { GroupCommit } from './events/group-commit.ts';
import type { Partitions } from './events/partitions.ts';
import type { RateMeter } from './health/rate-meter.ts';
import type { Readiness } from './health/readiness.ts';
import type { TaskBoard } from './health/task-board.ts';
import type { LabEngine } from './lab/lab-engine.ts';
import type { Limiter } from './limits/limiter.ts';
import type { LiveQueries } from './live/live-queries.ts';
import type { OpenStreams } from './live/open-streams.ts';
import type { SummaryHub } from './live/summary-hub.ts';
import type { TailHub } from './live/tail-hub.ts';
import type { Breaker } from './resilience/breaker.ts';
import type { Changes } from './resilience/changes.ts';
import type { Changing } from './resilience/changing.ts';
import type { FairTurns } from './resilience/fair-turns.ts';
import type { LoadMonitor } from './resilience/load-monitor.ts';
import type { LookUp } from './resilience/look-up.ts';
import type { Reads } from './resilience/reads.ts';
import type { FoldMarks } from './rollups/fold-marks.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Tracer } from './telemetry/tracer.ts';

/** What one server opens once and every request shares. */
export type Resources = {
  readonly database: Database;
  /** The way to everything that is read of a tenant. */
  readonly reads: Reads;
  /** What stands between this server and a database that is away. */
  readonly breakers: Readonly<Record<BreakerName, Breaker>>;
  /** How loaded this server is. */
  readonly load: LoadMonitor;
  /** Told of when a breaker or the level changes. */
  readonly changes: Changes;
  /** What is counted for Prometheus. */
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly bus: Bus;
  readonly authenticator: Authenticator;
  readonly tenants: TenantDirectory;
  readonly keyUses: KeyUses;
  readonly limits: Limiter;
  readonly calendars: Calendars;
  readonly partitions: Partitions;
  readonly groupCommit: GroupCommit;
  /** The way to keys, tenants and sessions. */
  readonly lookUp: LookUp;
  /** The way of every change that is no event. */
  readonly changing: Changing;
  /** What credentials that are not known are looked up by in turn, address by address. */
  readonly attemptTurns: FairTurns;
  readonly foldMarks: FoldMarks;
  readonly summaryHub: SummaryHub;
  /** Who watches the health of this server, by tenant. */
  readonly healthHub: LiveQueries<Health>;
  readonly answers: AnswerCache;
  readonly tailHub: TailHub;
  /** Watches and tails. */
  readonly openStreams: OpenStreams;
  /** Of which each holds pages of events for a reader who may be slow. */
  readonly openExports: OpenStreams;
  /** Of which each makes events as fast as they are stored. */
  readonly openRuns: OpenStreams;
  readonly readiness: Readiness;
  /** The background tasks of this server. */
  readonly tasks: TaskBoard;
  /** Events accepted here. */
  readonly ingestRate: RateMeter;
  /** The lab of this server; undefined where it has none. */
  readonly lab: LabEngine | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms. */
  readonly clock: () => number;
};
