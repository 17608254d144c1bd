-- Commerce: what usage costs, in which currency, and how it is taxed.

create table price_list (
  price_list_id text primary key,
  name text not null,
  currency text not null,
  created_at timestamptz not null
);

-- Published versions, never changed. At a moment the one with the latest effective_from that has come is in force, of
-- several the highest.
create table price_list_version (
  price_list_id text not null references price_list,
  version integer not null check (version > 0),
  -- hours since 1970-01-01T00:00Z
  effective_from integer not null,
  -- figures that were seen somewhere, not the operator's own
  sample boolean not null,
  note text not null,
  -- the price list as JSON, decimals as texts
  content text not null,
  published_at timestamptz not null,
  primary key (price_list_id, version)
);

-- Units of to_currency for one of from_currency, from a UTC day on (days since 1970-01-01). The newest entry of a day counts.
create table exchange_rate (
  from_currency text not null,
  to_currency text not null check (to_currency <> from_currency),
  from_day integer not null,
  version integer not null check (version > 0),
  rate numeric not null check (rate > 0),
  source text not null,
  created_at timestamptz not null,
  primary key (from_currency, to_currency, from_day, version)
);

-- Changes of prices that what was rated has to follow. Written in the transaction that makes the change; the next run of
-- rating rates anew what it concerns, in periods that end after the hour, and takes it off.
create table price_change (
  change bigint generated always as identity primary key,
  -- whose prices they are
  account_id uuid,
  -- or the price list, of all who buy by it
  price_list_id text references price_list,
  -- not of those below the account too, who may buy at what it pays
  alone boolean not null default false,
  -- hours since 1970-01-01T00:00Z
  from_hour integer not null,
  reason text not null,
  created_at timestamptz not null,
  check ((account_id is null) <> (price_list_id is null))
);

-- The operator's own table of taxes. Of the entries that fit a sale, the most particular one counts.
create table tax_rate (
  tax_rate integer generated always as identity primary key,
  -- two letters of ISO 3166-1
  seller_country text not null,
  -- two letters, or * for any other
  buyer_country text not null,
  -- only for buyers that have given a tax number
  business_only boolean not null,
  -- UNTDID 5305
  category text not null check (category in ('S', 'Z', 'E', 'AE', 'G', 'O')),
  percent numeric not null check (percent >= 0 and percent <= 100 and (percent > 0) = (category = 'S')),
  -- why nothing is charged, as invoices say it
  reason text check (category in ('S', 'Z') or reason is not null),
  from_day integer not null,
  created_at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger price_list_version_append_only before update or delete on price_list_version
  for each row execute function refuse_change();
create trigger price_list_version_no_truncate before truncate on price_list_version
  for each statement execute function refuse_change();
