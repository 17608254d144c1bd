import { isIPv6 } from 'node:net';

/** An IPv4 address that came to a socket for both. */
const MAPPED = /^::ffff:(\d+(?:\.\d+){3})$/i;
const WORDS = 8;
const NETWORK_WORDS = 4;

/**
 * What is counted as one caller: the IPv4 address, or the network of 64 bits that the IPv6 address is
 * of. Whoever has one address of such a network has all of them.
 */
export function networkOf(address: string): string {
  const [, mapped] = MAPPED.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [withoutZone = ''] = address.split('%', 1);
  const { hostname } = new URL(`http://[${withoutZone}]`);
  const [front = [], back = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((word) => word !== ''));
  const zeros = Array.from({ length: WORDS - front.length - back.length }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, NETWORK_WORDS).join(':')}::/64`;
}
