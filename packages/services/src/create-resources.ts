import type { Database, NewEvent } from '@tidemark/database';
import { type Bus, type CacheStore, createInProcessLimitStore, type LimitStore } from '@tidemark/redis';
import { answerSummary } from './analytics/answer-summary.ts';
import { Authenticator } from './auth/authenticator.ts';
import { KeyUses } from './auth/key-uses.ts';
import { TenantDirectory } from './auth/tenant-directory.ts';
import { createAnswerCache } from './cache/create-answer-cache.ts';
import { WATCHING_READER } from './cache/reader.ts';
import { Calendars } from './calendar/calendars.ts';
import type { TenantRef } from './context.ts';
import { announceCommit } from './events/announce-commit.ts';
import { EventTypes } from './events/event-types.ts';
import { ExpectedHeads } from './events/expected-heads.ts';
import { GroupCommit } from './events/group-commit.ts';
import { Partitions } from './events/partitions.ts';
import { storeEvents } from './events/store-events.ts';
import { UserOrdinals } from './events/user-ordinals.ts';
import { RateMeter } from './health/rate-meter.ts';
import { Readiness } from './health/readiness.ts';
import { TaskBoard } from './health/task-board.ts';
import type { LabEngine } from './lab/lab-engine.ts';
import { DEFAULT_LIMITS, type LimitRules } from './limits/limit-rules.ts';
import { Limiter } from './limits/limiter.ts';
import { LiveQueries } from './live/live-queries.ts';
import { OpenStreams } from './live/open-streams.ts';
import { SummaryHub } from './live/summary-hub.ts';
import { TailHub } from './live/tail-hub.ts';
import { AnswerTimes } from './resilience/answer-times.ts';
import type { BreakerChange } from './resilience/breaker.ts';
import { Changes } from './resilience/changes.ts';
import { Changing } from './resilience/changing.ts';
import { createBreakers } from './resilience/create-breakers.ts';
import { FairTurns } from './resilience/fair-turns.ts';
import { type LevelChange, LoadMonitor } from './resilience/load-monitor.ts';
import { type LoadSource, openLoadSource } from './resilience/load-source.ts';
import { toLookUp } from './resilience/look-up.ts';
import { Reads } from './resilience/reads.ts';
import { SilenceWatch } from './resilience/silence-watch.ts';
import type { Resources } from './resources.ts';
import { FoldMarks } from './rollups/fold-marks.ts';
import { Metrics } from './telemetry/metrics.ts';
import { observeResources } from './telemetry/observe-resources.ts';
import { NO_TRACER, type Tracer } from './telemetry/tracer.ts';

/**
 * Changes by admins at a time: half the connections that ingest has, and one tenant a third. They may hold theirs
 * while they wait for a fold; whoever waits longer than that takes is told to come again.
 */
const CHANGE_TURNS = { slots: 3, slotsPerTenant: 2, waiting: 300, waitingPerTenant: 60, patienceMs: 10_000 };
/**
 * Unknown credentials at a time: an address can try as many more than its limit as it has turns. A look-up takes a
 * millisecond, so that the thousands who come back after a restart, by one proxy even, all get theirs.
 */
const ATTEMPT_TURNS = { slots: 64, slotsPerTenant: 8, waiting: 5_000, waitingPerTenant: 2_000, patienceMs: 5_000 };

/** Room for a team's dashboards and monitors many times over; what is held for a stream is some 10 KB. */
const STREAMS = { name: 'streams', perTenant: 2_000, inAll: 20_000 };
/** A page of the largest events, as objects and as text that is written and waits to be, is some 13 MB. */
const EXPORTS = { name: 'exports', perTenant: 4, inAll: 24 };
/** One takes what ingest has left: more of them are no faster, and leave others less. */
const RUNS = { name: 'runs of the generator', perTenant: 2, inAll: 4 };

export type ResourceOptions = {
  readonly database: Database;
  readonly bus: Bus;
  /** The cache that servers share; without one each keeps its own. */
  readonly sharedCache?: CacheStore | undefined;
  /** Where calls are counted; without one this server counts for itself. */
  readonly limitStore?: LimitStore | undefined;
  /** Limits that differ from the product's own. */
  readonly limits?: Partial<LimitRules> | undefined;
  /** Whether no other server uses the database. Default false, which is right for one server as well, and slower. */
  readonly isOnlyServer?: boolean;
  /** Default: no lab. */
  readonly lab?: LabEngine | undefined;
  /** Epoch ms; the system's clock by default. */
  readonly clock?: () => number;
  /** Monotonic ms. */
  readonly elapsed?: () => number;
  /** Told when a breaker opens, probes and closes. */
  readonly onBreaker?: (change: BreakerChange) => void;
  /** Where samples of load come from; by default this process and its connections. */
  readonly load?: LoadSource;
  /** Records what runs within what. Default: nothing is recorded. */
  readonly tracer?: Tracer;
  /** Told when the degradation level changes. */
  readonly onLevel?: (change: LevelChange) => void;
};

