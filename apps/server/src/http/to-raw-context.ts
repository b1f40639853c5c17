import type { IncomingMessage } from 'node:http';
import type { RawContext, Resources } from '@tidemark/services';
import { toRequestId } from './to-request-id.ts';

/** What a request's headers say of its caller, before anything is checked. */
export function toRawContext(request: IncomingMessage, resources: Resources): RawContext {
  return {
    requestId: toRequestId(request),
    bearer: /^Bearer (\S+)$/i.exec(readHeader(request, 'authorization') ?? '')?.[1],
    namedTenant: readHeader(request, 'x-tenant-id'),
    namedPriority: readHeader(request, 'x-priority'),
    resources,
  };
}

function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
