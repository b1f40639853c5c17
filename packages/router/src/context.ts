import type { Actor, Resources } from '@tidemark/services';

/** What a request brings: who calls (undefined without a credential), for which tenant, under which id. */
export type RequestContext = {
  readonly requestId: string;
  readonly actor: Actor | undefined;
  /** `x-tenant-id` as sent. */
  readonly namedTenant: string | undefined;
  readonly resources: Resources;
};
