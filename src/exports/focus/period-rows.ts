import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import { billingPeriodOf, hourText, timeText, type FocusRow } from './row.ts';

/**
 * The billing periods of a dataset: one for each issuer and pair of bounds. It is closed when all of its accounts have
 * been invoiced; what it was changed by last is an invoice or note of it.
 *
 * @param issuerName who would invoice what has no invoice yet
 */
export async function* periodRows(
  db: Queryable,
  buyers: readonly AccountId[],
  periodName: string,
  issuerName: string,
): AsyncGenerator<FocusRow> {
  const { rows } = await db.query<{
    from_hour: number;
    to_hour: number;
    issuer_name: string;
    is_closed: boolean;
    last_issued: Instant | null;
    last_review: Instant | null;
  }>({
    name: 'focus-periods',
    text: `with periods as (
             select period, from_hour, to_hour, state, review_started_at from billing_period
             where account_id = any($1::uuid[]) and name = $2),
           issued as (
             select period, i.parties::jsonb -> 'seller' ->> 'name' as issuer_name, max(i.issued_at) as last_issued
             from invoice i join periods using (period) group by 1, 2)
           select p.from_hour, p.to_hour, coalesce(i.issuer_name, $3) as issuer_name,
                  bool_and(p.state = 'Issued') as is_closed, max(i.last_issued) as last_issued,
                  max(p.review_started_at) as last_review
           from periods p left join issued i using (period)
           group by 1, 2, 3 order by 1, 2, 3`,
    values: [buyers, periodName, issuerName],
  });
  for (const row of rows) {
    const begun = hourText(row.from_hour);
    const closed = row.last_issued === null ? hourText(row.to_hour) : timeText(row.last_issued);
    const open = [begun, row.last_issued, row.last_review].map((time) =>
      time === null ? '' : typeof time === 'string' ? time : timeText(time),
    );
    yield {
      ...billingPeriodOf({ fromHour: row.from_hour, toHour: row.to_hour }),
      BillingPeriodCreated: begun,
      BillingPeriodLastUpdated: row.is_closed ? closed : (open.toSorted().at(-1) ?? begun),
      BillingPeriodStatus: row.is_closed ? 'Closed' : 'Open',
      InvoiceIssuerName: row.issuer_name,
    };
  }
}
