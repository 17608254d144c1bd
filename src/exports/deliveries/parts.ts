import type { TableRow } from '../formats/index.ts';

/**
 * Cuts rows into parts of at most so many, each to be read to its end before the next one. There is one part at least,
 * so that a table without rows has a file too.
 */
export async function* partsOf(
  rows: AsyncIterable<TableRow>,
  most: number,
): AsyncGenerator<AsyncIterable<TableRow>> {
  const source = rows[Symbol.asyncIterator]();
  try {
    let next = await source.next();
    do {
      yield (async function* part() {
        for (let count = 0; count < most && next.done !== true; count++) {
          yield next.value;
          next = await source.next();
        }
      })();
    } while (next.done !== true);
  } finally {
    await source.return?.();
  }
}
