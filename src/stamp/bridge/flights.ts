/** Calls that are under way at the same time. */
export interface Flights {
  /** Begins a call. */
  start(call: Promise<void>): void;
  /** Waits until at most `most` are under way. @throws what the first that failed has thrown */
  room(most: number): Promise<void>;
  /** Waits for all of them, also those that fail. */
  ended(): Promise<void>;
}

export function createFlights(): Flights {
  const underWay = new Set<Promise<void>>();
  const failures: Error[] = [];
  return {
    start(call) {
      const flight = call
        .catch((error: unknown) => {
          failures.push(error instanceof Error ? error : new Error(String(error)));
        })
        .finally(() => underWay.delete(flight));
      underWay.add(flight);
    },
    async room(most) {
      while (underWay.size > most && failures.length === 0) await Promise.race(underWay);
      const [first] = failures;
      if (first !== undefined) throw first;
    },
    async ended() {
      await Promise.all(underWay);
    },
  };
}
