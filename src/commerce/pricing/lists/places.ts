import { Decimal } from '../../../kernel/index.ts';
import { isKeepable } from '../../../platform/index.ts';
import { isJsonObject } from '../../../kernel/index.ts';

/**
 * What is wrong with a price list, and where. An error keeps it from being published; a warning says that it will not
 * do for all that is used; a notice is worth a look.
 */
export interface PriceListProblem {
  readonly severity: 'error' | 'warning' | 'notice';
  /** Path from the root, `$`: `$.items[2].price.tiers[0].unitPrice`. */
  readonly place: string;
  /** In words that go on from the place and a colon. */
  readonly problem: string;
}

/** Digits of a figure, in all and after the point. With the bounds of quantities amounts then stay exact. */
const MOST_DIGITS = 30;
export const MOST_PRICE_SCALE = 12;

/**
 * Reads parsed JSON without trusting it. Everything that is wrong is kept with its place, and reading goes on, so that
 * whoever wrote the file learns all of it at once.
 */
export class PlaceReader {
  readonly problems: PriceListProblem[] = [];

  tell(place: string, problem: string): undefined {
    this.problems.push({ severity: 'error', place, problem });
    return undefined;
  }

  /** The members of an object; those that no member should be called are told. */
  object(
    place: string,
    value: unknown,
    names: readonly string[],
  ): Readonly<Record<string, unknown>> | undefined {
    if (!isJsonObject(value)) return this.tell(place, 'it has to be an object');
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) {
        this.tell(`${place}.${name}`, `there is no such member; there are ${names.join(', ')}`);
      }
    }
    return value;
  }

  list(place: string, value: unknown, most: number): readonly unknown[] | undefined {
    const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
    if (list === undefined) return this.tell(place, 'it has to be a list');
    if (list.length === 0) return this.tell(place, 'it has to have something in it');
    if (list.length > most) return this.tell(place, `it has at most ${most} entries`);
    return list;
  }

  text(place: string, value: unknown, longest: number): string | undefined {
    const isGood = typeof value === 'string' && value.trim() !== '' && value.length <= longest;
    if (isGood && isKeepable(value) && !/[\n\r\t]/.test(value)) return value.trim();
    return this.tell(place, `it has to be a text of 1 to ${longest} printable characters`);
  }

  word<T extends string>(place: string, value: unknown, words: readonly T[]): T | undefined {
    const found = words.find((word) => word === value);
    return found ?? this.tell(place, `it has to be one of ${words.join(', ')}`);
  }

  decimal(place: string, value: unknown): Decimal | undefined {
    if (typeof value === 'number') {
      return this.tell(
        place,
        'it is a JSON number, which programs read as binary floating point; write the decimal as a text, such as "0.008"',
      );
    }
    const number = typeof value === 'string' ? Decimal.parse(value) : undefined;
    if (number === undefined) {
      return this.tell(place, 'it has to be a decimal as a text, such as "0.008"');
    }
    if (number.scale <= MOST_PRICE_SCALE && number.digits() <= MOST_DIGITS) return number;
    const rule = `it has at most ${MOST_DIGITS} digits, ${MOST_PRICE_SCALE} of them after the point`;
    return this.tell(place, rule);
  }

  /** Undefined too where it is left out or null. */
  optionalDecimal(place: string, value: unknown): Decimal | undefined {
    return value === undefined || value === null ? undefined : this.decimal(place, value);
  }
}
