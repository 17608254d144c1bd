import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { fail, type Instant } from '../../kernel/index.ts';
import type { Clock } from '../clock.ts';
import {
  authorityCertificate,
  namesOf,
  newPrivateKey,
  serverCertificate,
  validityOf,
} from './certificate.ts';
import { PRIVATE_FILE, PUBLIC_FILE, readIfPresent, readOrCreate, replaceFile } from './files.ts';
import { certificateNames, type CertificateName } from './names.ts';

const RENEW_DAYS_BEFORE_END = 30;
const HOURS_PER_DAY = 24;

/** What the HTTPS server needs, and what its clients must be given. */
export interface TlsMaterial {
  /** PEM of the server's private key. */
  readonly key: string;
  /** PEM of the server's certificate. */
  readonly cert: string;
  /** PEM of the authority's certificate: the one that clients trust. */
  readonly ca: string;
  /** Where `ca` lies, to be named in NODE_EXTRA_CA_CERTS or REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  /** Canonical names and addresses in the certificate. */
  readonly names: readonly string[];
  /** When the server certificate ends. */
  readonly until: Instant;
}

/**
 * The server's certificate and the private authority that signs it, kept in `<data>/tls`: made at
 * the first start, reused afterwards. The authority and both keys are kept for good; the server
 * certificate is issued anew when it ends within 30 days or when the names have changed. Several
 * processes may call this for one folder at the same time.
 *
 * @throws ConfigurationInvalid for a name that cannot be in a certificate, when the authority has
 * ended, or when its certificate lies there without its key
 */
export async function ensureTls(options: {
  /** The data folder; `tls` is made in it. */
  readonly data: string;
  /** The address listened on and further names by which clients call. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
}): Promise<TlsMaterial> {
  const folder = join(options.data, 'tls');
  const caFile = join(folder, 'ca.pem');
  const names = certificateNames(options.hosts);
  const now = options.clock.now();
  const authorityKeyPem = await authorityKey(folder, caFile);
  const authorityPem = await readOrCreate(caFile, PUBLIC_FILE, () =>
    authorityCertificate(authorityKeyPem, now),
  );
  refuseEnded(authorityPem, now, folder);
  const serverKeyPem = await readOrCreate(join(folder, 'server.key'), PRIVATE_FILE, newPrivateKey);
  const serverFile = join(folder, 'server.pem');
  let serverPem = await readIfPresent(serverFile);
  if (serverPem === undefined || !serves({ serverPem, serverKeyPem, authorityPem, names, now })) {
    serverPem = await serverCertificate({
      serverKeyPem,
      authorityKeyPem,
      authorityPem,
      names,
      now,
    });
    await replaceFile(serverFile, serverPem, PUBLIC_FILE);
  }
  return {
    key: serverKeyPem,
    cert: serverPem,
    ca: authorityPem,
    caFile,
    names: names.map((name) => name.value),
    until: validityOf(serverPem).until,
  };
}

async function authorityKey(folder: string, caFile: string): Promise<string> {
  const keyFile = join(folder, 'ca.key');
  return readOrCreate(keyFile, PRIVATE_FILE, async () => {
    // A new authority in place of the one that clients already trust would cut them all off.
    if (
      (await readIfPresent(caFile)) !== undefined &&
      (await readIfPresent(keyFile)) === undefined
    ) {
      throw fail('ConfigurationInvalid', {
        option: 'data',
        reason:
          `${keyFile} is missing beside ${caFile}; restore it from a backup, or remove ${folder} ` +
          'to start a new authority and give its ca.pem to all clients',
      });
    }
    return newPrivateKey();
  });
}

function refuseEnded(authorityPem: string, now: Instant, folder: string): void {
  const { until } = validityOf(authorityPem);
  if (Temporal.Instant.compare(until, now) > 0) return;
  throw fail('ConfigurationInvalid', {
    option: 'data',
    reason:
      `the private authority in ${folder} ended at ${until.toString()}; remove that folder to ` +
      'start a new one and give its ca.pem to all clients',
  });
}

function serves(state: {
  readonly serverPem: string;
  readonly serverKeyPem: string;
  readonly authorityPem: string;
  readonly names: readonly CertificateName[];
  readonly now: Instant;
}): boolean {
  if (!isCertificate(state.serverPem)) return false;
  const { from, until } = validityOf(state.serverPem);
  const renewal = state.now.add({ hours: RENEW_DAYS_BEFORE_END * HOURS_PER_DAY });
  if (Temporal.Instant.compare(until, renewal) <= 0) return false;
  if (Temporal.Instant.compare(from, state.now) > 0) return false;
  const certificate = new X509Certificate(state.serverPem);
  const authority = new X509Certificate(state.authorityPem);
  return (
    certificate.checkPrivateKey(createPrivateKey(state.serverKeyPem)) &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    namesOf(state.serverPem).join() === state.names.map((name) => name.value).join()
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber.length > 0;
  } catch {
    // A damaged certificate costs nothing: it is issued again from the keys.
    return false;
  }
}
