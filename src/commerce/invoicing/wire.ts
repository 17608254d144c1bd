import type { InvoiceDraft } from './issue/draft.ts';
import type { KeptInvoice } from './invoice.ts';
import type { InvoiceLine } from './line.ts';
import type { BillingProblem } from './problems.ts';
import type { Totals } from './totals.ts';

type Wire = Readonly<Record<string, unknown>>;

/** An invoice as answers and commands have it, without its lines. */
export function toWireInvoice(invoice: KeptInvoice): Wire {
  return {
    number: invoice.number,
    kind: invoice.kind,
    accountId: invoice.accountId,
    issuerId: invoice.issuerId,
    period: invoice.parties.period,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    issuedAt: invoice.issuedAt.toString(),
    currency: invoice.currency,
    net: invoice.net.toText(),
    tax: invoice.tax.toText(),
    gross: invoice.gross.toText(),
    open: invoice.open.toText(),
    ...(invoice.correctsNumber !== undefined && { corrects: invoice.correctsNumber }),
    ...(invoice.reason !== undefined && { reason: invoice.reason }),
    seller: invoice.parties.seller,
    buyer: invoice.parties.buyer,
    ...(invoice.parties.buyerReference !== undefined && {
      buyerReference: invoice.parties.buyerReference,
    }),
  };
}

export function toWireTaxes({ taxes }: Pick<Totals, 'taxes'>): Wire[] {
  return taxes.map(({ category, percent, base, amount, reason }) => ({
    category,
    percent: percent.toText(),
    base: base.toText(),
    amount: amount.toText(),
    ...(reason !== undefined && { reason }),
  }));
}

/** A line as answers and commands have it; what does not apply is left out. */
export function toWireLine(line: InvoiceLine): Wire {
  const all = {
    line: line.line,
    kind: line.kind,
    charge: line.charge?.toString(),
    termId: line.termId,
    cancels: line.cancels,
    customerSubscriptionId: line.customerSubscriptionId,
    subscriptionId: line.subscriptionId,
    meterId: line.meterId,
    description: line.description,
    service: line.service,
    unit: line.unit,
    quantity: line.quantity.toText(),
    unitPrice: line.unitPrice?.toText(),
    exactAmount: line.exactAmount.toText(),
    amount: line.amount.toText(),
    taxCategory: line.tax.category,
    taxPercent: line.tax.percent.toText(),
    correctsPeriod: line.correctsPeriod,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A draft as answers and commands have it. */
export function toWireDraft(draft: InvoiceDraft): Wire {
  const { kind, sale, period, currency, net, tax, gross, lines, seller, buyer } = draft;
  return {
    kind,
    accountId: sale.buyer.accountId,
    issuerId: sale.seller.accountId,
    period: period.name,
    state: period.state,
    ...(period.held !== undefined && { held: period.held }),
    currency,
    net: net.toText(),
    tax: tax.toText(),
    gross: gross.toText(),
    taxes: toWireTaxes(draft),
    seller,
    buyer,
    lines: lines.map(toWireLine),
  };
}

/** A problem as answers and commands have it. */
export function toWireProblem(problem: BillingProblem): Wire {
  return {
    accountId: problem.accountId,
    ...(problem.periodName !== undefined && { period: problem.periodName }),
    code: problem.code,
    message: problem.message,
    attempts: problem.attempts,
    since: problem.since.toString(),
    lastAttemptAt: problem.lastAttemptAt.toString(),
    nextAttemptAt: problem.nextAttemptAt.toString(),
  };
}
