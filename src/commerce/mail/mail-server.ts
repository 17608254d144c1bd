import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import { parseMailAddress } from './address.ts';

/** The server that takes our mail, and as whom we send it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /**
   * - implicit: encrypted from the first byte (smtps);
   * - required: by STARTTLS, or not at all;
   * - possible: by STARTTLS where the server has it. On this machine alone, and where the operator says so.
   */
  readonly encryption: 'implicit' | 'required' | 'possible';
  readonly login: { readonly user: string; readonly pass: string } | undefined;
  /** PEM of the authority of its certificate, where it is a private one. */
  readonly ca: string | undefined;
  readonly from: string;
}

/** How the server is configured. */
export interface MailConfig {
  readonly smtpUrl?: string | undefined;
  readonly mailFrom?: string | undefined;
}

const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;
const PARAMETERS: ReadonlySet<string> = new Set(['tls', 'ca']);

/**
 * Reads which server takes mail; undefined when there is none. What cannot be used is told without the
 * address, which may hold a password.
 *
 * @throws ConfigurationInvalid
 */
export function readMailServer({ smtpUrl, mailFrom }: MailConfig): MailServer | undefined {
  if (smtpUrl === undefined) return undefined;
  const url = URL.parse(smtpUrl);
  const protocol = url?.protocol;
  if (url === null || (protocol !== 'smtps:' && protocol !== 'smtp:') || url.hostname === '') {
    throw invalid('it is not an address like smtps://user:password@host:465');
  }
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined || !['', '/'].includes(url.pathname) || url.hash !== '') {
    throw invalid('behind the host and the port only ?ca=FILE and ?tls=optional are understood');
  }
  const host = decoded(url.hostname).replace(/^\[|\]$/g, '');
  const login = loginOf(url);
  return {
    host,
    port: url.port === '' ? PORTS[protocol] : Number.parseInt(url.port, 10),
    encryption: encryptionOf(url, host, login !== undefined),
    login,
    ca: readCa(url.searchParams.get('ca')),
    from: senderOf(mailFrom, host),
  };
}

function loginOf(url: URL): MailServer['login'] {
  if (url.username === '' && url.password === '') return undefined;
  if (url.username === '' || url.password === '') {
    throw invalid('user and password belong together');
  }
  return { user: decoded(url.username), pass: decoded(url.password) };
}

/** Mail says what others pay: it goes encrypted, or stays on this machine, unless the operator wants it so. */
function encryptionOf(url: URL, host: string, hasLogin: boolean): MailServer['encryption'] {
  const asked = url.searchParams.get('tls');
  if (asked !== null && asked !== 'optional') throw invalid('tls can only be optional');
  if (url.protocol === 'smtps:') {
    if (asked !== null) throw invalid('smtps is always encrypted, so tls cannot be optional');
    return 'implicit';
  }
  if (isThisMachine(host)) return 'possible';
  if (asked === null) return 'required';
  if (hasLogin) throw invalid('a password is not sent where encryption is optional');
  return 'possible';
}

function isThisMachine(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readCa(path: string | null): string | undefined {
  if (path === null) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no file';
    throw invalid(`the file of ca cannot be read (${reason})`);
  }
}

function senderOf(mailFrom: string | undefined, host: string): string {
  if (mailFrom !== undefined) {
    const from = parseMailAddress(mailFrom);
    if (from !== undefined) return from;
    throw fail('ConfigurationInvalid', {
      option: 'mailFrom',
      reason: 'it is not an address like billing@example.org',
    });
  }
  const from = parseMailAddress(
    `stackmeter@${isThisMachine(host) || isIP(host) !== 0 ? 'localhost' : host}`,
  );
  if (from !== undefined && (isIP(host) === 0 || isThisMachine(host))) return from;
  throw fail('ConfigurationInvalid', {
    option: 'mailFrom',
    reason: 'it has to be given, since the mail server has no name that could stand in it',
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('a percent sign in it is written as %25');
  }
}

function invalid(reason: string): StackmeterError {
  return fail('ConfigurationInvalid', { option: 'smtpUrl', reason });
}
