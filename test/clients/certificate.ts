import '../../src/platform/tls/reflect-metadata.ts';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { systemClock } from '../../src/platform/index.ts';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** A certificate that signs itself, as people make one for a client, and its private key. @returns PEM, both in one */
export async function newClientCertificate(): Promise<string> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const now = systemClock.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=a client',
    notBefore: new Date(now.epochMilliseconds - 60_000),
    notAfter: new Date(now.epochMilliseconds + 3_600_000),
    keys,
    signingAlgorithm: RSA,
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n${certificate.toString('pem')}\n`;
}
