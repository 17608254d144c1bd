import type { Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';

/** Something that somebody should look at: what it is, as fields, and where to look. */
export interface AttentionItem {
  readonly kind:
    | 'ratingFailed'
    | 'invoiceParked'
    | 'periodHeld'
    | 'periodInReview'
    | 'invoiceOverdue'
    | 'chargesUnpriced'
    | 'ratingBehind';
  readonly severity: 'error' | 'warning' | 'info';
  readonly count: number;
  /** What is special about it: a code of the catalogue of errors, an amount with its currency, hours. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The place of the portal and, where there is just one, the account, period or invoice. */
  readonly target: Readonly<Record<string, string>>;
}

interface ItemRow {
  readonly kind: AttentionItem['kind'];
  readonly count: number;
  readonly code: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly account: AccountId | null;
  readonly period: string | null;
  readonly invoice: string | null;
}

const SEVERITIES: Readonly<Record<AttentionItem['kind'], AttentionItem['severity']>> = {
  ratingFailed: 'error',
  invoiceParked: 'error',
  chargesUnpriced: 'error',
  invoiceOverdue: 'warning',
  ratingBehind: 'warning',
  periodHeld: 'warning',
  periodInReview: 'info',
};

const PLACES: Readonly<Record<AttentionItem['kind'], string>> = {
  ratingFailed: 'problems',
  invoiceParked: 'problems',
  chargesUnpriced: 'charges',
  invoiceOverdue: 'invoices',
  ratingBehind: 'rating',
  periodHeld: 'periods',
  periodInReview: 'periods',
};

/** More kinds of the same than anybody reads. */
const MOST = 50;

const ONLY = (column: string): string =>
  `case when count(distinct ${column}) = 1 then min(${column}::text) end`;

/**
 * What of the invoices of these accounts needs somebody: problems by their code, periods that are held or in review, invoices
 * that are overdue by their currency.
 *
 * @param today a date such as 2026-11-23
 */
export async function invoicingAttention(
  db: Queryable,
  accounts: readonly AccountId[],
  today: string,
): Promise<AttentionItem[]> {
  const { rows } = await db.query<ItemRow>(
    `select case when b.period = 0 then 'ratingFailed' else 'invoiceParked' end as kind, count(*)::int as count, b.code,
            null as amount, null as currency, ${ONLY('b.account_id')} as account, ${ONLY('p.name')} as period, null as invoice
     from billing_problem b left join billing_period p on p.period = b.period
     where b.account_id = any($1::uuid[]) group by 1, b.code
     union all
     select case when held is null then 'periodInReview' else 'periodHeld' end, count(*)::int, null, null, null,
            ${ONLY('account_id')}, ${ONLY('name')}, null
     from billing_period
     where account_id = any($1::uuid[]) and state <> 'Issued' and (state = 'InReview' or held is not null)
     group by 1
     union all
     select 'invoiceOverdue', count(*)::int, null, trim_scale(sum(open_amount))::text, currency, ${ONLY('account_id')}, null,
            ${ONLY('invoice_id')}
     from invoice_balance where account_id = any($1::uuid[]) and open_amount <> 0 and due_date < $2
     group by currency
     order by 1, 3, 5 limit ${MOST}`,
    [accounts, today],
  );
  return rows.map(toItem);
}

function toItem(row: ItemRow): AttentionItem {
  const { kind, count, code, amount, currency, account, period, invoice } = row;
  return {
    kind,
    severity: SEVERITIES[kind],
    count,
    parameters: given({ code, amount, currency }),
    target: { place: PLACES[kind], ...given({ account, period, invoice }) },
  };
}

function given(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** Charges of the present and the last period without a price. */
export function unpricedItem(account: AccountId, count: number): AttentionItem[] {
  if (count === 0) return [];
  return [
    {
      kind: 'chargesUnpriced',
      severity: SEVERITIES.chargesUnpriced,
      count,
      parameters: {},
      target: { place: PLACES.chargesUnpriced, account },
    },
  ];
}

/** Rating is hours behind accepted usage, or the sums behind rating. */
export function behindItem(hours: number): AttentionItem {
  return {
    kind: 'ratingBehind',
    severity: SEVERITIES.ratingBehind,
    count: 1,
    parameters: { hours: String(hours) },
    target: { place: PLACES.ratingBehind },
  };
}
