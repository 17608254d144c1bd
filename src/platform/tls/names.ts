import { isIP } from 'node:net';
import { fail } from '../../kernel/index.ts';

/**
 * A name that the server certificate answers for. `value` is canonical: see {@link
 * certificateNames}.
 */
export interface CertificateName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

const ALWAYS = ['localhost', '127.0.0.1', '::1'];
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DNS_NAME = new RegExp(`^(?=.{1,253}$)(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/**
 * The one spelling of a host name or address: DNS names in lower-case ASCII, IPv6 compressed and
 * without brackets. Undefined when the text is neither.
 */
export function canonicalHost(text: string): string | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const family = isIP(bare);
  if (family === 4) return bare;
  if (family === 6) {
    // A zone (fe80::1%eth0) has a meaning on one machine only and no place in a certificate.
    if (bare.includes('%')) return undefined;
    return new URL(`https://[${bare}]`).hostname.slice(1, -1);
  }
  const lower = bare.toLowerCase().replace(/\.$/, '');
  return DNS_NAME.test(lower) ? lower : undefined;
}

/**
 * The names of the server certificate: the loopback ones always, then the given hosts, sorted and
 * each once. The addresses that mean "every interface" are nobody's name and are left out.
 *
 * @throws ConfigurationInvalid when a host is neither a DNS name (non-ASCII ones in their xn--
 * form) nor an address
 */
export function certificateNames(hosts: readonly string[]): CertificateName[] {
  const values = [...ALWAYS, ...hosts].map((host) => {
    const value = canonicalHost(host);
    if (value !== undefined) return value;
    throw fail('ConfigurationInvalid', {
      option: 'host or hostNames',
      reason: `'${host}' is neither a host name nor an IP address`,
    });
  });
  return [...new Set(values)]
    .filter((value) => !ANY_ADDRESS.has(value))
    .toSorted()
    .map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }));
}
