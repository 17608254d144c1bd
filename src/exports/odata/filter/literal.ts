import { isGuid } from '../../../kernel/index.ts';
import type { EdmType } from '../model.ts';
import type { Literal } from './expression.ts';
import type { Token } from './tokens.ts';

/** The value that a piece of a filter stands for; undefined where it is none. */
export function literalOf({ kind, text }: Token): Literal | undefined {
  switch (kind) {
    case 'text':
      return { kind: 'literal', type: 'Edm.String', text };
    case 'number':
      return { kind: 'literal', type: 'Edm.Decimal', text };
    case 'guid':
      return guidLiteral(text);
    case 'date':
      return dateLiteral(text);
    case 'time':
      return timeLiteral(text);
    default:
      return undefined;
  }
}

/**
 * A value as one of another type, as clients write it that know no types: a GUID, a day or a time in quotes, a day
 * where a time is wanted, and midnight in UTC where a day is. Undefined where it is none of that type.
 */
export function literalAs({ type, text }: Literal, wanted: EdmType): Literal | undefined {
  const isText = type === 'Edm.String';
  switch (wanted) {
    case 'Edm.Guid':
      return isText ? guidLiteral(text) : undefined;
    case 'Edm.Date':
      return isText || type === 'Edm.DateTimeOffset'
        ? dateLiteral(text.replace(/T00:00:00(?:\.0+)?Z$/, ''))
        : undefined;
    case 'Edm.DateTimeOffset':
      return isText || type === 'Edm.Date'
        ? timeLiteral(isDay(text) ? `${text}T00:00:00Z` : text)
        : undefined;
    default:
      return undefined;
  }
}

const NUMBERS: ReadonlySet<EdmType> = new Set<EdmType>(['Edm.Decimal', 'Edm.Int32']);

/** Whether values of these types are compared as they are. */
export function comparable(one: EdmType, other: EdmType): boolean {
  return one === other || (NUMBERS.has(one) && NUMBERS.has(other));
}

function guidLiteral(text: string): Literal | undefined {
  if (!isGuid(text)) return undefined;
  return { kind: 'literal', type: 'Edm.Guid', text: text.toLowerCase() };
}

function dateLiteral(text: string): Literal | undefined {
  return isDay(text) ? { kind: 'literal', type: 'Edm.Date', text } : undefined;
}

/** Digits of a second that are read; there may be up to twelve (OData 4.01 ABNF: fractionalSeconds). */
const FRACTION = /(\.\d{9})\d+/;

function timeLiteral(text: string): Literal | undefined {
  try {
    const read = text.replace(FRACTION, '$1').replace(' ', '+');
    const instant = Temporal.Instant.from(read).toString();
    return isInCalendar(instant)
      ? { kind: 'literal', type: 'Edm.DateTimeOffset', text: instant }
      : undefined;
  } catch {
    return undefined;
  }
}

function isDay(text: string): boolean {
  try {
    return isInCalendar(text) && Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** Years from 1 to 9999: the database has no year 0 and writes others in another way. */
function isInCalendar(text: string): boolean {
  return /^(?!0000)\d{4}-/.test(text);
}
