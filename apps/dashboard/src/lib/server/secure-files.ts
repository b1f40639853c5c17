import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * Gives its headers to what is answered without a hook as well: the adapter serves the built files, and refuses what it
 * cannot read, before it asks us. Node tells of a request before anybody answers it.
 */
export function secureFiles(): void {
  subscribe('http.server.request.start', (message) => {
    const { response } = message as { readonly response: ServerResponse };
    response.setHeaders(new Map(Object.entries(SECURITY_HEADERS)));
  });
}
