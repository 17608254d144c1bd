import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { fail } from '../../kernel/index.ts';

/** Most bytes of a request body, after decompression. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** A request body as it arrives, with the header fields that say how. */
export interface IncomingBody {
  readonly stream: Readable;
  readonly contentEncoding: string | undefined;
  readonly contentLength: number | undefined;
}

/** Room in memory for one body. */
export interface BodyRoom {
  /** @throws ServiceUnavailable when there is no more */
  growTo(bytes: number): void;
}

/**
 * Reads a whole request body, decompressing it on the way.
 * The bound is kept while inflating: a small body that would become a large one is given up as soon as it is over.
 *
 * @throws PayloadTooLarge, UnsupportedMediaType (content coding), InvalidRequestContent (broken compression),
 *   ServiceUnavailable (no room)
 */
export async function readBody(body: IncomingBody, room: BodyRoom): Promise<Buffer> {
  if (body.contentLength !== undefined && body.contentLength > MOST_BODY_BYTES) throw tooLarge();
  const inflater = inflaterFor(body.contentEncoding);
  const source = inflater === undefined ? body.stream : body.stream.pipe(inflater);
  // An error of the connection does not travel through a pipe by itself.
  if (inflater !== undefined) body.stream.once('error', (error) => inflater.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) throw tooLarge();
      room.growTo(bytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (inflater !== undefined && isZlibError(error)) {
      throw fail('InvalidRequestContent', {
        reason: `it cannot be decompressed as ${body.contentEncoding ?? ''}`,
      });
    }
    throw error;
  } finally {
    // What is left of the body is thrown away, so that the answer reaches a sender that is still sending.
    body.stream.unpipe();
    body.stream.resume();
    inflater?.destroy();
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
}

function inflaterFor(
  contentEncoding: string | undefined,
): ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress> | undefined {
  switch ((contentEncoding ?? 'identity').trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'zstd':
      return createZstdDecompress();
    default:
      throw fail('UnsupportedMediaType', {
        header: 'Content-Encoding',
        value: contentEncoding ?? '',
        supported: 'gzip, zstd or none',
      });
  }
}

function tooLarge(): Error {
  return fail('PayloadTooLarge', { limit: MOST_BODY_BYTES });
}

function isZlibError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const code = String(error.code);
  return code.startsWith('Z_') || code.startsWith('ZSTD_') || code.startsWith('ERR_ZSTD');
}
