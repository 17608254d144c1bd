import './reflect-metadata.ts';
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Instant } from '../../kernel/index.ts';
import { canonicalHost, type CertificateName } from './names.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const HOURS_PER_DAY = 24;
const AUTHORITY_DAYS = 20 * 365;
/** Longer than this is refused by the platforms that limit server certificates. */
const SERVER_DAYS = 397;
/** Clients whose clock is a little behind ours accept a certificate issued a moment ago. */
const BACKDATED_HOURS = 1;

x509.cryptoProvider.set(webcrypto);

/** A fresh P-256 private key, PKCS #8 in PEM. */
export async function newPrivateKey(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

async function importKeys(
  pem: string,
): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }> {
  const key = createPrivateKey(pem);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['sign']),
    webcrypto.subtle.importKey('spki', spki, CURVE, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

function newSerial(): string {
  const bytes = randomBytes(16);
  // A leading byte of 0x40..0x7f keeps the number positive and of fixed length.
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function toDate(instant: Instant): Date {
  return new Date(instant.epochMilliseconds);
}

function fromDate(date: Date): Instant {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime());
}

function validity(now: Instant, days: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: toDate(now.subtract({ hours: BACKDATED_HOURS })),
    notAfter: toDate(now.add({ hours: days * HOURS_PER_DAY })),
  };
}

/**
 * The certificate of the private authority: self-signed, may sign server certificates and nothing
 * else. Its subject is derived from the key, so that certificates made twice for one key stand for
 * each other, and two installations are never taken for one another.
 *
 * @returns PEM
 */
export async function authorityCertificate(keyPem: string, now: Instant): Promise<string> {
  const keys = await importKeys(keyPem);
  const identifier = await x509.SubjectKeyIdentifierExtension.create(keys.publicKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=Stackmeter private authority ${identifier.keyId.slice(0, 8)}`,
    ...validity(now, AUTHORITY_DAYS),
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      identifier,
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/**
 * A server certificate for the names, signed by the authority, valid 397 days but never longer
 * than the authority itself.
 *
 * @returns PEM
 */
export async function serverCertificate(options: {
  readonly serverKeyPem: string;
  readonly authorityKeyPem: string;
  readonly authorityPem: string;
  readonly names: readonly CertificateName[];
  readonly now: Instant;
}): Promise<string> {
  const authority = new x509.X509Certificate(options.authorityPem);
  const [signer, server] = await Promise.all([
    importKeys(options.authorityKeyPem),
    importKeys(options.serverKeyPem),
  ]);
  const { notBefore, notAfter } = validity(options.now, SERVER_DAYS);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: 'CN=Stackmeter',
    issuer: authority.subject,
    notBefore,
    notAfter: notAfter < authority.notAfter ? notAfter : authority.notAfter,
    publicKey: server.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([...options.names]),
      await x509.SubjectKeyIdentifierExtension.create(server.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** The half-open span in which the certificate is valid. */
export function validityOf(pem: string): { readonly from: Instant; readonly until: Instant } {
  const certificate = new x509.X509Certificate(pem);
  return { from: fromDate(certificate.notBefore), until: fromDate(certificate.notAfter) };
}

/** The canonical names of the certificate, sorted. */
export function namesOf(pem: string): string[] {
  const extension = new x509.X509Certificate(pem).getExtension(
    x509.SubjectAlternativeNameExtension,
  );
  const names = extension?.names.toJSON() ?? [];
  return names.map(({ value }) => canonicalHost(value) ?? value).toSorted();
}
