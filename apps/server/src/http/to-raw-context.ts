import type { IncomingMessage } from 'node:http';
import { Bill, type RawContext, type Resources } from '@tidemark/services';
import { toTrail } from './request-trail.ts';
import { type TrustedProxies, toClientAddress } from './to-client-address.ts';
import { toRequestId } from './to-request-id.ts';

/** What answers the requests, and which proxies stand before it. */
export type Serving = { readonly resources: Resources; readonly proxies: TrustedProxies };

export type HttpContext = RawContext & { readonly bill: Bill };

/** What a request's headers say of its caller, before anything is checked. */
export function toRawContext(request: IncomingMessage, { resources, proxies }: Serving): HttpContext {
  return {
    requestId: toRequestId(request),
    bearer: /^Bearer (\S+)$/i.exec(readHeader(request, 'authorization') ?? '')?.[1],
    namedTenant: readHeader(request, 'x-tenant-id'),
    namedPriority: readHeader(request, 'x-priority'),
    address: toClientAddress(request, proxies),
    bill: new Bill(),
    trail: toTrail(request),
    resources,
  };
}

function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
