import { breaks, good, notOfType, type Verdict } from './verdict.ts';

const strict = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
/** A point in time in some form of ISO 8601, or close to it. */
const lenient =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:Z|UTC| UTC|[+-]\d{2}:?\d{2})?)?$/;

/** Looks at a point in time as FOCUS writes it: UTC, whole seconds, a T and a Z. */
export function lookAtTime(text: string): Verdict {
  const match = strict.exec(text);
  if (match !== null) {
    const [, year = '', month = '', day = ''] = match;
    return dayExists(year, month, day) ? good : notOfType('iso');
  }
  if (!lenient.test(text)) return notOfType('iso');
  if (/[+-]\d{2}:?\d{2}$/.test(text) && text.includes(':')) return breaks('utc');
  if (!text.includes(':')) return breaks('form');
  if (!text.includes('T')) return breaks('separator');
  if (!text.endsWith('Z')) return breaks('zone');
  if (/T\d:|:\d(?:[:Z.]|$)/.test(text)) return breaks('twoDigits');
  return breaks('form');
}

function dayExists(year: string, month: string, day: string): boolean {
  if (day < '29') return true;
  if (month === '02') return day === '29' && isLeap(Number.parseInt(year, 10));
  return day < '31' || !['04', '06', '09', '11'].includes(month);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether two times in the strict form can be compared as text; all others are left to the format's rule. */
export function isStrictTime(text: string | null): text is string {
  return text?.length === 20 && text.endsWith('Z');
}
