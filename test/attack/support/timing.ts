import assert from 'node:assert/strict';

/** Times in milliseconds of two things that are to take equally long. */
export interface Samples {
  readonly one: readonly number[];
  readonly other: readonly number[];
}

/** Below these a difference of medians is the machine's. */
const LEAST_SHARE = 0.15;
const LEAST_MS = 0.3;
/** How many standard deviations the rank sum is off, which chance alone gives once in ten thousand times. */
const LEAST_SCORE = 3.9;
const REPETITIONS = 4;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The score of the Mann-Whitney test: how far the two are from being of one distribution. */
function scoreOf({ one, other }: Samples): number {
  const all = [
    ...one.map((ms) => ({ ms, isOne: true })),
    ...other.map((ms) => ({ ms, isOne: false })),
  ];
  const ranked = all.toSorted((a, b) => a.ms - b.ms);
  const rankSum = ranked.reduce((sum, { isOne }, at) => (isOne ? sum + at + 1 : sum), 0);
  const [n, m] = [one.length, other.length];
  const u = rankSum - (n * (n + 1)) / 2;
  return Math.abs(u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** What tells the two apart; undefined when nothing does. */
function differenceOf(samples: Samples): string | undefined {
  const [one, other] = [median(samples.one), median(samples.other)];
  const score = scoreOf(samples);
  const difference = Math.abs(one - other);
  const isClear =
    difference > LEAST_MS && difference > LEAST_SHARE * Math.min(one, other) && score > LEAST_SCORE;
  return isClear
    ? `medians ${one.toFixed(2)} and ${other.toFixed(2)} ms, score ${score.toFixed(1)}`
    : undefined;
}

/** Takes samples of both in turns, the one first as often as the other. */
export async function sample(
  pairs: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Samples> {
  const samples = { one: [] as number[], other: [] as number[] };
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) samples.one.push(await one());
    samples.other.push(await other());
    if (pair % 2 === 1) samples.one.push(await one());
  }
  return samples;
}

/**
 * Checks that the two take equally long, as far as a caller can tell. A busy machine gives differences that come and
 * go; only one that is there each time is a finding.
 */
export async function assertAlike(what: string, measure: () => Promise<Samples>): Promise<void> {
  const differences: string[] = [];
  while (differences.length < REPETITIONS) {
    const difference = differenceOf(await measure());
    if (difference === undefined) return;
    differences.push(difference);
  }
  assert.fail(`${what} can be told apart by time: ${differences.join('; ')}`);
}
