import type { RawContext } from '@tidemark/services';

/** What a request brings: a credential to check, a tenant it may name, and the server's shared parts. */
export type RequestContext = RawContext;
