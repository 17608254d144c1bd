/** Sums of a column by key, and how far two may be apart. */
import { Decimal, minorUnitsOf, parseCurrency } from '../../../kernel/index.ts';
import { settle } from '../condition.ts';
import type { SumSide } from '../rule-file.ts';
import {
  joiner,
  notChecked,
  placeOf,
  type Row,
  type RowCheck,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';

export interface Group {
  sum: Decimal;
  rows: number;
  readonly currency: string;
  readonly invoiceId: string;
  readonly lineId: string;
}

/** Sums of one column by key; rows without an id in the key are left out. */
export interface Sums {
  readonly groups: Map<string, Group>;
  readonly row: RowCheck;
}

/** Keys are written in one order, so that the sides of a comparison find each other. */
export function sumsOf(
  run: RuleRun,
  around: Surroundings,
  side: SumSide,
  known: (row: Row) => boolean,
): Sums | Skip {
  const { site } = around;
  const columns = [...(side.groupBy ?? [])].toSorted();
  const amount = placeOf(site, side.sum);
  if (typeof amount !== 'number') return amount;
  const keys: number[] = [];
  for (const column of columns) {
    const index = placeOf(site, column);
    if (typeof index !== 'number') return index;
    keys.push(index);
  }
  const where = side.where === undefined ? true : settle(side.where, around, 'row');
  if (where === 'unknown' || where === false) return notChecked('its condition is not known');
  const isIn = where === true ? known : (row: Row) => where(row) && known(row);
  const groups = new Map<string, Group>();
  const currency = site.indexOf('BillingCurrency') ?? -1;
  const invoice = site.indexOf('InvoiceId') ?? -1;
  const line = site.indexOf('InvoiceDetailId') ?? -1;
  const keyOf = joiner(site, columns);
  let lastKey = '';
  let last: Group | undefined;
  const groupOf = (row: Row): Group | undefined => {
    const key = keyOf(row);
    if (key === lastKey && last !== undefined) return last;
    let group = groups.get(key);
    if (group === undefined) {
      if (groups.size >= around.known.maximumIds) {
        run.tooMany();
        return undefined;
      }
      const [code, invoiceId, lineId] = [currency, invoice, line].map((index) => row[index] ?? '');
      group = {
        sum: Decimal.zero,
        rows: 0,
        currency: code!,
        invoiceId: invoiceId!,
        lineId: lineId!,
      };
      groups.set(key, group);
    }
    [lastKey, last] = [key, group];
    return group;
  };
  return {
    groups,
    row: (row) => {
      if (keys.some((index) => (row[index] ?? null) === null) || !isIn(row)) return;
      const group = groupOf(row);
      if (group === undefined) return;
      const value = Decimal.parse(row[amount] ?? '0');
      if (value !== undefined) group.sum = group.sum.add(value);
      group.rows++;
    },
  };
}

/** What the sums may differ by: with one row a hundred of the smallest units, with very many rows more. */
export function isWithin(
  difference: Decimal,
  { currency, rows }: Group,
  tolerance: string,
): boolean {
  if (difference.isZero()) return true;
  if (tolerance !== 'roundingVariance') return false;
  const code = parseCurrency(currency);
  const digits = code === undefined ? 2 : minorUnitsOf(code);
  const subunit = Decimal.fromBigInt(1n, digits);
  const size = difference.isNegative() ? difference.negate() : difference;
  if (size.compare(subunit.multiply(Decimal.fromBigInt(100n))) <= 0) return true;
  // 0.5 times the root of the rows, without a root: both sides are squared.
  const left = size.multiply(size).multiply(Decimal.fromBigInt(4n));
  return left.compare(subunit.multiply(subunit).multiply(Decimal.fromBigInt(BigInt(rows)))) <= 0;
}
