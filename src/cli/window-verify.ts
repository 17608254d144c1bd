import type { Granularity, Verdict, WindowSums } from '../stamp/aggregation/index.ts';
import { verifyWindows } from '../stamp/aggregation/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, write } from './output.ts';
import { createProgress } from './progress.ts';
import { windowText } from './usage-range.ts';
import { readWindowRange } from './window.ts';

type Different = Extract<Verdict, { verdict: 'different' }>;

interface Summary {
  equal: number;
  different: Different[];
  unverifiable: number;
}

/** `window verify`: computes closed windows anew. */
export async function verify(context: Context, values: Arguments): Promise<ExitCode> {
  const wanted = values.optional('granularity');
  const granularities: readonly Granularity[] =
    wanted === 'hour' || wanted === 'day' ? [wanted] : ['hour', 'day'];
  const summary: Summary = { equal: 0, different: [], unverifiable: 0 };
  const progress = createProgress(context.output, context.clock);
  await withStamp(context, async ({ database }) => {
    for (const granularity of granularities) {
      const range = readWindowRange(values, granularity);
      for await (const verdict of verifyWindows(database, granularity, range)) {
        count(summary, verdict);
        progress.update(
          undefined,
          `verified ${granularity} ${windowText(granularity, verdict.number)}`,
        );
      }
    }
  });
  progress.end();
  await write(context.output.out, context.json ? toJson(toWire(summary)) : inWords(summary));
  return summary.different.length > 0 ? exitCodes.differs : exitCodes.ok;
}

function count(summary: Summary, verdict: Verdict): void {
  if (verdict.verdict === 'equal') summary.equal += 1;
  else if (verdict.verdict === 'unverifiable') summary.unverifiable += 1;
  else summary.different.push(verdict);
}

function toWire({ equal, different, unverifiable }: Summary): object {
  return {
    equal,
    unverifiable,
    different: different.map(({ granularity, number, noted, stored, recomputed, examples }) => ({
      granularity,
      start: windowText(granularity, number),
      noted,
      stored,
      recomputed,
      examples,
    })),
  };
}

function inWords({ equal, different, unverifiable }: Summary): string {
  const windows = `${equal} windows are equal, ${different.length} differ`;
  const left =
    unverifiable === 0
      ? ''
      : `, ${unverifiable} cannot be verified because what they were made of is past retention`;
  return `${different.map(describe).join('')}${windows}${left}.\n`;
}

function describe({ granularity, number, noted, stored, recomputed, examples }: Different): string {
  const line = (name: string, { rows, records, quantity, hash }: WindowSums): string =>
    `  ${name.padEnd(11)} ${rows} rows, ${records} records, sum ${quantity}, hash ${hash}\n`;
  return [
    `${granularity} ${windowText(granularity, number)} differs:\n`,
    line('at close', noted),
    line('stored', stored),
    line('recomputed', recomputed),
    ...examples.map(({ side, row }) => `  only ${side}: ${row}\n`),
  ].join('');
}
