import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The address that a request came from. Each proxy appends the address that it saw to `x-forwarded-for`, so behind
 * `trustedProxies` of them it is that many places from the end; what stands before it anyone may have written.
 */
export function toClientAddress({ socket, headers }: IncomingMessage, trustedProxies: number): string | undefined {
  const { remoteAddress } = socket;
  if (trustedProxies === 0) return normalize(remoteAddress);
  const seen = [...(headers['x-forwarded-for'] ?? '').toString().split(','), remoteAddress ?? ''];
  return normalize(seen.at(-1 - trustedProxies)?.trim()) ?? normalize(remoteAddress);
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
