interface Reading<Value> {
  readonly running: Promise<Value>;
  next?: Promise<Value>;
}

/**
 * Lets callers that ask the same question at the same time share one read, without giving anybody an
 * answer read before it asked: whoever arrives while a read is running waits for the one after it.
 */
export function sharedReads<Question, Value>(
  read: (question: Question) => Promise<Value>,
  keyOf: (question: Question) => string,
): (question: Question) => Promise<Value> {
  const readings = new Map<string, Reading<Value>>();

  function start(question: Question): Promise<Value> {
    const key = keyOf(question);
    const running = read(question);
    const reading: Reading<Value> = { running };
    readings.set(key, reading);
    const settle = (): void => {
      // A successor has put itself in this place already.
      if (reading.next === undefined && readings.get(key) === reading) readings.delete(key);
    };
    running.then(settle, settle);
    return running;
  }

  return (question) => {
    const reading = readings.get(keyOf(question));
    if (reading === undefined) return start(question);
    reading.next ??= reading.running.then(
      () => start(question),
      () => start(question),
    );
    return reading.next;
  };
}
