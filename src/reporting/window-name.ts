import { hourFromInstant, hourNumber, hourStart, type HourNumber } from '../kernel/index.ts';

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2})Z$/;

/** A reported hour as paths and messages name it: `2026-11-23T10Z`, the hour that begins then. */
export function windowName(hour: number): string {
  return `${hourStart(hourNumber(hour)).toString().slice(0, 13)}Z`;
}

/** Reads the name of a reported hour; undefined for anything else. */
export function parseWindowName(text: string): HourNumber | undefined {
  const [, start] = NAME.exec(text) ?? [];
  if (start === undefined) return undefined;
  try {
    const hour = hourFromInstant(Temporal.Instant.from(`${start}:00:00Z`));
    return hour !== undefined && hour >= 0 && windowName(hour) === text ? hour : undefined;
  } catch {
    return undefined;
  }
}
