import { error } from '@sveltejs/kit';
import { forward } from '#lib/server/forward.ts';
import { findForeignness } from '#lib/server/is-cross-site.ts';
import { toOriginHeaders } from '#lib/server/origin-headers.ts';
import { readSession } from '#lib/server/session-cookie.ts';
import { findVisitor } from '#lib/server/visitor.ts';
import { TIDEMARK_API } from '$app/env/private';
import type { RequestHandler } from './$types';

const FORMATS = ['csv', 'ndjson'];

/** A download of the tenant on view, streamed from the API as fast as the browser takes it. */
export const GET: RequestHandler = async (event) => {
  const { format } = event.params;
  if (!FORMATS.includes(format)) error(404, 'Events are exported as csv or ndjson.');
  const foreignness = findForeignness(event.request);
  if (foreignness !== undefined) error(403, foreignness);
  const { session, tenant } = await findVisitor(event);
  const params = new URLSearchParams(event.url.search);
  params.delete('tenant');
  try {
    return await forward(event.request, {
      url: `${TIDEMARK_API}/export/events.${format}?${params}`,
      token: readSession(event),
      origin: toOriginHeaders(event),
      tenantId: session.role === 'platform' ? tenant?.id : undefined,
    });
  } catch {
    error(503, 'The API does not answer; it may be restarting.');
  }
};
