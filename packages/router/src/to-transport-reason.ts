import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import type { TRPCError, TRPCProcedureType } from '@trpc/server';
import { shorten } from './shorten.ts';

export type Reason = Pick<ErrorData, 'code' | 'reason' | 'evidence'>;

/** The call that was refused, as far as the transport had read it. */
export type Place = { readonly path: string | undefined; readonly type: TRPCProcedureType | 'unknown' };

/** tRPC's own refusals in the words of our closed set, with what to do instead; undefined for its failures. */
export function toTransportReason({ code, message, cause }: TRPCError, { path, type }: Place): Reason | undefined {
  const named = path === undefined ? null : shorten(path);
  if (code === 'NOT_FOUND') {
    const reason = `There is no procedure "${named ?? ''}": they are named like events.list, analytics.summary or admin.keys.list; check the spelling.`;
    return { code: 'not_found', reason, evidence: { path: named } };
  }
  if (code === 'METHOD_NOT_SUPPORTED') {
    const isMutation = type === 'mutation';
    const reason = isMutation
      ? `${named ?? 'This'} changes something: call it by POST, with its input as the body.`
      : 'Ask queries by GET or POST, and mutations by POST, as application/json.';
    const allow = isMutation ? ['POST'] : ['GET', 'POST'];
    return { code: 'method_not_allowed', reason, evidence: { path: named, allow } };
  }
  if (code === 'BAD_REQUEST' || code === 'PARSE_ERROR') return invalid('invalid_input', toFlaw(message, cause));
  if (code === 'UNSUPPORTED_MEDIA_TYPE') {
    return invalid('unsupported_media_type', `${shorten(message)}: send JSON, as application/json`);
  }
  return undefined;
}

/** What tRPC could not read. */
function toFlaw(message: string, cause: Error | undefined): string {
  if (cause instanceof SyntaxError) return `The input must be JSON: ${shorten(cause.message)}`;
  if (cause instanceof URIError) return `${shorten(message)}: encode it in UTF-8, "%" as %25`;
  return `${shorten(message)}: send one call with its input, or several of one kind as a batch, their inputs by their places ({"0":…,"1":…})`;
}

function invalid(code: ErrorCode, message: string): Reason {
  return { code, reason: message, evidence: { issues: [{ path: '', message }] } };
}
