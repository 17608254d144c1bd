import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * How far a call goes to an address that somebody has typed in: `public` is for addresses of tenants, who must not
 * reach what only this server can; `network` is for those of the operator, whose own systems are where this one is.
 */
export type Reach = 'public' | 'network';

type Subnet = readonly [address: string, bits: number];

/**
 * What nobody has a service at. Link-local is among it, also behind NAT64: at 169.254.169.254 and its likes a cloud gives
 * the machine its own credentials. Azure, and Azure Stack Hub, do so at 168.63.129.16, which only looks public.
 */
const NOWHERE: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['64:ff9b::a9fe:0', 112],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['ff00::', 8],
];
/** The IANA registries of special-purpose addresses: not globally reachable, or IPv4 in another guise. */
const INNER: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fec0::', 10],
];

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) {
    list.addSubnet(address, bits, address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

const outside: Readonly<Record<Reach, BlockList>> = {
  network: listOf(NOWHERE),
  public: listOf([...NOWHERE, ...INNER]),
};

/** Whether an IP address may be called; IPv4 in the notation of IPv6 counts as what it stands for. */
export function isWithinReach(address: string, reach: Reach): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  return !outside[reach].check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether an address names an IP that must not be called. A name is known only when it is looked up: give the
 * connection `lookupWithin` as well, which for an IP is not asked.
 */
export function isBeyondReach({ hostname }: URL, reach: Reach): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && !isWithinReach(address, reach);
}

/** What is told instead of connecting: not what the name stands for, which is nobody's business. */
export function beyondReach(hostname: string): Error {
  return new Error(`${hostname} is at an address that must not be called`);
}

/**
 * Looks names up for a connection and gives only addresses that may be called, so that a name that stands for something
 * else by the time it is called (DNS rebinding) is no way in.
 */
export function lookupWithin(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 4);
      const within = found.filter(({ address }) => isWithinReach(address, reach));
      const [first] = within;
      if (first === undefined) return callback(beyondReach(hostname), '', 4);
      if (options.all === true) callback(null, within);
      else callback(null, first.address, first.family);
    });
  };
}
