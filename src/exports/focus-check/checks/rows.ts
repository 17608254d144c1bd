/** Kinds of rules about several values of one row. */
import { Decimal } from '../../../kernel/index.ts';
import { whenOf } from '../condition.ts';
import { notChecked, placeOf, type Kind, type Row, type RowCheck, type Skip } from '../site.ts';
import { isStrictTime } from '../values/date-time.ts';
import { eachValue } from './values.ts';

/** Numbers are compared as numbers, everything else as text. */
function areEqual(one: string, other: string): boolean {
  if (one === other) return true;
  const left = Decimal.parse(one);
  return left !== undefined && Decimal.parse(other)?.equals(left) === true;
}

function columnsEqual(isWanted: boolean): Kind {
  return (run, around) => {
    const { column: other, of, when: condition } = run.rule.params;
    const index = placeOf(around.site, other);
    if (typeof index !== 'number') return index;
    const guard = invoiceGuard(condition, around);
    if (typeof guard !== 'function') return guard;
    return eachValue(
      run,
      withInvoiceFacts(around),
      (value, row) => {
        if (!guard(row)) return false;
        const compared = row[index] ?? null;
        const isEqual = compared !== null && areEqual(value, compared);
        return isEqual === isWanted ? false : `${value}, and ${other} is ${compared ?? 'null'}`;
      },
      of ?? run.rule.column,
    );
  };
}

/** Rules that ask what an invoice is look only at rows of invoices that are known. */
function invoiceGuard(
  condition: unknown,
  { known, site }: Parameters<Kind>[1],
): ((row: Row) => boolean) | Skip {
  if (!JSON.stringify(condition ?? null).includes('invoice.')) return () => true;
  const { invoices } = known;
  const index = site.indexOf('InvoiceId');
  if (invoices === undefined || index === undefined) {
    return notChecked('what the invoices are was not given');
  }
  return (row) => {
    return invoices.get(row[index] ?? '')?.adjusts === null;
  };
}

/** The guard has looked at each invoice itself; what is left of the condition holds for all others. */
function withInvoiceFacts(around: Parameters<Kind>[1]): Parameters<Kind>[1] {
  const facts = { 'invoice.isAdjustment': false, ...around.known.facts };
  return { ...around, known: { ...around.known, facts } };
}

const operators: Readonly<Record<string, (one: string, other: string) => boolean>> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
};

/** Two times in order. Times in another form are told by the rules about their format. */
const order: Kind = (run, around) => {
  const { left, op = '<', right } = run.rule.params;
  const one = placeOf(around.site, typeof left === 'string' ? left : undefined);
  const other = placeOf(around.site, typeof right === 'string' ? right : undefined);
  if (typeof one !== 'number') return one;
  if (typeof other !== 'number') return other;
  const holds = operators[op]!;
  return {
    row: (row, at) => {
      const [first, second] = [row[one] ?? null, row[other] ?? null];
      if (!isStrictTime(first) || !isStrictTime(second)) return;
      run.hasApplied = true;
      if (!holds(first, second)) run.fault(at, `${first} ${second}`);
    },
  };
};

const chargeInBillingPeriod: Kind = (run, around) => {
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const names = ['BillingPeriodStart', 'ChargePeriodStart', 'ChargePeriodEnd', 'BillingPeriodEnd'];
  const indexes = names.map((name) => around.site.indexOf(name));
  if (indexes.includes(undefined)) return notChecked('a column of the periods was not delivered');
  return {
    row: (row, at) => {
      const times = indexes.map((index) => row[index!] ?? null);
      if (!times.every(isStrictTime) || !when(row)) return;
      run.hasApplied = true;
      const [from = '', start = '', end = '', to = ''] = times;
      if (start < from || end > to) run.fault(at, `${start} ${end}`);
    },
  };
};

interface Product {
  readonly result: string;
  readonly factors: readonly string[];
}

const product: Kind = (run, around) => {
  const { result = '', factors = [], also } = run.rule.params;
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const products: Product[] = [{ result, factors }, ...(also === undefined ? [] : [also])];
  const plans = products.map((one) => productPlan(run, around, one, when));
  const rows = plans.flatMap((plan) => ('row' in plan ? [plan.row] : []));
  const [first] = plans;
  if (rows.length === 0) return first ?? notChecked('no product is named');
  return {
    row: (row, at) => {
      for (const check of rows) check(row, at);
    },
  };
};

function productPlan(
  run: Parameters<Kind>[0],
  { site }: Parameters<Kind>[1],
  { result, factors }: Product,
  when: (row: Row) => boolean,
): { readonly row: RowCheck } | Skip {
  const [cost, price, quantity] = [result, ...factors].map((name) => placeOf(site, name));
  if (typeof cost !== 'number') return cost!;
  if (typeof price !== 'number') return price!;
  if (typeof quantity !== 'number') return quantity!;
  return {
    row: (row, at) => {
      const [factor, amount, value] = [
        row[price] ?? null,
        row[quantity] ?? null,
        row[cost] ?? null,
      ];
      if (factor === null || amount === null || value === null || !when(row)) return;
      run.hasApplied = true;
      if (!isProduct(factor, amount, value)) run.fault(at, `${factor} x ${amount}, not ${value}`);
    },
  };
}

/** Whether the product is exact. What is no number is told by other rules. */
function isProduct(factor: string, quantity: string, result: string): boolean {
  const one = Decimal.parse(factor);
  const other = Decimal.parse(quantity);
  const wanted = Decimal.parse(result);
  if (one === undefined || other === undefined || wanted === undefined) return true;
  // The same without the scales: a product with more digits than a decimal holds is no result that a file can have.
  const scale = one.scale + other.scale;
  const left = one.unscaled * other.unscaled;
  if (scale === wanted.scale) return left === wanted.unscaled;
  if (scale < wanted.scale) return false;
  return left === wanted.unscaled * 10n ** BigInt(scale - wanted.scale);
}

const sameSign: Kind = (run, around) => {
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const indexes = (run.rule.params.columns ?? []).flatMap((column) => {
    const index = around.site.indexOf(column);
    return index === undefined ? [] : [index];
  });
  if (indexes.length < 2) return notChecked('the columns were not delivered');
  return {
    row: (row, at) => {
      if (!when(row)) return;
      run.hasApplied = true;
      let isNegative = false;
      let isPositive = false;
      for (const index of indexes) {
        const number = Decimal.parse(row[index] ?? '');
        if (number === undefined || number.isZero()) continue;
        if (number.isNegative()) isNegative = true;
        else isPositive = true;
      }
      if (isNegative && isPositive) run.fault(at, indexes.map((index) => row[index]).join(' '));
    },
  };
};

export const rowKinds: Readonly<Record<string, Kind>> = {
  equalsColumn: columnsEqual(true),
  notEqualsColumn: columnsEqual(false),
  order,
  chargeInBillingPeriod,
  product,
  sameSign,
};
