import type { TidemarkError } from '@tidemark/services';
import { getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import { appRouter } from './root.ts';
import { toTrpcError } from './translate-errors.ts';

/** The body of a refusal that no procedure gave, in the shape of those that procedures give. */
export function toRefusal(cause: TidemarkError) {
  const error = getTRPCErrorFromUnknown(toTrpcError(cause));
  const place = { type: 'unknown' as const, path: undefined, input: undefined, ctx: undefined };
  return { error: getTRPCErrorShape({ config: appRouter._def._config, error, ...place }) };
}
