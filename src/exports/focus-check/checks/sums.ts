/** Kinds of rules about sums: between datasets, and against what invoices are known to say. */
import { Decimal, minorUnitsOf, parseCurrency } from '../../../kernel/index.ts';
import type { FocusDataset } from '../../focus/index.ts';
import { settle, whenOf } from '../condition.ts';
import type { SumSide } from '../rule-file.ts';
import {
  joiner,
  notApplicable,
  notChecked,
  placeOf,
  type Kind,
  type KnownInvoice,
  type Plan,
  type Row,
  type RowCheck,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';

interface Group {
  sum: Decimal;
  rows: number;
  readonly currency: string;
  readonly invoiceId: string;
  readonly lineId: string;
}

/** Sums of one column by key; rows without an id in the key are left out. */
interface Sums {
  readonly groups: Map<string, Group>;
  readonly row: RowCheck;
}

/** Keys are written in one order, so that the sides of a comparison find each other. */
function sumsOf(
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
function isWithin(difference: Decimal, { currency, rows }: Group, tolerance: string): boolean {
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

const sumCompare: Kind = (run, around) => {
  const { left, right, tolerance = '0' } = run.rule.params;
  if (typeof left !== 'object' || typeof right !== 'object')
    return notChecked('no sides are named');
  if (right.fact !== undefined) return sumAgainstInvoices(run, around, left, tolerance);
  const condition = { ...run.rule, scope: 'context' };
  const when = whenOf(condition, around);
  if (typeof when !== 'function') return when;
  const first = sideOf(run, around, left);
  const second = sideOf(run, around, right);
  if ('skip' in first) return first;
  if ('skip' in second) return second;
  const open = openInvoices(around);
  return {
    ...rowsOf(around, [first, second, ...(open === undefined ? [] : [open])]),
    end: () => {
      for (const [key, group] of new Map([...second.sums.groups, ...first.sums.groups])) {
        if (open?.ids.has(group.invoiceId) === true) continue;
        run.hasApplied = true;
        const one = first.sums.groups.get(key)?.sum ?? Decimal.zero;
        const other = second.sums.groups.get(key);
        const difference = one.subtract(other?.sum ?? Decimal.zero);
        // The tolerance is by rows of CostAndUsage, which stand on the right where there are two datasets.
        const measure = { ...group, rows: other?.rows ?? group.rows };
        if (!isWithin(difference, measure, tolerance)) {
          run.fault(undefined, `${nameOf(key)}: ${one.toText()} and ${other?.sum.toText() ?? '0'}`);
        }
      }
    },
  };
};

interface Side {
  readonly dataset: FocusDataset;
  readonly row: RowCheck;
}

function sideOf(run: RuleRun, around: Surroundings, side: SumSide): (Side & { sums: Sums }) | Skip {
  const site = around.sites[datasetOf(side.dataset)];
  if (site === undefined) return notChecked(`${side.dataset} was not given`);
  const sums = sumsOf(run, { ...around, site }, side, () => true);
  return 'skip' in sums ? sums : { dataset: site.dataset, row: sums.row, sums };
}

function datasetOf(name: string | undefined): FocusDataset {
  return name === 'InvoiceDetail' || name === 'BillingPeriod' ? name : 'CostAndUsage';
}

/** Ids of invoices that are open by their own records: sums of those may still move. */
function openInvoices({ sites }: Surroundings): (Side & { ids: Set<string> }) | undefined {
  const site = sites.InvoiceDetail;
  const status = site?.indexOf('InvoiceIssueStatus');
  const invoice = site?.indexOf('InvoiceId');
  if (status === undefined || invoice === undefined) return undefined;
  const ids = new Set<string>();
  return {
    dataset: 'InvoiceDetail',
    ids,
    row: (row) => {
      if (row[status] === 'Open') ids.add(row[invoice] ?? '');
    },
  };
}

/** Rows of several sides, each called with its own dataset. */
function rowsOf({ site }: Surroundings, sides: readonly Side[]): Pick<Plan, 'row' | 'others'> {
  const of = (dataset: FocusDataset): RowCheck | undefined => {
    const checks = sides.filter((side) => side.dataset === dataset);
    if (checks.length === 0) return undefined;
    return (row, at) => {
      for (const check of checks) check.row(row, at);
    };
  };
  const own = of(site.dataset);
  const others = Object.fromEntries(
    (['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const).flatMap((dataset) => {
      const check = dataset === site.dataset ? undefined : of(dataset);
      return check === undefined ? [] : [[dataset, check] as const];
    }),
  );
  return own === undefined ? { others } : { row: own, others };
}

const nameOf = (key: string): string => key.split('\u001f').filter(Boolean).join(' ');

function sumAgainstInvoices(
  run: RuleRun,
  around: Surroundings,
  side: SumSide,
  tolerance: string,
): Plan | Skip {
  const { invoices } = around.known;
  if (invoices === undefined) return notChecked('what the invoices come to was not given');
  const id = placeOf(around.site, 'InvoiceId');
  if (typeof id !== 'number') return id;
  const isKnown = (row: Row): boolean => invoices.get(row[id] ?? '')?.isIssued === true;
  const sums = sumsOf(run, around, side, isKnown);
  if ('skip' in sums) return sums;
  return {
    row: sums.row,
    end: () => {
      for (const group of sums.groups.values()) {
        const wanted = invoices.get(group.invoiceId)?.payableAmount;
        if (wanted === undefined) continue;
        run.hasApplied = true;
        if (!isWithin(group.sum.subtract(wanted), group, tolerance)) {
          run.fault(undefined, `${group.invoiceId}: ${group.sum.toText()}, not ${wanted.toText()}`);
        }
      }
    },
  };
}

/** Lines of invoices that are known to the last digit. */
function knownLines(around: Surroundings): ReadonlyMap<string, KnownInvoice> | Skip {
  const invoices = [...(around.known.invoices ?? [])].filter(
    ([, { lines }]) => lines !== undefined,
  );
  if (invoices.length === 0) return notChecked('the lines of the invoices were not given');
  return new Map(invoices);
}

const sumEquals: Kind = (run, around) => {
  const invoices = knownLines(around);
  if ('skip' in invoices) return invoices;
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const { groupBy = [], sum = '' } = run.rule.params;
  const sums = sumsOf(run, around, { groupBy, sum }, when);
  if ('skip' in sums) return sums;
  return {
    row: sums.row,
    end: () => {
      for (const { invoiceId, lineId, sum: total } of sums.groups.values()) {
        const wanted = invoices.get(invoiceId)?.lines?.get(lineId);
        if (wanted === undefined) continue;
        run.hasApplied = true;
        if (!wanted.equals(total)) {
          run.fault(undefined, `${invoiceId} ${lineId}: ${total.toText()}, not ${wanted.toText()}`);
        }
      }
    },
  };
};

/** Every line of an invoice of this delivery whose amount is not zero is there. */
const complete: Kind = (run, around) => {
  const invoices = knownLines(around);
  if ('skip' in invoices) return invoices;
  const { site } = around;
  const [invoice, line] = [placeOf(site, 'InvoiceId'), placeOf(site, 'InvoiceDetailId')];
  if (typeof invoice !== 'number') return invoice;
  if (typeof line !== 'number') return line;
  const seen = new Map<string, Set<string>>();
  return {
    row: (row) => {
      const id = row[invoice] ?? '';
      if (!invoices.has(id)) return;
      const lines = seen.get(id) ?? new Set();
      seen.set(id, lines.add(row[line] ?? ''));
    },
    end: () => {
      for (const [id, there] of seen) {
        for (const [lineId, amount] of invoices.get(id)?.lines ?? []) {
          run.hasApplied = true;
          if (!amount.isZero() && !there.has(lineId)) run.fault(undefined, `${id} ${lineId}`);
        }
      }
    },
  };
};

const invoiceFacts: Readonly<Record<string, (invoice: KnownInvoice) => string | null | undefined>> =
  {
    'invoice.currency': ({ currency }) => currency,
    'invoice.issuer': ({ issuer }) => issuer,
    'invoice.status': ({ status }) => status,
    'invoice.issueDate': ({ issueDate }) => issueDate,
    'invoice.dueDate': ({ dueDate }) => dueDate,
    'invoice.terms': ({ terms }) => terms,
    'invoice.purchaseOrder': ({ purchaseOrder }) => purchaseOrder,
    'invoice.adjusts': ({ adjusts }) => adjusts ?? undefined,
  };

/** A value as its invoice is known to have it. */
export const invoiceFact: Kind = (run, around) => {
  const factOf = invoiceFacts[run.rule.params.fact ?? ''];
  const { invoices } = around.known;
  if (factOf === undefined) return notChecked('no file shows it');
  if (invoices === undefined) return notChecked('what the invoices say was not given');
  const id = placeOf(around.site, 'InvoiceId');
  if (typeof id !== 'number') return notApplicable('rows do not name their invoice');
  const index = placeOf(around.site, run.rule.column);
  if (typeof index !== 'number') return index;
  return {
    row: (row, at) => {
      const invoice = invoices.get(row[id] ?? '');
      const wanted = invoice === undefined ? undefined : factOf(invoice);
      if (wanted === undefined) return;
      run.hasApplied = true;
      if (wanted !== (row[index] ?? null)) run.fault(at, row[index] ?? null);
    },
  };
};

export const sumKinds: Readonly<Record<string, Kind>> = {
  sumCompare,
  sumEquals,
  complete,
  equalsFact: invoiceFact,
};
