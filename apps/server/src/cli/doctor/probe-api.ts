import { stat } from 'node:fs/promises';
import { createTidemark, type Tidemark, toTidemarkError } from '@tidemark/client';
import type { CurrentSession } from '@tidemark/schemas';
import type { Target } from '../resolve-target.ts';
import { bad, careful, type Finding, ok, unknown } from './finding.ts';
import { toHealthFindings } from './to-health-findings.ts';

/** A stream begins with its answer; a proxy that gathers text/event-stream holds it back. */
const STREAM_TIMEOUT_MS = 10_000;

/** An older or newer schema than this build's cannot be told from outside. */
const SCHEMA = unknown(
  'schema',
  'the API does not say which one its database has',
  'Each server brings it up to date as it starts, and does not start on a newer one: after an upgrade see their logs.',
);

/** Whether the key is good, the server well, questions answered and streams let through. */
export async function* probeApi(target: Target): AsyncGenerator<Finding> {
  const session = await attempt(createTidemark({ ...target, retries: 0 }).admin.sessions.current.query());
  if ('failure' in session) {
    yield bad('key', session.failure, 'Give another with --key or TIDEMARK_KEY.');
    return;
  }
  yield toKey(session.value);
  const [tenant] = session.value.tenants;
  if (tenant === undefined) {
    yield careful('tenants', 'there are none yet', 'Make one: tidemark tenants create <slug>.');
    return;
  }
  const tenantId = session.value.role === 'platform' ? tenant.id : undefined;
  const tidemark = createTidemark({ ...target, tenantId, retries: 0 });
  const health = await attempt(tidemark.admin.health.query());
  if ('failure' in health) yield careful('health', health.failure, 'Ask with a viewer, admin or platform key.');
  else yield* toHealthFindings(health.value);
  yield SCHEMA;
  yield await probeQuestion(tidemark);
  yield await probeStream(tidemark);
}

/** The file holds keys in the clear. */
export async function probeCredentialsFile(path: string): Promise<Finding | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if ((stats.mode & 0o077) === 0) return ok('credentials', `${path} is for its owner alone`);
  return bad('credentials', `others of this machine may read ${path}`, `chmod 600 ${path}`);
}

function toKey({ name, role, tenants }: CurrentSession): Finding {
  return ok('key', `"${name}", ${role}, for ${tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`}`);
}

async function probeQuestion(tidemark: Tidemark): Promise<Finding> {
  const answer = await attempt(tidemark.analytics.summary.query({ last: '24h', fresh: true }));
  if ('failure' in answer) return bad('question', answer.failure, 'See health above, and the log by the request id.');
  const { meta, totals } = answer.value;
  if (!meta.exact) return careful('question', 'the answer is not exact', 'It is kept from before: see health above.');
  return ok('question', `${totals.events} events of a day counted in ${meta.tookMs.toFixed(1)} ms`);
}

async function probeStream(tidemark: Tidemark): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>();
  const remedy = 'Let the proxy pass text/event-stream unbuffered, and connections stay open.';
  const late = () => resolve(bad('stream', `nothing came within ${STREAM_TIMEOUT_MS / 1_000} s`, remedy));
  const timer = setTimeout(late, STREAM_TIMEOUT_MS);
  const { unsubscribe } = tidemark.analytics.watch.subscribe(
    { last: '1h' },
    {
      onData: () => resolve(ok('stream', 'live answers come through')),
      onError: (error) => resolve(bad('stream', toTidemarkError(error).reason, remedy)),
    },
  );
  const finding = await promise;
  clearTimeout(timer);
  unsubscribe();
  return finding;
}

async function attempt<Value>(call: Promise<Value>): Promise<{ value: Value } | { failure: string }> {
  try {
    return { value: await call };
  } catch (error) {
    const { code, reason } = toTidemarkError(error);
    return { failure: `${reason} (${code})` };
  }
}
