import { stopping } from './stopping.ts';

/** What may travel each way; cookies and hop-by-hop headers are not on the lists. */
const REQUEST_HEADERS = [
  'accept',
  'content-encoding',
  'content-type',
  'last-event-id',
  'trpc-accept',
  'x-priority',
  'x-tenant-id',
];
const RESPONSE_HEADERS = [
  'accept-encoding',
  'allow',
  'cache-control',
  'content-disposition',
  'content-type',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'vary',
  'x-request-id',
];

type Forwarding = {
  /** Where the call goes. */
  readonly url: string;
  /** The session that speaks for it; undefined: nobody. */
  readonly token: string | undefined;
  /** The tenant it is about, where no script could have named it. */
  readonly tenantId?: string | undefined;
  /** What tells the API where the visitor is. */
  readonly origin?: Record<string, string>;
  readonly fetch?: typeof globalThis.fetch;
};

/**
 * Sends a browser's call on to the API and streams the answer back. When the browser leaves, the API
 * hears of it at once; when this process stops, the stream ends. Rejects when the API cannot be reached.
 */
export async function forward(
  request: Request,
  { url, token, tenantId, origin = {}, fetch = globalThis.fetch }: Forwarding,
): Promise<Response> {
  const headers = pick(request.headers, REQUEST_HEADERS);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (tenantId !== undefined) headers.set('x-tenant-id', tenantId);
  for (const [name, value] of Object.entries(origin)) headers.set(name, value);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await fetch(url, {
    method: request.method,
    headers,
    body: hasBody ? await request.arrayBuffer() : null,
    signal: AbortSignal.any([request.signal, stopping]),
    redirect: 'error',
  });
  return new Response(answer.body, { status: answer.status, headers: pick(answer.headers, RESPONSE_HEADERS) });
}

function pick(from: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
