import { dayNumber, dayStart, hourNumber, hourStart, type Instant } from './time.ts';
import { formatWireTime } from './wire-time.ts';

/** By what rows of usage are summed, and ranges of reported time are counted. */
export type Granularity = 'hour' | 'day';

/** The instant at which an hour or day, counted since 1970-01-01T00:00Z, begins. */
export function bucketStart(granularity: Granularity, bucket: number): Instant {
  return granularity === 'hour' ? hourStart(hourNumber(bucket)) : dayStart(dayNumber(bucket));
}

/** Text of the start and end of usage windows, remembered: a page of rows has few different ones. */
const bucketTexts = new Map<string, { start: string; end: string }>();
const MOST_BUCKET_TEXTS = 10_000;

/** The half-open bucket of usage time that a row covers, as the usage interfaces write times. */
export function usageBucket(
  granularity: Granularity,
  usage: number,
): { readonly start: string; readonly end: string } {
  const key = `${granularity}${usage}`;
  let texts = bucketTexts.get(key);
  if (texts === undefined) {
    texts = {
      start: formatWireTime(bucketStart(granularity, usage)),
      end: formatWireTime(bucketStart(granularity, usage + 1)),
    };
    if (bucketTexts.size >= MOST_BUCKET_TEXTS) bucketTexts.clear();
    bucketTexts.set(key, texts);
  }
  return texts;
}

/** A quantity as a JSON number with all its digits; a whole one ends in `.0`, as clients have seen it written. */
export function toWireQuantity(quantity: string): string {
  return quantity.includes('.') ? quantity : `${quantity}.0`;
}
