export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** One at a time of each key. */
export function turnsOf(): (key: string) => Turns {
  const each = new Map<string, Turns>();
  return (key) => {
    const known = each.get(key) ?? turns(1);
    each.set(key, known);
    return known;
  };
}

/** Lets so many do something at once, and the others wait. */
export function turns(most: number): Turns {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
