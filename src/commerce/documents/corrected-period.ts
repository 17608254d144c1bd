import type { CorrectedPeriod } from './invoice-document.ts';

/** The month such as `2026-09` that a period is from its first to its last day; undefined for any other. */
export function wholeMonth({
  start,
  end,
}: Pick<CorrectedPeriod, 'start' | 'end'>): string | undefined {
  const first = Temporal.PlainDate.from(start);
  const isWhole = first.day === 1 && first.with({ day: first.daysInMonth }).toString() === end;
  return isWhole ? first.toPlainYearMonth().toString() : undefined;
}

/** A period as programs read it: `2026-09`, or its days as an interval of ISO 8601, `2026-09-15/2026-10-14`. */
export function periodCode(period: CorrectedPeriod): string {
  return wholeMonth(period) ?? `${period.start}/${period.end}`;
}
