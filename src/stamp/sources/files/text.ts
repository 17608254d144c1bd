import { createReadStream } from 'node:fs';
import { fail, type StackmeterError } from '../../../kernel/index.ts';

/** A file by its path, or its bytes. */
export type ImportSource = string | AsyncIterable<Uint8Array>;

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The text of a file, piece by piece. UTF-8 and UTF-16 of either byte order are told apart by the byte order mark; without
 * one, by the zero bytes that every other byte of UTF-16 is where the text begins with ASCII. The mark is not part of the text.
 *
 * @throws StackmeterError ImportFormat when the file cannot be opened, or is not text in these encodings
 */
export async function* readText(source: ImportSource): AsyncGenerator<string> {
  const bytes: AsyncIterable<Uint8Array> =
    typeof source === 'string' ? createReadStream(source, { highWaterMark: CHUNK_BYTES }) : source;
  let decoder: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array(0);
  try {
    for await (const chunk of bytes) {
      if (decoder === undefined) {
        held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
        if (held.length < 3) continue;
        decoder = decoderFor(held);
        yield decoder.decode(held, { stream: true });
      } else {
        yield decoder.decode(chunk, { stream: true });
      }
    }
    yield decoder === undefined ? decoderFor(held).decode(held) : decoder.decode();
  } catch (error) {
    throw asImportError(error);
  }
}

function decoderFor(start: Uint8Array): TextDecoder {
  return new TextDecoder(encodingOf(start), { fatal: true });
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== undefined && first !== 0 && second === 0) return 'utf-16le';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  return 'utf-8';
}

function asImportError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return badFile('it is not text in UTF-8 or UTF-16; save it in one of these encodings', error);
  }
  if (error.code === 'ENOENT') return badFile('there is no such file', error);
  if (error.code === 'EISDIR') return badFile('it is a folder; name a file in it', error);
  if (error.code === 'EACCES') return badFile('it may not be read by this user', error);
  return error;
}

/** An error that concerns the file as a whole. */
export function badFile(reason: string, cause?: unknown): StackmeterError {
  return fail('ImportFormat', { place: 'The file', reason }, { cause });
}

/** An error in one row, counted from 1, without header. */
export function badRow(row: number, reason: string, cause?: unknown): StackmeterError {
  return fail('ImportFormat', { place: `Row ${row}`, reason }, { cause });
}

/** An error in one value. */
export function badValue(row: number, column: string, reason: string): StackmeterError {
  return fail('ImportFormat', { place: `Row ${row}, column ${column}`, reason });
}
