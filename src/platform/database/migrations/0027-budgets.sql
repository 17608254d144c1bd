-- Commerce: what an account wants to spend, or to sell, and who hears when it comes to it.

create table budget (
  budget_id uuid primary key,
  account_id uuid not null references billing_account,
  name text not null,
  -- in the currency of the account
  amount numeric not null check (amount > 0),
  grain text not null check (grain in ('BillingPeriod', 'Month', 'Quarter', 'Year')),
  view text not null check (view in ('buying', 'selling')),
  -- as JSON, as answers have them; empty: everything
  filters text not null,
  -- as JSON, thresholds as texts
  alerts text not null,
  -- since when each of them is there, in their order
  alert_since timestamptz[] not null,
  -- goes up when what is counted or how much it may be changes: alerts then begin anew
  version integer not null check (version > 0),
  -- another with each change
  etag uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- what came of looking last; of the version that was there then
  evaluated_at timestamptz,
  evaluated_version integer,
  -- the run of rating that was the last then
  evaluated_run bigint,
  -- the stretch of usage, half-open, hours since 1970-01-01T00:00Z
  from_hour integer,
  to_hour integer,
  spent numeric,
  -- charges without a price: what they cost is in no figure
  unpriced integer,
  forecast numeric,
  forecast_low numeric,
  forecast_high numeric,
  -- what is sold in other currencies, in none of these figures: as JSON, amounts as texts; null: nothing
  other_currencies text,
  -- why it could not be looked at; null: it could
  problem text
);
create unique index budget_by_name on budget (account_id, lower(name));
create index budget_by_evaluation on budget (evaluated_at nulls first);

-- An alert that went out: once for each version, stretch and threshold.
create table budget_firing (
  budget_id uuid not null references budget on delete cascade,
  version integer not null,
  from_hour integer not null,
  to_hour integer not null,
  of text not null check (of in ('actual', 'forecast')),
  unit text not null check (unit in ('percent', 'amount')),
  threshold numeric not null,
  -- as it was then
  amount numeric not null,
  spent numeric not null,
  forecast numeric,
  -- addresses that were told, and that were not because the account had sent too much that day
  mails integer not null,
  mails_withheld integer not null,
  webhook boolean not null,
  fired_at timestamptz not null,
  primary key (budget_id, version, from_hour, of, unit, threshold)
);
create index budget_firing_by_time on budget_firing (budget_id, fired_at);
