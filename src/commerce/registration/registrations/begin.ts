import { hourOf, type Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { windowName } from '../../../reporting/index.ts';
import {
  acceptedUntil,
  endOpenPeriod,
  lockOpenPeriod,
  movePeriod,
  openPeriod,
  type ReportingPeriod,
} from './periods.ts';
import type { Registration } from './registration.ts';

/** What became of the time in which a registration reports. */
export interface PeriodChange {
  readonly isChanged: boolean;
  /** Where it begins, if that is not where the token says; undefined otherwise. */
  readonly warning: string | undefined;
}

/**
 * Lets reporting begin, go on or end, as the registration says.
 *
 * No window is taken twice: what was accepted of the stamp under any registration lies before the
 * first window. And what readers were told is final: once a period that took something has ended,
 * another begins no earlier than now. Of an open period that has not taken anything nobody was told
 * yet, so that it begins where the newest token says.
 *
 * @param wanted the first window, as the token states it
 */
export async function changePeriod(
  tx: Queryable,
  { number, cloudId, usageReporting }: Registration,
  wanted: number,
  now: Instant,
): Promise<PeriodChange> {
  const open = await lockOpenPeriod(tx, number);
  if (!usageReporting) {
    await endOpenPeriod(tx, number, 'ReportingOff', now);
    return { isChanged: open !== undefined, warning: undefined };
  }
  if (open !== undefined && open.nextWindow > open.fromWindow) {
    const isHeeded = wanted === open.fromWindow || wanted === open.nextWindow;
    const warning = `Reporting goes on with the window ${windowName(open.nextWindow)}: that the token says ${windowName(wanted)} is not heeded.`;
    return { isChanged: false, warning: isHeeded ? undefined : warning };
  }
  const accepted = await acceptedUntil(tx, cloudId);
  const present = Math.min(hourOf(now), open?.fromWindow ?? Number.MAX_SAFE_INTEGER);
  const from = accepted === undefined ? wanted : Math.max(wanted, accepted, present);
  if (open === undefined) await openPeriod(tx, number, from, now);
  else if (open.fromWindow !== from) await movePeriod(tx, number, open, from);
  return { isChanged: open?.fromWindow !== from, warning: warningOf(wanted, from, open) };
}

function warningOf(
  wanted: number,
  from: number,
  open: ReportingPeriod | undefined,
): string | undefined {
  if (from !== wanted) {
    return `Reporting begins with the window ${windowName(from)} and not with ${windowName(wanted)}, as the token says: earlier windows belong to a time that was reported before.`;
  }
  if (open === undefined || open.fromWindow >= from) return undefined;
  return `Reporting begins with the window ${windowName(from)}: earlier ones, from ${windowName(open.fromWindow)} on, are not taken any more.`;
}
