import { bad, careful, type Finding, ok } from './finding.ts';

/** A server that takes longer to say that it lives has something wrong with it. */
const TIMEOUT_MS = 5_000;
const MAX_SKEW_MS = 10_000;

/** Whether a server of ours answers there, is ready, agrees about the time, and cannot be listened to on the way. */
export async function* probeAddress(url: string): AsyncGenerator<Finding> {
  const alive = await get(new URL('/healthz', url));
  if (alive instanceof Error) {
    yield bad(
      'server',
      `${url} does not answer: ${alive.message}`,
      'Start it (npm start), or name another with --url.',
    );
    return;
  }
  if (!alive.ok) {
    yield bad('server', `${url}/healthz answers ${alive.status}`, 'Another program listens there: see TIDEMARK_PORT.');
    return;
  }
  const ready = await get(new URL('/readyz', url));
  if (ready instanceof Response && ready.status === 404) {
    yield bad(
      'server',
      `${url} answers, but is no API`,
      'It may be a dashboard: name the API it belongs to with --url.',
    );
    return;
  }
  yield ok('server', `${url} answers`);
  yield toSkew(alive.headers.get('date'));
  yield toTransport(new URL(url));
  if (ready instanceof Response && ready.ok) yield ok('readiness', 'it takes requests');
  else {
    const found = ready instanceof Error ? ready.message : `/readyz answers ${ready.status}`;
    yield bad('readiness', found, 'PostgreSQL is away: see DATABASE_URL, its log and its disk.');
  }
}

async function get(url: URL): Promise<Response | Error> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error
      ? error.cause
      : new Error(String(error), { cause: error });
  }
}

function toSkew(date: string | null): Finding {
  const skewMs = date === null ? 0 : Math.abs(Date.now() - Date.parse(date));
  if (skewMs <= MAX_SKEW_MS) return ok('clocks', 'the server and this machine agree');
  const found = `the server's clock is ${Math.round(skewMs / 1_000)} s off from this machine's`;
  return careful('clocks', found, 'Let both keep their time by NTP: events carry the time of who sends them.');
}

function toTransport({ protocol, hostname }: URL): Finding {
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol === 'https:' || isHere)
    return ok('transport', protocol === 'https:' ? 'encrypted' : 'within this machine');
  return careful('transport', 'keys and events travel unencrypted', 'Put a proxy with TLS before the server.');
}
