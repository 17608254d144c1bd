import {
  hourFromInstant,
  hourNumber,
  hourOf,
  parseWireTime,
  type HourNumber,
} from '../../kernel/index.ts';
import { invalidProperty, type Clock } from '../../platform/index.ts';

/** The hour that begins now or next: from which on something new is in force. */
export function nextHour(clock: Clock): HourNumber {
  const now = clock.now();
  return hourFromInstant(now) ?? hourNumber(hourOf(now) + 1);
}

/** A time on the hour. @throws InvalidProperty */
export function readHour(parameter: string, text: string): HourNumber {
  const time = parseWireTime(text);
  const hour = time && hourFromInstant(time);
  if (hour !== undefined) return hour;
  throw invalidProperty(parameter, text, 'it is a time on the hour, like 2026-11-01T00:00:00Z');
}
