import { AwsClient } from 'aws4fetch';
import { fail } from '../../kernel/index.ts';
import { requireSafePath, type Destination, type NewFile } from './destination.ts';

/** A bucket of a store that speaks S3. */
export interface S3Target {
  /** Such as https://s3.example.org; http only on this machine. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before the names of files; may be empty. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Bytes of a part: all parts but the last have as many, and one is held in memory. */
const PART_BYTES = 8 * 2 ** 20;
const PATIENCE_MS = 60_000;
const MOST_PARTS = 10_000;

const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/** Whether an address may be sent to: https, or http on this machine; nothing behind the host but a path. */
export function isStoreAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

/**
 * A bucket, below a prefix. A file is not there before its upload is completed; small ones are sent at once, larger ones
 * in parts of 8 MiB. Redirections are not followed.
 */
export function s3Destination(target: S3Target): Destination {
  const store = new Store(target);
  return {
    create: (path) => Promise.resolve(store.create(requireSafePath(path))),
    read: () => Promise.resolve(undefined),
    remove: async (path) => {
      await store.send('DELETE', requireSafePath(path), '', undefined, [404]);
    },
  };
}

class Store {
  readonly #client: AwsClient;
  readonly #base: string;

  constructor({ endpoint, region, bucket, prefix, accessKeyId, secretAccessKey }: S3Target) {
    this.#client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      retries: 0,
    });
    const below = prefix === '' ? '' : `${requireSafePath(prefix)}/`;
    this.#base = `${endpoint.replace(/\/+$/, '')}/${bucket}/${below}`;
  }

  create(path: string): NewFile {
    let held: Uint8Array[] = [];
    let size = 0;
    let upload: string | undefined;
    const tags: string[] = [];
    const sendPart = async (): Promise<void> => {
      upload ??= await this.#begin(path);
      const number = tags.length + 1;
      if (number > MOST_PARTS) {
        throw fail('ExportDestinationFailed', { reason: `${path} is larger than a store takes` });
      }
      const query = `?partNumber=${number}&uploadId=${encodeURIComponent(upload)}`;
      const answer = await this.send('PUT', path, query, Buffer.concat(held));
      tags.push(answer.headers.get('etag') ?? '');
      held = [];
      size = 0;
    };
    return {
      write: async (bytes) => {
        for (let at = 0; at < bytes.length;) {
          const taken = bytes.subarray(at, at + PART_BYTES - size);
          held.push(taken.slice());
          size += taken.length;
          at += taken.length;
          if (size === PART_BYTES) await sendPart();
        }
      },
      commit: async () => {
        if (upload === undefined) {
          await this.send('PUT', path, '', Buffer.concat(held));
          return;
        }
        if (size > 0) await sendPart();
        await this.#complete(path, upload, tags);
      },
      abandon: async () => {
        if (upload === undefined) return;
        const query = `?uploadId=${encodeURIComponent(upload)}`;
        await this.send('DELETE', path, query, undefined, [404]).catch(() => undefined);
      },
    };
  }

  async #begin(path: string): Promise<string> {
    const answer = await this.send('POST', path, '?uploads=', undefined);
    const [, id] = /<UploadId>([^<]{1,2000})<\/UploadId>/.exec(await answer.text()) ?? [];
    if (id !== undefined) return id;
    throw fail('ExportDestinationFailed', { reason: 'the store did not say how to upload parts' });
  }

  async #complete(path: string, upload: string, tags: readonly string[]): Promise<void> {
    const parts = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${xmlText(tag)}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const query = `?uploadId=${encodeURIComponent(upload)}`;
    const answer = await this.send('POST', path, query, Buffer.from(xml, 'utf8'));
    // A store may answer 200 and say in the body that it failed after all.
    const text = await answer.text();
    if (!/<Error>/.test(text)) return;
    throw fail('ExportDestinationFailed', { reason: 'the store could not put the parts together' });
  }

  /** @throws ExportDestinationFailed; the address and the keys are not repeated */
  async send(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    query: string,
    body: Uint8Array<ArrayBuffer> | undefined,
    fine: readonly number[] = [],
  ): Promise<Response> {
    const url = `${this.#base}${path}${query}`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const told = (reason: string, cause?: unknown): Error =>
      fail('ExportDestinationFailed', { reason: `${path}: ${reason}` }, { cause });
    let answer: Response;
    try {
      const init = { method, body: body ?? null, signal, redirect: 'manual' } as const;
      answer = await this.#client.fetch(url, init);
    } catch (error) {
      throw told('the store cannot be reached', error);
    }
    if (answer.ok || fine.includes(answer.status)) return answer;
    const text = (await answer.text().catch(() => '')).slice(0, 4000);
    const [, code = ''] = /<Code>([A-Za-z0-9]{1,80})<\/Code>/.exec(text) ?? [];
    throw told(`the store answered ${answer.status}${code === '' ? '' : ` ${code}`}`);
  }
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
