import { createHash, hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before } from 'node:test';
import { systemClock } from '../../src/platform/index.ts';
import type { S3Target } from '../../src/exports/formats/index.ts';
import { readAuthorization, signatureOf } from './s3-signature.ts';

/** A store on this machine that looks at every signature, and takes nothing that is not signed rightly. */
export interface TestStore {
  readonly target: S3Target;
  /** By key, in the order in which they came. */
  readonly objects: Map<string, Buffer>;
  /** First lines of what was asked. */
  readonly asked: string[];
  /** Answers in the place of the store, unless it returns false. */
  answer: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const REGION = 'eu-central-1';
/** Seconds by which the clock of a request may be off. */
const MOST_SKEW = 900;

/** Gives the `describe` in which it is called a store with a bucket `costs`. */
export function withTestStore(): TestStore {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer[]>();
  const asked: string[] = [];
  const store: { -readonly [Name in keyof TestStore]: TestStore[Name] } = {
    target: {
      endpoint: '',
      region: REGION,
      bucket: 'costs',
      prefix: 'at/las',
      accessKeyId: KEY,
      secretAccessKey: SECRET,
    },
    objects,
    asked,
    answer: () => false,
  };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (store.answer(request, response)) return;
    void bodyOf(request).then((body) => {
      const code = refusalOf(request, body);
      if (code === undefined) serve(request, body, response);
      else response.writeHead(403).end(`<Error><Code>${code}</Code></Error>`);
    });
  });
  const serve = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const url = new URL(request.url ?? '', 'http://store');
    const key = decodeURIComponent(url.pathname).replace('/costs/', '');
    const id = url.searchParams.get('uploadId');
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (url.searchParams.has('uploads')) {
      uploads.set(`id of ${key}`, []);
      response.end(`<R><UploadId>id of ${key}</UploadId></R>`);
    } else if (id !== null && request.method === 'PUT') {
      uploads.get(id)?.push(body);
      response.writeHead(200, { etag: hash('md5', body) }).end();
    } else {
      objects.set(key, id === null ? body : Buffer.concat(uploads.get(id) ?? []));
      response.end();
    }
  };
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('no port');
    store.target = { ...store.target, endpoint: `http://127.0.0.1:${address.port}` };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return store;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Why a store would not take a request. */
function refusalOf(request: IncomingMessage, body: Buffer): string | undefined {
  const { method = '', url: target = '' } = request;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const said = readAuthorization(headers['authorization']);
  if (said === undefined) return 'AccessDenied';
  if (said.accessKeyId !== KEY) return 'InvalidAccessKeyId';
  if (said.region !== REGION) return 'AuthorizationHeaderMalformed';
  for (const name of ['host', 'x-amz-content-sha256', 'x-amz-date']) {
    if (!said.signedHeaders.includes(name)) return 'AccessDenied';
  }
  const sum = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== sum) return 'XAmzContentSHA256Mismatch';
  if (!isRecent(headers['x-amz-date'] ?? '', said.day)) return 'RequestTimeTooSkewed';
  const wanted = signatureOf({ method, target, headers }, said, SECRET);
  return said.signature === wanted ? undefined : 'SignatureDoesNotMatch';
}

function isRecent(time: string, day: string): boolean {
  if (!/^[0-9]{8}T[0-9]{6}Z$/.test(time) || !time.startsWith(day)) return false;
  const text = time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  const off = systemClock.now().since(Temporal.Instant.from(text)).total('seconds');
  return Math.abs(off) < MOST_SKEW;
}
