import {
  fail,
  hourFromInstant,
  hourOf,
  parseWireTime,
  type HourNumber,
  type Instant,
} from '../../kernel/index.ts';
import { parseWindowName } from '../../reporting/index.ts';
import type { HourSpan } from './hour-class.ts';
import { dimensions, type Dimension } from './lines.ts';

/** What is asked for: reported hours, and what the lines of the answer are told apart by. */
export interface ReconciliationRequest extends HourSpan {
  /** at least one, in the order day, meter, subscription */
  readonly by: readonly Dimension[];
}

/** The texts of a request; what is left out has a default. */
export interface RequestTexts {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly by: string | undefined;
}

/**
 * Reads a request. The default is the present month (UTC) with the hour that is open, by meter.
 *
 * @param prefix of the names of the parameters, such as `--`
 * @throws BadRequest, InvalidProperty
 */
export function readReconciliationRequest(
  texts: RequestTexts,
  now: Instant,
  prefix = '',
): ReconciliationRequest {
  const { from, to } = texts;
  const present = hourOf(now);
  const start = from === undefined ? monthStart(now) : readBound(`${prefix}from`, from);
  const end = to === undefined ? present + 1 : readBound(`${prefix}to`, to);
  if (start >= end) {
    const rule = `it has to be before ${prefix}to (without one, the end of the present hour)`;
    throw fail('InvalidProperty', { parameter: `${prefix}from`, value: from ?? '', rule });
  }
  return { from: start, to: end, by: readBy(`${prefix}by`, texts.by ?? 'meter') };
}

function monthStart(now: Instant): HourNumber {
  const midnight = now.toZonedDateTimeISO('UTC').with({ day: 1 }).startOfDay();
  return hourOf(midnight.toInstant());
}

function readBound(parameter: string, value: string): number {
  const named = parseWindowName(value);
  if (named !== undefined) return named;
  const time = parseWireTime(value);
  if (time === undefined) throw fail('BadRequest', { parameter, value });
  const hour = hourFromInstant(time);
  if (hour !== undefined && hour >= 0) return hour;
  const rule = 'it has to be a whole hour, not before 1970';
  throw fail('InvalidProperty', { parameter, value, rule });
}

function readBy(parameter: string, value: string): Dimension[] {
  const names = value.split(',').map((name) => name.trim().toLowerCase());
  const known = dimensions.filter((dimension) => names.includes(dimension));
  if (known.length === names.length) return known;
  const rule = `it has to be one or several of ${dimensions.join(', ')}, each once, with commas between`;
  throw fail('InvalidProperty', { parameter, value, rule });
}
