import { createHash, createHmac } from 'node:crypto';

/** A request as a store has received it. */
export interface SignedRequest {
  readonly method: string;
  /** With the query, as it stands in the first line. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the header `Authorization` says. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([0-9]{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

export function readAuthorization(header: string | undefined): Authorization | undefined {
  const found = FORM.exec(header ?? '');
  if (found === null) return undefined;
  const [, accessKeyId = '', day = '', region = '', names = '', signature = ''] = found;
  return { accessKeyId, day, region, signedHeaders: names.split(';'), signature };
}

/**
 * The signature that a request must have, after the document "Signature Calculations for the Authorization Header:
 * Transferring Payload in a Single Chunk" of Amazon S3. Written from the document, and from nothing that signs.
 */
export function signatureOf(
  { method, target, headers }: SignedRequest,
  { day, region, signedHeaders }: Pick<Authorization, 'day' | 'region' | 'signedHeaders'>,
  secret: string,
): string {
  const [path = '', query = ''] = target.split('?');
  const canonical = [
    method,
    path
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return `${encoded(decodeURIComponent(name))}=${encoded(decodeURIComponent(value))}`;
      })
      .toSorted()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'] ?? '', scope, digest].join('\n');
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, 's3', 'aws4_request']) {
    key = createHmac('sha256', key).update(part).digest();
  }
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Every byte but the unreserved of RFC 3986. */
function encoded(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const letter = String.fromCodePoint(byte);
      return /[A-Za-z0-9._~-]/.test(letter)
        ? letter
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
