-- Commerce: usage times price.

-- At which prices usage was rated: a version of a price list, the markups of those in between, and a rate of exchange.
create table price_plan (
  plan integer generated always as identity primary key,
  -- null: no price could be found, and why
  price_list_id text,
  price_list_version integer,
  problem text check ((problem is null) = (price_list_id is not null)),
  -- from which hour this version of the prices was in force: orders the plans of a period
  effective_from integer not null,
  -- product of the markups
  factor numeric not null check (factor >= 0),
  -- from the currency of the price list to that of the account
  exchange_rate numeric not null check (exchange_rate > 0),
  -- [{accountId, markupPercent}], from the list to the buyer
  chain text not null,
  digest bytea not null unique,
  foreign key (price_list_id, price_list_version) references price_list_version
);

-- By which rate of exchange a period is rated: fixed when it is first needed, so that all its usage has one.
create table period_exchange_rate (
  period integer not null references billing_period,
  -- of a price list; the other is that of the account
  from_currency text not null,
  rate numeric not null check (rate > 0),
  primary key (period, from_currency)
);

-- One run of rating: what it changed says so by its number.
create table rating_run (
  run bigint generated always as identity primary key,
  kind text not null check (kind in ('incremental', 'rerating')),
  -- of the operator or the job, why
  reason text not null,
  started_at timestamptz not null
);

-- How far the accepted windows of a registration have been rated.
create table rating_progress (
  registration_number integer primary key references registration (registration_number),
  last_window integer not null
);

-- What was used of a meter by a subscription of the stamp in a period under a plan, and what it costs: of one sale. Each
-- sale of a chain of resellers has charges of its own. Rows change as usage arrives, so pages have room for their next
-- version.
create table charge (
  charge bigint generated always as identity primary key,
  -- the buyer
  account_id uuid not null references billing_account,
  -- in which it was used, which may have been invoiced already
  period integer not null references billing_period,
  plan integer not null references price_plan,
  -- the subscription of commerce on which it is booked
  customer_subscription_id uuid not null,
  -- of the stamp
  subscription_id uuid not null,
  meter integer not null references commerce_meter (meter),
  billable boolean not null,
  quantity numeric not null,
  -- exact, in the currency of the account; null: it has no price
  amount numeric,
  -- why it has none where the price list has one; null: the list has none, or the plan says why
  problem text check (problem is null or amount is null),
  -- what invoices have of it so far, before rounding
  invoiced_quantity numeric not null default 0,
  invoiced_amount numeric not null default 0,
  unique (period, plan, customer_subscription_id, subscription_id, meter, billable)
) with (fillfactor = 60);
create index charge_by_account on charge (account_id, period);
create index charge_uninvoiced on charge (account_id)
  where quantity <> invoiced_quantity or amount is distinct from invoiced_amount;

-- The parts of a charge by resource and UTC day of use.
create table rated_line (
  account_id uuid not null,
  charge bigint not null,
  usage_day integer not null,
  resource_key uuid not null,
  quantity numeric not null,
  rows integer not null,
  -- the first and the last reported hour that has some of it
  first_reported integer not null,
  last_reported integer not null,
  primary key (charge, usage_day, resource_key)
) with (fillfactor = 60);
create index rated_line_by_account on rated_line (account_id, usage_day, resource_key);

-- What rating anew replaced: charges and lines as they were before the run.
create table charge_version (
  run bigint not null references rating_run,
  charge bigint not null references charge,
  quantity numeric not null,
  amount numeric,
  primary key (run, charge)
);
create table rated_line_version (
  run bigint not null references rating_run,
  charge bigint not null,
  usage_day integer not null,
  resource_key uuid not null,
  quantity numeric not null,
  rows integer not null,
  first_reported integer not null,
  last_reported integer not null,
  primary key (run, charge, usage_day, resource_key)
);
create trigger charge_version_append_only before update or delete on charge_version
  for each row execute function refuse_change();
create trigger rated_line_version_append_only before update or delete on rated_line_version
  for each row execute function refuse_change();

alter table charge enable row level security;
alter table rated_line enable row level security;
create policy account on charge for select to stackmeter_customer_reader
  using (account_id = nullif(current_setting('stackmeter.account', true), '')::uuid);
create policy account on rated_line for select to stackmeter_customer_reader
  using (account_id = nullif(current_setting('stackmeter.account', true), '')::uuid);
grant select on charge, rated_line, price_plan to stackmeter_customer_reader;
