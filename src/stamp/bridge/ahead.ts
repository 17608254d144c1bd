/**
 * Reads ahead: takes up to `most` items before they are asked for, while the reader is busy with those before. Ends the
 * source when the reader stops.
 */
export async function* readAhead<T>(source: AsyncGenerator<T>, most: number): AsyncGenerator<T> {
  const waiting: Promise<IteratorResult<T>>[] = [];
  // An async generator answers in the order in which it was asked, so several requests may be open.
  const ask = (): void => {
    const next = source.next();
    // Told where it is awaited.
    next.catch(() => undefined);
    waiting.push(next);
  };
  try {
    for (;;) {
      while (waiting.length < most) ask();
      const item = await waiting.shift();
      if (item === undefined || item.done === true) return;
      yield item.value;
    }
  } finally {
    await source.return(undefined).catch(() => undefined);
  }
}
