interface Reading<Value> {
  readonly running: Promise<Value>;
  next?: Promise<Value>;
}

/**
 * Lets callers that ask for the same key at the same time share one read, without giving anybody an
 * answer read before it asked: whoever arrives while a read is running waits for the one after it.
 */
export function sharedReads<Key, Value>(
  read: (key: Key) => Promise<Value>,
): (key: Key) => Promise<Value> {
  const readings = new Map<Key, Reading<Value>>();

  function start(key: Key): Promise<Value> {
    const running = read(key);
    const reading: Reading<Value> = { running };
    readings.set(key, reading);
    const settle = (): void => {
      // A successor has put itself in this place already.
      if (reading.next === undefined && readings.get(key) === reading) readings.delete(key);
    };
    running.then(settle, settle);
    return running;
  }

  return (key) => {
    const reading = readings.get(key);
    if (reading === undefined) return start(key);
    reading.next ??= reading.running.then(
      () => start(key),
      () => start(key),
    );
    return reading.next;
  };
}
