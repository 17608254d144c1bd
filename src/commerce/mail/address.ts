import { domainToASCII } from 'node:url';

/** What every server takes before the @ without quotes (RFC 5321, section 4.1.2). */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST = 254;
const LONGEST_LOCAL = 64;

/**
 * Reads an e-mail address: one, without a name, quotes, comments or breaks, so that nothing in it can become
 * a second recipient or a header. The domain is in lower case and, where it has other letters, in the form
 * that servers use. Undefined for anything else.
 */
export function parseMailAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > LONGEST) return undefined;
  const local = trimmed.slice(0, at);
  const written = trimmed.slice(at + 1);
  // What a URL would take for something else than a name is not one here.
  if (!/^[\p{L}\p{N}\p{M}.-]+$/u.test(written)) return undefined;
  const domain = domainToASCII(written);
  const isOne = LOCAL.test(local) && local.length <= LONGEST_LOCAL && DOMAIN.test(domain);
  const address = `${local}@${domain}`;
  return isOne && address.length <= LONGEST ? address : undefined;
}