/** Puts a server's shared parts together over an open database and bus. */
export function createResources(options: ResourceOptions): Resources {
  const {
    database,
    bus,
    clock = Date.now,
    elapsed = () => performance.now(),
    onBreaker = () => {},
    tracer = NO_TRACER,
  } = options;
  const metrics = new Metrics();
  const keyUses = new KeyUses({ database, clock });
  const changes = new Changes();
  const breakers = createBreakers(database, clock, (change) => {
    onBreaker(change);
    changes.tell();
  });
  const silence = new SilenceWatch({ database, breaker: breakers.reads });
  const ingestSilence = new SilenceWatch({ database, breaker: breakers.ingest });
  const lookUp = toLookUp(breakers.reads, silence);
  const authenticator = new Authenticator({ database, keyUses, lookUp, clock, elapsed });
  const tenants = new TenantDirectory({ database, lookUp, elapsed });
  bus.onControl((notice) => {
    authenticator.forget(notice);
    tenants.forget(notice);
  });
  const calendars = new Calendars();
  const partitions = new Partitions(database);
  const types = new EventTypes();
  const users = new UserOrdinals();
  const heads = new ExpectedHeads();
  const foldMarks = new FoldMarks();

  const times = new AnswerTimes();
  const reads = new Reads({
    database,
    breaker: breakers.reads,
    silence,
    tracer,
    onAnswered: (tenantId, tookMs) => times.add(tenantId, performance.now(), tookMs),
  });
  const load = new LoadMonitor({
    open: () => options.load ?? openLoadSource(reads.turns, times),
    clock,
    elapsed,
    onChange: (change) => {
      options.onLevel?.(change);
      changes.tell();
    },
  });
  const answers = createAnswerCache({ ...options, reads, metrics, tracer });

  const store = async (tenantId: string, events: readonly NewEvent[], readers: readonly string[]) => {
    const committed = await storeEvents(
      {
        database,
        tenantId,
        calendars,
        types,
        users,
        heads,
        metrics,
        partitions,
        now: clock,
        breaker: breakers.ingest,
        silence: ingestSilence,
        tracer,
      },
      events,
    );
    // Before the receipt: whoever holds one and asks anew finds what it says, also where that is "duplicate".
    for (const { place } of committed) {
      if (place === null) continue;
      if (place.days.length > 0) await announceCommit({ bus, answers }, tenantId, place, readers);
      else await answers.apply({ tenantId, seq: place.seq, tags: [], readers });
    }
    foldMarks.mark(tenantId);
    return committed;
  };

  /** With the zone as it is now, which a watch may outlive; as it was known, while nobody can tell. */
  const findCurrent = async (tenant: TenantRef) => {
    const found = await tenants.findTenant(tenant.id).catch(() => undefined);
    return found ?? tenant;
  };

  const resources: Resources = {
    database,
    reads,
    breakers,
    load,
    changes,
    metrics,
    tracer,
    bus,
    authenticator,
    keyUses,
    tenants,
    limits: new Limiter({
      store: options.limitStore ?? createInProcessLimitStore(),
      rules: { ...DEFAULT_LIMITS, ...options.limits },
    }),
    calendars,
    partitions,
    groupCommit: new GroupCommit(store),
    lookUp,
    changing: new Changing({
      turns: new FairTurns(CHANGE_TURNS),
      breaker: breakers.ingest,
      silence: ingestSilence,
    }),
    attemptTurns: new FairTurns(ATTEMPT_TURNS),
    foldMarks,
    readiness: new Readiness(database, elapsed),
    tasks: new TaskBoard(),
    ingestRate: new RateMeter(clock),
    lab: options.lab,
    startedAt: clock(),
    summaryHub: new SummaryHub(bus, async (tenant, query, priority) =>
      answerSummary(resources, await findCurrent(tenant), query, { reader: WATCHING_READER, priority }),
    ),
    healthHub: new LiveQueries(),
    answers,
    tailHub: new TailHub(bus, reads),
    openStreams: new OpenStreams(STREAMS),
    openExports: new OpenStreams(EXPORTS),
    openRuns: new OpenStreams(RUNS),
    clock,
  };
  observeResources(metrics.registry, resources);
  return resources;
}
