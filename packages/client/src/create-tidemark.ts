import type { AppRouter } from '@tidemark/router';
import { createTRPCClient, splitLink, type TRPCClient } from '@trpc/client';
import { callLink } from './call-link.ts';
import { identifyLink } from './identify-link.ts';
import { resumeLink } from './resume-link.ts';
import { type Retry, type RetryOptions, retryLink } from './retry-link.ts';
import { streamLink } from './stream-link.ts';
import {
  ANY_EVENTS,
  type AnyEvents,
  type EventArguments,
  type EventSchemas,
  type TrackingPlan,
} from './track/define-events.ts';
import { sendEvents } from './track/send-events.ts';
import { Tracker } from './track/tracker.ts';
import { type TrackingOptions, toTrackingSettings } from './track/tracking-options.ts';
import type { Transport } from './transport.ts';
import { withIdentity } from './with-identity.ts';

export type Priority = 'low' | 'normal' | 'high';

export type TidemarkOptions<Events extends EventSchemas = AnyEvents> = {
  /** The API's base, e.g. `http://127.0.0.1:3001`; in a browser `/` means the page's own origin. */
  readonly url: string;
  /** An API key's secret. Leave it out in a browser: there the session's cookie speaks. */
  readonly key?: string | undefined;
  /** The tenant to act for; only a platform key names one. */
  readonly tenantId?: string | undefined;
  /** Under load low is served last; high only for keys that are allowed it. Default: normal. */
  readonly priority?: Priority | undefined;
  /** Default: the global fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long one attempt of a query or mutation may take, its answer included. Default: 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Whether queries of one tick share a request; without, each has an HTTP status of its own. Default: true. */
  readonly batching?: boolean | undefined;
  /**
   * How often a call that did not reach the server, or was refused for load, is made again: queries,
   * and `events.ingest`, whose events carry their identity. Other mutations where they were refused for their
   * limit alone, which means before they began. Default: 2.
   */
  readonly retries?: number | undefined;
  /**
   * How long one call may wait in all before it is made again; a server that asks for more is left to the caller to
   * wait for. A call's own `signal` ends its wait. Default: 65 s, a little more than most limits' window.
   */
  readonly maxWaitMs?: number | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Which events `track` takes: see `defineEvents`. Default: any. */
  readonly plan?: TrackingPlan<Events> | undefined;
  /** How `track` gathers and sends. */
  readonly tracking?: TrackingOptions | undefined;
};

type Api = TRPCClient<AppRouter>;

/** Sending events in the background; nothing of it is made before the first `track`. */
export type Tracking<Events extends EventSchemas> = {
  /**
   * Takes an event, names it and sends it soon, again and again under the same id until the server acknowledges it.
   * False: it was not taken, since as many wait as there is room for; `await tracking.ready()`, then offer it again.
   */
  track<Type extends keyof Events & string>(type: Type, ...rest: EventArguments<Events[Type]>): boolean;
  /** Whatever was tracked and is not stored yet: counts, `ready`, `flush`, `close`. */
  readonly tracking: Tracker;
};

/** The whole API, typed: `tidemark.analytics.summary.query({ last: '24h' })`; and `tidemark.track('signup', { plan: 'team' })`. */
export type Tidemark<Events extends EventSchemas = AnyEvents> = Pick<Api, 'analytics' | 'events' | 'admin'> &
  Tracking<Events>;

/** Opens nothing: connections are made per call, and a subscription holds one until it is left. */
export function createTidemark<Events extends EventSchemas = AnyEvents>(
  options: TidemarkOptions<Events>,
): Tidemark<Events> {
  const transport = toTransport(options);
  const { analytics, events, admin } = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: [resumeLink(), streamLink(transport)],
        false: [identifyLink(), retryLink(toRetryOptions(options)), callLink(transport)],
      }),
    ],
  });
  const plan: Pick<TrackingPlan<Events>, 'toEvent'> = options.plan ?? ANY_EVENTS;
  const tracking = new Tracker(sendEvents(transport), toTrackingSettings(options.tracking ?? {}));
  return {
    analytics,
    events,
    admin,
    tracking,
    track: (type, ...rest) => tracking.add(withIdentity(plan.toEvent(type, ...rest))),
  };
}

function toTransport(options: Untyped): Transport {
  return {
    url: `${options.url.replace(/\/+$/, '')}/trpc`,
    headers: toHeaders(options),
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    timeoutMs: options.timeoutMs ?? 30_000,
    isBatching: options.batching ?? true,
  };
}

type Untyped = Omit<TidemarkOptions, 'plan'>;

function toRetryOptions({ retries = 2, maxWaitMs = 65_000, onRetry = () => {} }: Untyped): RetryOptions {
  return { retries, maxWaitMs, onRetry };
}

function toHeaders({ key, tenantId, priority }: Untyped): Record<string, string> {
  return {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(tenantId === undefined ? {} : { 'x-tenant-id': tenantId }),
    ...(priority === undefined ? {} : { 'x-priority': priority }),
  };
}
