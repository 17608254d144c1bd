-- Commerce: invoices, what corrects them, their documents and what is paid.

-- The next number of each series of an issuer. Taken in the transaction that issues, so that none is left out.
create table invoice_series (
  issuer_id uuid not null references billing_account,
  series text not null,
  next_number integer not null check (next_number > 0),
  primary key (issuer_id, series)
);

create table invoice (
  invoice_id uuid primary key,
  issuer_id uuid not null references billing_account,
  account_id uuid not null references billing_account,
  period integer not null references billing_period,
  kind text not null check (kind in ('invoice', 'credit-note', 'debit-note')),
  series text not null,
  sequence integer not null,
  -- as printed
  number text not null unique,
  -- days in the time zone of the account, such as 2026-11-03
  issue_date text not null,
  due_date text not null,
  issued_at timestamptz not null,
  currency text not null,
  -- of a credit note positive too
  net numeric not null,
  tax numeric not null,
  gross numeric not null check (gross = net + tax),
  -- the invoice that it corrects, and why
  corrects uuid references invoice,
  reason text,
  -- seller and buyer as they were, as JSON
  parties text not null,
  unique (issuer_id, series, sequence)
);
create index invoice_by_account on invoice (account_id, issued_at);
create index invoice_by_issuer on invoice (issuer_id, issued_at);
create index invoice_by_corrected on invoice (corrects) where corrects is not null;

create table invoice_line (
  invoice_id uuid not null references invoice,
  line integer not null check (line > 0),
  account_id uuid not null,
  kind text not null check (kind in ('usage', 'correction', 'fee', 'discount', 'credit', 'commitment', 'cancellation')),
  charge bigint references charge,
  term_id uuid references account_term,
  -- the line that it takes back
  cancels integer,
  customer_subscription_id uuid,
  subscription_id uuid,
  meter_id text,
  description text not null,
  service text not null,
  unit text not null,
  quantity numeric not null,
  unit_price numeric,
  -- before it was rounded
  exact_amount numeric not null,
  amount numeric not null,
  tax_category text not null,
  tax_percent numeric not null,
  corrects_period text,
  primary key (invoice_id, line)
);
create index invoice_line_by_charge on invoice_line (charge) where charge is not null;
create index invoice_line_by_term on invoice_line (term_id) where term_id is not null;

create table invoice_tax (
  invoice_id uuid not null references invoice,
  category text not null,
  percent numeric not null,
  base numeric not null,
  amount numeric not null,
  reason text,
  primary key (invoice_id, category, percent)
);

-- Where things stand with an invoice; all else about it is final.
create table invoice_document (
  invoice_id uuid not null references invoice,
  kind text not null check (kind in ('pdf', 'ubl', 'csv')),
  media_type text not null,
  file_name text not null,
  sha256 bytea not null,
  content bytea not null,
  created_at timestamptz not null,
  primary key (invoice_id, kind)
);

-- Invoices whose documents are still to be made.
create table invoice_document_due (
  invoice_id uuid primary key references invoice,
  attempts integer not null default 0,
  problem text,
  next_attempt_at timestamptz not null
);

do $$
declare
  name text;
begin
  foreach name in array array['invoice', 'invoice_line', 'invoice_tax', 'invoice_document'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
                   name || '_final', name);
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
                   name || '_no_truncate', name);
  end loop;
end
$$;

-- Periods that could not be invoiced: told, and tried again.
create table billing_problem (
  account_id uuid not null references billing_account,
  -- the period, or 0 for what concerns rating, -1 for a note about invoiced periods
  period integer not null,
  code text not null,
  message text not null,
  attempts integer not null check (attempts > 0),
  since timestamptz not null,
  last_attempt_at timestamptz not null,
  next_attempt_at timestamptz not null,
  primary key (account_id, period)
);

create table payment (
  payment_id uuid primary key,
  issuer_id uuid not null references billing_account,
  account_id uuid not null references billing_account,
  currency text not null,
  amount numeric not null check (amount <> 0),
  received_on text not null,
  reference text not null,
  created_at timestamptz not null,
  unique (issuer_id, account_id, reference)
);
-- What of a payment is for an invoice. Negative: taken back. Moves on to what is due first when the invoice is taken back.
create table payment_allocation (
  payment_id uuid not null references payment,
  invoice_id uuid not null references invoice,
  amount numeric not null check (amount <> 0),
  primary key (payment_id, invoice_id)
);
create index payment_allocation_by_invoice on payment_allocation (invoice_id);
create index payment_by_account on payment (account_id, created_at);

-- What of a credit note pays for an invoice or a debit note.
create table credit_allocation (
  credit_id uuid not null references invoice,
  invoice_id uuid not null references invoice,
  amount numeric not null check (amount > 0),
  primary key (credit_id, invoice_id)
);
create index credit_allocation_by_invoice on credit_allocation (invoice_id);

-- What payments and credit notes have left of an invoice or a debit note: kept, so that what is open is found without
-- reading all that was ever paid.
create table invoice_balance (
  invoice_id uuid primary key references invoice,
  issuer_id uuid not null,
  account_id uuid not null,
  currency text not null,
  due_date text not null,
  open_amount numeric not null check (open_amount >= 0)
);
create index invoice_balance_open on invoice_balance (account_id, due_date) where open_amount <> 0;
create index invoice_balance_due on invoice_balance (due_date) where open_amount <> 0;

create table reminder (
  invoice_id uuid not null references invoice,
  level integer not null check (level > 0),
  created_at timestamptz not null,
  primary key (invoice_id, level)
);

alter table invoice enable row level security;
alter table invoice_line enable row level security;
create policy account on invoice for select to stackmeter_customer_reader
  using (account_id = nullif(current_setting('stackmeter.account', true), '')::uuid);
create policy account on invoice_line for select to stackmeter_customer_reader
  using (account_id = nullif(current_setting('stackmeter.account', true), '')::uuid);
grant select on invoice, invoice_line to stackmeter_customer_reader;
