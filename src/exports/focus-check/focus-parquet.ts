import { Worker } from 'node:worker_threads';
import { fail } from '../../kernel/index.ts';
import type { FocusTable } from '../focus/index.ts';
import { tableOf, type FocusFileOptions } from './focus-header.ts';
import type { Row } from './site.ts';

/** What a file says that it has. */
export interface ParquetShape {
  readonly columns: readonly string[];
  /** Rows of each group. */
  readonly groups: readonly number[];
  readonly rows: number;
}

/** What the thread that decodes answers. */
export type ParquetAnswer =
  | { readonly shape: ParquetShape }
  | { readonly rows: readonly Row[] }
  | { readonly problem: string };

/** How long may be decoded before it is taken as damaged: at the least, and for each row. */
const LEAST_MILLISECONDS = 60_000;
const MILLISECONDS_PER_ROW = 2;
const MOST_MEGABYTES = 4096;

/**
 * Reads a Parquet file as a table of FOCUS: values as the text that CSV would have, decimals and times with all their
 * digits, lists and maps as JSON. A group of rows at a time is held.
 *
 * @param leastMilliseconds for which a file may be decoded, whatever it says of itself
 * @throws FocusFileInvalid when it is none, or is not whole; `rows` throws it for a group that cannot be read
 */
export async function readFocusParquet(
  file: string,
  options: FocusFileOptions = {},
  leastMilliseconds = LEAST_MILLISECONDS,
): Promise<FocusTable> {
  const first = new Decoder(file, leastMilliseconds);
  let shape: ParquetShape;
  try {
    shape = await first.shape();
  } finally {
    await first.end();
  }
  const rows = async function* inOrder(): AsyncGenerator<Row> {
    const decoder = new Decoder(file, leastMilliseconds);
    try {
      let start = 0;
      for (const [index, count] of shape.groups.entries()) {
        yield* await decoder.group(index, start, count);
        start += count;
      }
      if (start === shape.rows) return;
      const reason = `it says that it has ${shape.rows} rows, and its groups have ${start}`;
      throw fail('FocusFileInvalid', { file, reason });
    } finally {
      await decoder.end();
    }
  };
  return tableOf(file, { columns: shape.columns, rows }, options);
}

/** A thread that decodes one file. */
class Decoder {
  readonly #file: string;
  readonly #least: number;
  readonly #worker: Worker;

  constructor(file: string, least: number) {
    this.#file = file;
    this.#least = least;
    this.#worker = new Worker(new URL('parquet-process.ts', import.meta.url), {
      workerData: file,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    // What goes wrong while nobody asks is said to the next who does.
    this.#worker.on('error', () => {});
  }

  async shape(): Promise<ParquetShape> {
    const answer = await this.#ask(undefined, 0, 'its end');
    if (!('shape' in answer)) throw new TypeError('the thread answered something else');
    return answer.shape;
  }

  async group(index: number, start: number, count: number): Promise<readonly Row[]> {
    const answer = await this.#ask([start, count], count, `its group of rows ${index + 1}`);
    if (!('rows' in answer)) throw new TypeError('the thread answered something else');
    return answer.rows;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(
    group: readonly [number, number] | undefined,
    rows: number,
    what: string,
  ): Promise<ParquetAnswer> {
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<ParquetAnswer>();
    const most = this.#least + rows * MILLISECONDS_PER_ROW;
    const problem = `it was not decoded within ${Math.ceil(most / 1000)} seconds`;
    const timer = setTimeout(() => resolve({ problem }), most);
    const onError = (error: Error): void => resolve({ problem: error.message });
    const onExit = (): void => resolve({ problem: 'decoding it ended unexpectedly' });
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, unlike a window
    worker.postMessage(group);
    const answer = await promise;
    clearTimeout(timer);
    worker.off('message', resolve).off('error', onError).off('exit', onExit);
    if (!('problem' in answer)) return answer;
    const reason = `${what} is no Parquet that is whole (${answer.problem})`;
    throw fail('FocusFileInvalid', { file: this.#file, reason });
  }
}
