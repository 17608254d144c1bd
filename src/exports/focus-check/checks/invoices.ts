/** Kinds of rules about what invoices are known to say, beside their rows. */
import { Decimal } from '../../../kernel/index.ts';
import { whenOf } from '../condition.ts';
import type { SumSide } from '../rule-file.ts';
import {
  notApplicable,
  notChecked,
  placeOf,
  type Kind,
  type KnownInvoice,
  type Plan,
  type Row,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { isWithin, sumsOf, type Group, type Sums } from './grouped-sums.ts';

export function sumAgainstInvoices(
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
      for (const group of [...sums.groups.values(), ...withoutRows(invoices, sums)]) {
        const wanted = invoices.get(group.invoiceId)?.payableAmount;
        if (wanted === undefined) continue;
        run.hasApplied = true;
        if (!isWithin(group.sum.subtract(wanted), group, tolerance)) {
          const found = group.rows === 0 ? 'no rows' : group.sum.toText();
          run.fault(undefined, `${group.invoiceId}: ${found}, not ${wanted.toText()}`);
        }
      }
    },
  };
}

/** Issued invoices of which there is not one row. */
function withoutRows(invoices: ReadonlyMap<string, KnownInvoice>, { groups }: Sums): Group[] {
  const there = new Set([...groups.values()].map(({ invoiceId }) => invoiceId));
  return [...invoices]
    .filter(([id, { isIssued }]) => isIssued && !there.has(id))
    .map(([invoiceId, { currency = '' }]) => ({
      sum: Decimal.zero,
      rows: 0,
      currency,
      invoiceId,
      lineId: '',
    }));
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
      for (const [id, { lines = [] }] of invoices) {
        for (const [lineId, amount] of lines) {
          run.hasApplied = true;
          if (amount.isZero() || seen.get(id)?.has(lineId) === true) continue;
          run.fault(undefined, `${id} ${lineId}: no record, not ${amount.toText()}`);
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

export const invoiceKinds: Readonly<Record<string, Kind>> = {
  sumEquals,
  complete,
  equalsFact: invoiceFact,
};
