import { dayOf, type Instant } from '../../kernel/index.ts';
import {
  invalidParameter,
  invalidProperty,
  optionalParameter,
  type QueryParameters,
} from '../../platform/index.ts';
import { readDate, type HourRange, type UsagePeriod } from './billing-period.ts';
import { narrow, readComparisons, type WholeRange } from './comparison.ts';
import type { ResourceFilter } from './usage-details-store.ts';

const FIELDS = ['usageStart', 'usageEnd', 'resourceGroup', 'instanceName', 'instanceId'] as const;
const EXPANSIONS = ['meterDetails', 'additionalProperties'] as const;
export type Expansion = (typeof EXPANSIONS)[number];

const HOURS_PER_DAY = 24;
const MILLISECONDS_PER_DAY = 86_400_000;
/** Rows end with the last second of their day, as clients have seen it written and compare with it. */
const LAST_SECOND = MILLISECONDS_PER_DAY - 1000;
/** A list is read a usage day at a time. */
const MOST_DAYS = 366;

/** What a caller asks for, checked. */
export interface DetailsQuery {
  /** Of usage; whole days in UTC, cut where a billing period begins or ends. Empty when it ends before it begins. */
  readonly hours: HourRange;
  readonly resource: ResourceFilter;
  readonly expand: ReadonlySet<Expansion>;
}

/**
 * Reads `$filter` and `$expand` of a list of usage details.
 *
 * @param periods.asked the billing period in the path; without one the list is of the present period unless `$filter`
 *   says otherwise
 * @throws InvalidProperty
 */
export function readDetailsQuery(
  parameters: QueryParameters,
  now: Instant,
  periods: { readonly asked: UsagePeriod | undefined; readonly present: UsagePeriod },
): DetailsQuery {
  const filter = optionalParameter(parameters, '$filter');
  const comparisons = filter === undefined ? [] : readComparisons(filter, FIELDS);
  const { asked, present } = periods;
  const hasTimes = comparisons.some(({ field }) => field === 'usageStart' || field === 'usageEnd');
  const usual = hasTimes ? { from: 0, to: present.hours.to } : present.hours;
  const bounds = asked?.hours ?? usual;
  let days = daysOfHours(bounds);
  const resource: Record<keyof ResourceFilter, string | undefined> = {
    resourceGroup: undefined,
    instanceName: undefined,
    instanceId: undefined,
  };
  for (const { field, operator, value } of comparisons) {
    if (field === 'usageStart' || field === 'usageEnd') {
      const offset = field === 'usageStart' ? 0 : LAST_SECOND;
      const bound = readDate(value, filter ?? '').epochMilliseconds;
      days = narrow(days, operator, bound, { scale: MILLISECONDS_PER_DAY, offset });
      continue;
    }
    const rule = `${field} is compared by eq, and once`;
    if (operator !== 'eq' || resource[field] !== undefined) {
      throw invalidProperty('$filter', filter, rule);
    }
    resource[field] = value;
  }
  // No usage lies ahead of the present day but for what ends a moment too late.
  days = { first: days.first, last: Math.min(days.last, dayOf(now) + 1) };
  if (days.last - days.first >= MOST_DAYS) {
    const rule = `it leaves more than ${MOST_DAYS} days; bound usageStart`;
    throw invalidProperty('$filter', filter ?? '', rule);
  }
  const hours = {
    from: Math.max(bounds.from, days.first * HOURS_PER_DAY),
    to: Math.min(bounds.to, (days.last + 1) * HOURS_PER_DAY),
  };
  return { hours, resource, expand: readExpand(parameters) };
}

/** The days in UTC that have some of the hours. */
function daysOfHours({ from, to }: HourRange): WholeRange {
  return { first: Math.floor(from / HOURS_PER_DAY), last: Math.ceil(to / HOURS_PER_DAY) - 1 };
}

/** One or more with commas between them, with or without `properties/` before each. */
function readExpand(parameters: QueryParameters): ReadonlySet<Expansion> {
  const text = optionalParameter(parameters, '$expand') ?? '';
  const wanted = new Set<Expansion>();
  for (const part of text === '' ? [] : text.split(',')) {
    const name = part
      .trim()
      .toLowerCase()
      .replace(/^properties\//, '');
    const known = EXPANSIONS.find((one) => one.toLowerCase() === name);
    if (known === undefined) {
      throw invalidParameter(parameters, '$expand', `it can be ${EXPANSIONS.join(', ')}`);
    }
    wanted.add(known);
  }
  return wanted;
}
