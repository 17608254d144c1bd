import { dayOf, textOf, wordOf } from '../../app/address.ts';
import type { SearchTexts } from '../../app/area.ts';
import { invoiceKinds, type InvoiceKind } from '../../api/types/invoices.ts';

export const invoiceStates = ['open', 'overdue', 'settled'] as const;
export type InvoiceState = (typeof invoiceStates)[number];

/** Whether the account buys on the invoices, or sells. */
export const views = ['buying', 'selling'] as const;
export type View = (typeof views)[number];

export interface ListSearch {
  readonly view?: View | undefined;
  readonly buyer?: string | undefined;
  readonly kind?: InvoiceKind | undefined;
  readonly state?: InvoiceState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function readListSearch(search: SearchTexts): ListSearch {
  return {
    view: wordOf(search, 'view', views),
    buyer: textOf(search, 'buyer'),
    kind: wordOf(search, 'kind', invoiceKinds),
    state: wordOf(search, 'state', invoiceStates),
    from: dayOf(search, 'from'),
    to: dayOf(search, 'to'),
  };
}

export interface ExplanationSearch {
  readonly resource?: string | undefined;
  readonly day?: string | undefined;
  readonly after?: string | undefined;
}

export function readExplanationSearch(search: SearchTexts): ExplanationSearch {
  return {
    resource: textOf(search, 'resource'),
    day: dayOf(search, 'day'),
    after: textOf(search, 'after'),
  };
}

export interface StatementSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function readStatementSearch(search: SearchTexts): StatementSearch {
  return { from: dayOf(search, 'from'), to: dayOf(search, 'to') };
}
