/**
 * Whether invoices do not have all of a charge, by the name that it has in a statement. One of which nothing was used needs
 * no price. The first condition is that of the index charge_uninvoiced.
 */
export const changed = (c: string): string =>
  `(${c}.quantity <> ${c}.invoiced_quantity or ${c}.amount is distinct from ${c}.invoiced_amount)
   and (${c}.quantity <> ${c}.invoiced_quantity
        or coalesce(${c}.amount, case ${c}.quantity when 0 then 0 end) is distinct from ${c}.invoiced_amount)`;

/**
 * In which period of each of the accounts $1 what has changed in invoiced ones is still to be invoiced: in the first that
 * is not invoiced, or where there is none in the newest that has changed, in which a note would have it.
 */
export const NEXT_PERIODS = `(select distinct on (q.account_id) q.account_id, q.name, q.from_hour, q.to_hour
  from billing_period q
  where q.account_id = any($1::uuid[]) and (q.state <> 'Issued' or exists (
    select from charge x where x.account_id = q.account_id and x.period = q.period and ${changed('x')}))
  order by q.account_id, q.state = 'Issued',
    case when q.state = 'Issued' then -q.from_hour else q.from_hour end)`;
