import { hourNumber } from '../../kernel/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import type { AcceptedWindow } from '../../reporting/index.ts';
import { windowName } from '../../reporting/index.ts';
import {
  lastReceived,
  listReceived,
  measureReceived,
  toAccepted,
  type WindowRange,
} from './window-store.ts';

/** Most windows that are listed or stated at once: the hours of a quarter of a year. */
export const MOST_WINDOWS = 92 * 24;
/** Most characters of them; ordinary windows have a few thousand each. */
const MOST_CHARACTERS = 32n * 1024n * 1024n;
/** Windows that are read when nobody says which: the last month. */
const USUAL_WINDOWS = 31 * 24;

/** The windows that are meant when one end or both are left out: the last month up to the last accepted. */
export async function completeRange(
  db: Queryable,
  registrationNumber: number,
  { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
): Promise<WindowRange> {
  const last = to === undefined ? await lastReceived(db, registrationNumber) : undefined;
  const end = to ?? Math.max((last?.window ?? -1) + 1, from ?? 0);
  return { from: from ?? Math.max(0, end - USUAL_WINDOWS), to: end };
}

/**
 * The accepted windows of a range, for a list or a statement. They are all in memory at once, hence
 * the bounds: {@link MOST_WINDOWS} windows and 32 MiB of text.
 *
 * @throws InvalidProperty for a range that is longer
 */
export async function readAcceptedWindows(
  db: Queryable,
  registrationNumber: number,
  range: WindowRange,
): Promise<AcceptedWindow[]> {
  checkRange(range, MOST_WINDOWS);
  if ((await measureReceived(db, registrationNumber, range)) > MOST_CHARACTERS) {
    throw rangeProblem(range, 'the windows in it have more than 32 MiB, ask for fewer');
  }
  return (await listReceived(db, registrationNumber, range)).map(toAccepted);
}

/** @throws InvalidProperty for a range that ends before it begins, or has more windows than `most` */
export function checkRange(range: WindowRange, most: number): void {
  if (range.from > range.to) throw rangeProblem(range, 'it has to be before to');
  if (range.to - range.from > most) {
    throw rangeProblem(range, `from there to the end are more than ${most} windows`);
  }
}

function rangeProblem({ from }: WindowRange, rule: string): Error {
  return invalidProperty('from', windowName(hourNumber(from)), rule);
}
