-- Commerce: double entry under every amount.

create table ledger_entry (
  entry bigint generated always as identity primary key,
  -- whose books: the seller
  book uuid not null references billing_account,
  kind text not null check (kind in ('usage', 'rerating', 'invoice', 'credit-note', 'debit-note', 'payment', 'write-off')),
  -- what it is about: a rating run, the number of an invoice, a payment
  reference text not null,
  occurred_at timestamptz not null
);
create index ledger_entry_by_book on ledger_entry (book, entry);
create index ledger_entry_by_reference on ledger_entry (reference);

-- Debits are positive, credits negative.
create table ledger_posting (
  entry bigint not null references ledger_entry,
  posting integer not null check (posting > 0),
  account text not null check (account in ('unbilled', 'receivable', 'revenue', 'fees', 'commitments', 'discounts', 'credits',
                                           'tax', 'rounding', 'cash')),
  -- the other side: who is charged, invoiced, paying
  party uuid not null references billing_account,
  currency text not null,
  amount numeric not null check (amount <> 0),
  primary key (entry, posting)
);
create index ledger_posting_by_party on ledger_posting (party, account, currency) include (amount);

create trigger ledger_entry_append_only before update or delete on ledger_entry
  for each row execute function refuse_change();
create trigger ledger_entry_no_truncate before truncate on ledger_entry
  for each statement execute function refuse_change();
create trigger ledger_posting_append_only before update or delete on ledger_posting
  for each row execute function refuse_change();
create trigger ledger_posting_no_truncate before truncate on ledger_posting
  for each statement execute function refuse_change();

-- At the end of each transaction every entry that it touched sums to zero in each currency.
create function check_ledger_balance() returns trigger language plpgsql as $$
declare
  difference record;
begin
  select currency, sum(amount) as amount into difference from ledger_posting
  where entry = new.entry group by currency having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'entry % of the ledger is out of balance by % %', new.entry, difference.amount, difference.currency
      using errcode = 'check_violation';
  end if;
  if tg_table_name = 'ledger_entry' and not exists (select from ledger_posting where entry = new.entry) then
    raise exception 'entry % of the ledger has no postings', new.entry using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger ledger_posting_balanced after insert on ledger_posting
  deferrable initially deferred for each row execute function check_ledger_balance();
create constraint trigger ledger_entry_balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function check_ledger_balance();
