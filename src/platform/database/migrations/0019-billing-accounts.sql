-- Commerce: who is billed by whom, at which prices and in which periods.

-- A tree. provider: the operator of commerce, its root. partner: buys for all below it and sells to them. enterprise: one
-- invoice for all below it. customer: a subscription of commerce on which usage is booked.
create table billing_account (
  account_id uuid primary key,
  kind text not null check (kind in ('provider', 'partner', 'enterprise', 'customer')),
  parent_id uuid references billing_account,
  -- roles on it are roles on the account
  subscription_id uuid unique references commerce_subscription,
  name text not null,
  street text,
  street2 text,
  city text,
  postal_code text,
  region text,
  country text,
  tax_id text,
  registration_id text,
  email text,
  phone text,
  -- why its purchases are not taxed; null: they are
  tax_exemption text,
  buyer_reference text,
  -- as issuer of invoices: letters before its numbers, where to pay, and a picture (PNG or JPEG)
  series_prefix text not null,
  iban text,
  bic text,
  logo bytea,
  currency text not null,
  language text not null check (language in ('en', 'fr')),
  billing_day integer not null check (billing_day between 1 and 28),
  time_zone text not null,
  -- what becomes of usage of a period that was invoiced
  late_usage text not null check (late_usage in ('NextInvoice', 'Note')),
  -- after the end of a period: hours until its usage is taken as complete, then days of review, then days to pay
  wait_hours integer not null check (wait_hours between 0 and 744),
  review_days integer not null check (review_days between 0 and 60),
  payment_days integer not null check (payment_days between 0 and 365),
  etag uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((kind = 'provider') = (parent_id is null)),
  check (kind <> 'customer' or subscription_id is not null)
);
create unique index billing_account_provider on billing_account (kind) where kind = 'provider';
create index billing_account_by_parent on billing_account (parent_id);
create unique index billing_account_prefix on billing_account (series_prefix) where kind in ('provider', 'partner');

-- At which prices an account buys: those of a price list, or those at which its seller buys and so many percent on top.
create table account_pricing (
  account_id uuid not null references billing_account,
  version integer not null check (version > 0),
  -- the latest that has come is in force, of several the highest version
  effective_from integer not null,
  price_list_id text references price_list,
  markup_percent numeric check (markup_percent > -100),
  created_at timestamptz not null,
  primary key (account_id, version),
  check ((price_list_id is null) <> (markup_percent is null))
);
create trigger account_pricing_append_only before update or delete on account_pricing
  for each row execute function refuse_change();

-- Fees, discounts, credits and commitments.
create table account_term (
  term_id uuid primary key,
  account_id uuid not null references billing_account,
  name text not null,
  -- as JSON, decimals as texts
  definition text not null,
  effective_from integer not null,
  effective_to integer check (effective_to >= effective_from),
  created_at timestamptz not null
);
create index account_term_by_account on account_term (account_id);

create table billing_period (
  period integer generated always as identity primary key,
  account_id uuid not null references billing_account,
  -- such as 202610-1: the month in which it begins
  name text not null,
  -- half-open, hours since 1970-01-01T00:00Z
  from_hour integer not null,
  to_hour integer not null check (to_hour > from_hour),
  -- by which it was made, whatever the account has now: its days are days there
  time_zone text not null,
  state text not null default 'Open' check (state in ('Open', 'InReview', 'Issued')),
  review_started_at timestamptz,
  -- not invoiced by itself, and why
  held text,
  unique (account_id, from_hour),
  unique (account_id, name)
);
create index billing_period_unissued on billing_period (to_hour) where state <> 'Issued';
