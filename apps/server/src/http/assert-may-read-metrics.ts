import type { IncomingMessage } from 'node:http';
import { TidemarkError } from '@tidemark/services';
import { isSameSecret } from './is-same-secret.ts';

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/**
 * Metrics are for the operator: whoever has the token, or where none is set, whoever asks from this machine itself and not
 * by way of a proxy on it, which would pass strangers on.
 */
export function assertMayReadMetrics({ headers, socket }: IncomingMessage, token: string | undefined): void {
  if (token !== undefined) {
    if (isSameSecret(headers.authorization ?? '', `Bearer ${token}`)) return;
    throw new TidemarkError(
      'unauthenticated',
      'Metrics need their own token: send the header "authorization: Bearer <token>".',
    );
  }
  const isProxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  if (!isProxied && LOOPBACK.includes(socket.remoteAddress ?? '')) return;
  throw new TidemarkError(
    'forbidden',
    'Metrics are read from the machine itself, or with the token of TIDEMARK_METRICS_TOKEN.',
  );
}
