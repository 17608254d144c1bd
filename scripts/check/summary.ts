/** The closing lines of `npm test`. */

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One line of a step, as printed when it ends and again in the table. */
export function stepLine({ name, ok, seconds }: StepResult): string {
  return `${name.padEnd(14)}${seconds.toFixed(1).padStart(7)} s  ${ok ? 'ok' : 'FAILED'}`;
}

/**
 * The table of steps, and as the last line the count: `N passed, N failed`, with `, N skipped` when
 * there are any. The counts are of tests; a check that failed counts as one failure more, so that a
 * run that failed never ends in `0 failed`.
 */
export function summary(steps: readonly StepResult[], tests: Counts, seconds: number): string {
  const checks = steps.filter(({ name, ok }) => !ok && name !== 'tests').length;
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
  return [
    ...steps.map(stepLine),
    stepLine({ name: 'total', ok: steps.every(({ ok }) => ok), seconds }),
    '',
    `${tests.passed} passed, ${tests.failed + checks} failed${skipped}`,
  ].join('\n');
}
