import type { Health } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { LiveQuery } from '../live/live-query.ts';
import { whileAllowed } from '../live/while-allowed.ts';
import { getHealth, seesErrors } from './get-health.ts';

const READY = Promise.resolve();

/**
 * `getHealth` at once, when a breaker or the degradation level changes (at most once a second), and at least every 5 s.
 * Ends when the credential does.
 */
export async function* watchHealth(
  ctx: TenantContext,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<Health> {
  assertScope(ctx, 'admin:read');
  const { healthHub, changes } = ctx.resources;
  const open = () =>
    new LiveQuery(
      () => getHealth(ctx),
      (changed) => ({ ready: READY, ...changes.subscribe(changed) }),
    );
  // What one may see and another may not is not shared.
  const key = `${ctx.tenant.id}:${seesErrors(ctx)}`;
  yield* whileAllowed(ctx, (ended) => healthHub.watch(key, open, ended), signal);
}
