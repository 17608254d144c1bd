/** One measured figure, beside the floor or ceiling that was measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** what the machine can do at all for this kind of work, in the same unit; null where there is no such thing */
  readonly floor: number | null;
  /** value / floor */
  readonly ratio: number | null;
}

/** Collects figures and prints each as it comes: a line for people, or one of JSON. */
export class Report {
  readonly figures: Figure[] = [];
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  add(name: string, value: number, unit: string, floor?: number): void {
    const figure: Figure = {
      name,
      value: round(value),
      unit,
      floor: floor === undefined ? null : round(floor),
      ratio: floor === undefined || floor === 0 ? null : round(value / floor),
    };
    this.figures.push(figure);
    this.#print(figure);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  #print(figure: Figure): void {
    if (this.#json) {
      process.stdout.write(`${JSON.stringify(figure)}\n`);
      return;
    }
    const beside =
      figure.floor === null ? '' : `   beside ${figure.floor} (ratio ${String(figure.ratio)})`;
    process.stdout.write(
      `${figure.name.padEnd(34)} ${String(figure.value).padStart(12)} ${figure.unit}${beside}\n`,
    );
  }
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
}

/** The value that `share` (0 to 1) of the samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}
