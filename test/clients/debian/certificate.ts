import { X509Certificate } from 'node:crypto';

/** What the authority keeps of a certificate. */
export function certificateJwk(pem: string): { publicJwk: string; thumbprint: string } {
  const certificate = new X509Certificate(pem);
  return {
    publicJwk: JSON.stringify(certificate.publicKey.export({ format: 'jwk' })),
    thumbprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
