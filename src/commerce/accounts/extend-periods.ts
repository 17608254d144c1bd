import { fail, hourStart, type HourNumber } from '../../kernel/index.ts';
import {
  periodBounds,
  periodFrom,
  periodUpTo,
  type BillingCalendar,
  type PeriodBounds,
} from './calendar.ts';

/** Made at once: twenty years. Usage is refused that is older than half of that when it is reported. */
const MOST_PERIODS = 240;

/**
 * The periods that are missing so that [fromHour, toHour) is covered. Periods that exist stay as they
 * are: new ones go on where they end, forwards and backwards, so that every hour is in exactly one. After
 * a change of calendar the first new one ends at a bound of the new calendar, at least a day later.
 *
 * @param existing in order and without gaps
 * @returns in order of time; names differ among all
 * @throws BillingPeriodsTooMany when more than 240 are missing
 */
export function missingPeriods(
  calendar: BillingCalendar,
  existing: readonly PeriodBounds[],
  fromHour: HourNumber,
  toHour: HourNumber,
): PeriodBounds[] {
  let made = 0;
  const names = new Set(existing.map(({ name }) => name));
  const named = (bounds: PeriodBounds): PeriodBounds => {
    made += 1;
    if (made > MOST_PERIODS) {
      const [from, to] = [hourStart(fromHour).toString(), hourStart(toHour).toString()];
      throw fail('BillingPeriodsTooMany', { limit: MOST_PERIODS, from, to });
    }
    const name = freeName(bounds.name, names);
    names.add(name);
    return { ...bounds, name };
  };
  const [earliest] = existing;
  const latest = existing.at(-1);
  const first = earliest ?? named(periodBounds(calendar, fromHour));
  const forwards: PeriodBounds[] = earliest === undefined ? [first] : [];
  for (let last = latest ?? first; last.toHour < toHour;) {
    last = named(periodFrom(calendar, last.toHour));
    forwards.push(last);
  }
  const backwards: PeriodBounds[] = [];
  for (let next = first; next.fromHour > fromHour;) {
    next = named(periodUpTo(calendar, next.fromHour));
    backwards.unshift(next);
  }
  return [...backwards, ...forwards];
}

/** `202610-1`, or with the next number that is free. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const month = wanted.slice(0, wanted.indexOf('-'));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${month}-${number}`;
  return name;
}
