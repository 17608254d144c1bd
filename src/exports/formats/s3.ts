import { hash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { fail } from '../../kernel/index.ts';
import { callHttps, isBeyondReach, type CallAnswer, type Reach } from '../../platform/index.ts';
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

/** How a store is called. */
export interface S3Room {
  /** Stores that tenants name must not lie within the operator's network. */
  readonly reach: Reach;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** For an answer; a minute unless given. */
  readonly patienceMs?: number | undefined;
}

/** Bytes of a part: all parts but the last have as many, and one is held in memory. */
const PART_BYTES = 8 * 2 ** 20;
const PATIENCE_MS = 60_000;
const MOST_PARTS = 10_000;
/** Answers say little; one that goes on and on is none. */
const MOST_ANSWER_BYTES = 2 ** 20;

const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/**
 * Whether an address may be sent to: https, or http on this machine where that is within reach; nothing behind the host
 * but a path. What a name stands for is found out when it is called.
 */
export function isStoreAddress(text: string, reach: Reach): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return false;
  if (isBeyondReach(url, reach)) return false;
  const isHere = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  return url.protocol === 'https:' || (isHere && reach === 'network');
}

/**
 * A bucket, below a prefix. A file is not there before its upload is completed; small ones are sent at once, larger ones
 * in parts of 8 MiB. Redirections are not followed.
 */
export function s3Destination(target: S3Target, room: S3Room): Destination {
  const store = new Store(target, room);
  return {
    isRemote: true,
    create: (path) => Promise.resolve(store.create(requireSafePath(path))),
    read: () => Promise.resolve(undefined),
    remove: async (path) => {
      await store.send('DELETE', requireSafePath(path), '', undefined, [404]);
    },
  };
}

class Store {
  readonly #target: S3Target;
  readonly #room: S3Room;
  readonly #base: string;
  /** Keys of a day, which are derived once. */
  readonly #keys = new Map<string, ArrayBuffer>();

  constructor(target: S3Target, room: S3Room) {
    this.#target = target;
    this.#room = room;
    const { endpoint, bucket, prefix } = target;
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
      const { headers } = await this.send('PUT', path, query, Buffer.concat(held));
      tags.push(headers.etag ?? '');
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
    const { text } = await this.send('POST', path, '?uploads=', undefined);
    const [, id] = /<UploadId>([^<]{1,2000})<\/UploadId>/.exec(text) ?? [];
    if (id !== undefined) return id;
    throw fail('ExportDestinationFailed', { reason: 'the store did not say how to upload parts' });
  }

  async #complete(path: string, upload: string, tags: readonly string[]): Promise<void> {
    const parts = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${xmlText(tag)}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const query = `?uploadId=${encodeURIComponent(upload)}`;
    const { text } = await this.send('POST', path, query, Buffer.from(xml, 'utf8'));
    // A store may answer 200 and say in the body that it failed after all.
    if (!/<Error>/.test(text)) return;
    throw fail('ExportDestinationFailed', { reason: 'the store could not put the parts together' });
  }

  /** @throws ExportDestinationFailed; the address and the keys are not repeated */
  async send(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    query: string,
    body: Uint8Array | undefined,
    fine: readonly number[] = [],
  ): Promise<CallAnswer> {
    const { reach, signal, patienceMs = PATIENCE_MS } = this.#room;
    const url = `${this.#base}${path}${query}`;
    const told = (reason: string, cause?: unknown): Error =>
      fail('ExportDestinationFailed', { reason: `${path}: ${reason}` }, { cause });
    const timeout = AbortSignal.timeout(patienceMs);
    const headers = await this.#sign(method, url, body);
    let answer: CallAnswer;
    try {
      answer = await callHttps(url, {
        method,
        headers: { ...headers, 'content-length': body?.length ?? 0 },
        ...(body !== undefined && { body }),
        reach,
        isPlainAllowed: reach === 'network',
        maxBytes: MOST_ANSWER_BYTES,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
    } catch (error) {
      throw told(
        timeout.aborted ? 'the store does not answer' : 'the store cannot be reached',
        error,
      );
    }
    const { status, text } = answer;
    if ((status >= 200 && status < 300) || fine.includes(status)) return answer;
    const [, code = ''] = /<Code>([A-Za-z0-9]{1,80})<\/Code>/.exec(text.slice(0, 4000)) ?? [];
    throw told(`the store answered ${status}${code === '' ? '' : ` ${code}`}`);
  }

  /** Signature Version 4, over the bytes as well. @returns the headers to send */
  async #sign(
    method: string,
    url: string,
    body: Uint8Array | undefined,
  ): Promise<Readonly<Record<string, string>>> {
    const { accessKeyId, secretAccessKey, region } = this.#target;
    const signer = new AwsV4Signer({
      method,
      url,
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      cache: this.#keys,
      headers: { 'x-amz-content-sha256': hash('sha256', body ?? '') },
    });
    const { headers } = await signer.sign();
    return Object.fromEntries(headers);
  }
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
