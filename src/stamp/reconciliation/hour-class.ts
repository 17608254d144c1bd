import type { Instant } from '../../kernel/index.ts';

/** Why usage of a reported hour is on the stamp and not, or not yet, in commerce. */
export const hourCauses = [
  'not yet closed',
  'not yet sent',
  'refused',
  'not fit to be sent',
  'left behind',
  'unregistered time',
  'reporting off',
  'earlier registration',
] as const;
export type HourCause = (typeof hourCauses)[number];

/** Every reported hour is of exactly one class. */
export type HourClass = 'received' | HourCause;

/** Reported hours, whole hours since 1970-01-01T00:00Z; `to` is exclusive. */
export interface HourSpan {
  readonly from: number;
  readonly to: number;
}

/** A time in which windows are reported, as commerce keeps it. */
export interface ReportingPeriod {
  readonly fromWindow: number;
  /** the one that comes next; all from fromWindow up to it have been accepted */
  readonly nextWindow: number;
  /** undefined while it goes on */
  readonly endReason: 'ReportingOff' | 'Removed' | undefined;
  /** by commerce's clock; undefined while it goes on */
  readonly endedAt: Instant | undefined;
}

/** What decides about hours; all of it as of one moment. */
export interface ReportingFacts {
  readonly periods: readonly ReportingPeriod[];
  /** for which the stamp has receipts under its registration */
  readonly receipted: readonly HourSpan[];
  /** for which it has receipts under registrations that it had before */
  readonly earlier: readonly HourSpan[];
  /** the window that is not taken, and why: it and those behind it wait */
  readonly stuck:
    { readonly from: number; readonly as: 'refused' | 'not fit to be sent' } | undefined;
  /** the hour from which on the stamp is registered and told not to report */
  readonly offSince: number | undefined;
  /** commerce has removed the registration */
  readonly isRemoved: boolean;
}

/** What of an hour decides about its class. */
export interface ClassedHour {
  readonly hour: number;
  /** by the stamp's clock; undefined while it is open */
  readonly closedAt: Instant | undefined;
}

/**
 * The class of a reported hour.
 *
 * An hour with a receipt counts as received, whatever commerce says now: when it has lost it, that must show as a
 * difference that nothing explains. Otherwise an hour is received when a period's accepted windows hold it. What is
 * in no period is told by the end of the one before; only in one that goes on does it matter whether it is closed.
 */
export function classOfHour(of: ClassedHour, facts: ReportingFacts): HourClass {
  const { hour, closedAt } = of;
  const { periods, receipted, earlier, stuck } = facts;
  const accepted = ({ fromWindow, nextWindow }: ReportingPeriod): boolean =>
    fromWindow <= hour && hour < nextWindow;
  if (periods.some(accepted) || isIn(receipted, hour)) return 'received';
  if (isIn(earlier, hour)) return 'earlier registration';
  const ordered = periods.toSorted((one, other) => one.fromWindow - other.fromWindow);
  const latest = ordered.findLast(({ fromWindow }) => fromWindow <= hour);
  if (latest === undefined || latest.endReason !== undefined) {
    return classOutside(of, latest, latest === ordered.at(-1), facts);
  }
  if (closedAt === undefined) return 'not yet closed';
  return stuck !== undefined && hour >= stuck.from ? stuck.as : 'not yet sent';
}

/** @param period the ended one before the hour, if any; @param isLast whether none came after it */
function classOutside(
  { hour, closedAt }: ClassedHour,
  period: ReportingPeriod | undefined,
  isLast: boolean,
  { offSince, isRemoved }: ReportingFacts,
): HourClass {
  const endedAt = period?.endedAt;
  if (closedAt !== undefined && endedAt !== undefined) {
    // It was there to be sent while the period went on.
    if (Temporal.Instant.compare(closedAt, endedAt) <= 0) return 'left behind';
  }
  // When a registration was removed under which reporting was off is not known; that it reports no more, is.
  if (isRemoved && isLast) return 'unregistered time';
  const isOff =
    period?.endReason === 'ReportingOff' || (offSince !== undefined && hour >= offSince);
  return isOff ? 'reporting off' : 'unregistered time';
}

function isIn(spans: readonly HourSpan[], hour: number): boolean {
  return spans.some(({ from, to }) => from <= hour && hour < to);
}

/** The parts of from..to (exclusive) that commerce has accepted, in order and apart from each other. */
export function acceptedWithin(periods: readonly ReportingPeriod[], range: HourSpan): HourSpan[] {
  const spans: HourSpan[] = [];
  for (const { fromWindow, nextWindow } of periods.toSorted(
    (one, other) => one.fromWindow - other.fromWindow,
  )) {
    const from = Math.max(fromWindow, range.from, spans.at(-1)?.to ?? range.from);
    const to = Math.min(nextWindow, range.to);
    if (from < to) spans.push({ from, to });
  }
  return spans;
}

/** Adds an hour to spans that are in order, most often to the end of the last. */
export function addHour(spans: HourSpan[], hour: number): void {
  const last = spans.at(-1);
  if (last?.to === hour) spans[spans.length - 1] = { from: last.from, to: hour + 1 };
  else spans.push({ from: hour, to: hour + 1 });
}
