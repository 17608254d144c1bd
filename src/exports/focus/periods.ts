import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { readAccountTree } from '../../commerce/accounts/index.ts';
import { changed, NEXT_PERIODS } from './next-period.ts';
import { buyersOf } from './open-rows.ts';
import type { FocusScope } from './scope.ts';
import { timeText } from './row.ts';

/** A billing period of a dataset. */
export interface FocusPeriod {
  readonly name: string;
  /** Whether all accounts have been invoiced for it. */
  readonly isClosed: boolean;
  /**
   * Changes with the invoices and notes that the period has, and with what is to be corrected in it; of an open one its
   * usage may change besides.
   */
  readonly mark: string;
}

/** The billing periods of a dataset, the oldest first. */
export async function listFocusPeriods(
  db: Queryable,
  scope: Omit<FocusScope, 'periodName'>,
): Promise<FocusPeriod[]> {
  const tree = await readAccountTree(db);
  const buyers = buyersOf(tree, { ...scope, periodName: '' });
  const mine = scope.view === 'selling' ? 'i.issuer_id' : 'i.account_id';
  const { rows } = await db.query<{
    name: string;
    is_closed: boolean;
    invoices: number;
    last_issued: Instant | null;
    late: string | null;
  }>({
    name: `focus-period-list-${scope.view}`,
    text: `with used as (
             select name, bool_and(state = 'Issued') as is_closed from billing_period
             where account_id = any($1::uuid[]) group by name),
           issued as (
             select p.name, count(*)::int as invoices, max(i.issued_at) as last_issued
             from invoice i join billing_period p using (period) where ${mine} = $2 group by p.name),
           late as (
             select b.name, concat(count(*), ' ', sum(c.quantity), ' ', sum(c.amount)) as late
             from charge c join billing_period p using (period) join ${NEXT_PERIODS} b on b.account_id = c.account_id
             where p.state = 'Issued' and ${changed('c')} group by b.name)
           select name, coalesce(is_closed, true) as is_closed, coalesce(invoices, 0) as invoices, last_issued, late
           from used full join issued using (name) left join late using (name) order by name`,
    values: [buyers, scope.accountId],
  });
  return rows.map(({ name, is_closed: isClosed, invoices, last_issued: last, late }) => ({
    name,
    isClosed,
    mark: [
      `${isClosed ? 'closed' : 'open'} ${invoices} ${last === null ? '' : timeText(last)}`,
      ...(late === null ? [] : [`late ${late}`]),
    ].join(' '),
  }));
}
