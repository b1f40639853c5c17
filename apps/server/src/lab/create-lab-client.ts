import { createTidemark, type Tidemark, toTidemarkError } from '@tidemark/client';
import type { Called, CallOptions, LabClient, LabKeys } from '@tidemark/services';

/** Longer than any honest answer takes: what hangs is counted as refused. */
const TIMEOUT_MS = 20_000;

export type LabClientOptions = {
  readonly urls: readonly string[];
  readonly keys: LabKeys;
  readonly control: Pick<LabClient, 'injectFault' | 'clearFaults' | 'setBudget' | 'liftLimits'>;
};

/** The lab's calls over HTTP, each once and a request of its own: what is refused is what is measured. */
export function createLabClient({ urls, keys, control }: LabClientOptions): LabClient {
  const clients = new Map<string, Tidemark>();
  const clientOf = (key: string, { priority = 'normal', server = 0 }: CallOptions = {}): Tidemark => {
    const url = urls[server] ?? '';
    const name = `${url} ${priority} ${key}`;
    const patience = { retries: 0, timeoutMs: TIMEOUT_MS };
    const known = clients.get(name) ?? createTidemark({ url, key, priority, batching: false, ...patience });
    clients.set(name, known);
    return known;
  };
  return {
    summarize: (input, options) => {
      const key = options?.priority === 'high' ? keys.admin : keys.viewer;
      return call(() => clientOf(key, options).analytics.summary.query(input));
    },
    ingest: (events) => call(() => clientOf(keys.ingest).events.ingest.mutate({ events: [...events] })),
    health: (options) => call(() => clientOf(keys.admin, options).admin.health.query()),
    clearCache: () => call(() => clientOf(keys.admin).admin.clearCache.mutate({})),
    ...control,
  };
}

async function call<Data>(ask: () => Promise<Data>): Promise<Called<Data>> {
  const startedAt = performance.now();
  try {
    const data = await ask();
    return { status: 'answered', data, tookMs: performance.now() - startedAt };
  } catch (error) {
    const { code, httpStatus, evidence } = toTidemarkError(error);
    const retryAfterMs = typeof evidence.retryAfterMs === 'number' ? evidence.retryAfterMs : 0;
    return { status: 'refused', code, httpStatus, retryAfterMs, tookMs: performance.now() - startedAt };
  }
}
