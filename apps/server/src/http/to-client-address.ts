import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { isSameSecret } from './is-same-secret.ts';

/** Whose word on an address is believed. */
export type TrustedProxies = {
  /** How many of them requests pass. */
  readonly count: number;
  /** What the dashboard proves itself by; undefined: it is a caller like others. */
  readonly dashboardToken: string | undefined;
};

/**
 * The address that a request came from. Each proxy appends the address that it saw to `x-forwarded-for`, so behind
 * `count` of them it is that many places from the end; what stands before it anyone may have written. The dashboard
 * is one proxy more for those who use it.
 */
export function toClientAddress(
  { socket, headers }: IncomingMessage,
  { count, dashboardToken }: TrustedProxies,
): string | undefined {
  const { remoteAddress } = socket;
  const given = headers['x-tidemark-dashboard'];
  const isDashboard = dashboardToken !== undefined && isSameSecret(String(given ?? ''), dashboardToken);
  const passed = isDashboard ? count + 1 : count;
  if (passed === 0) return normalize(remoteAddress);
  const seen = [...(headers['x-forwarded-for'] ?? '').toString().split(','), remoteAddress ?? ''];
  return normalize(seen.at(-1 - passed)?.trim()) ?? normalize(remoteAddress);
}

/** One end user has a whole /64 of IPv6; taken address by address it would be no limit. Undefined for no address. */
function normalize(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return undefined;
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: gap }, () => '0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
