-- Commerce: what was used and what it costs, by day, place and resource: sums beside the lines of charges.

-- Charges of which rating has changed the amount or lines, for those who keep sums of them. Only ever added to by rating, so
-- that it never waits for who reads and takes away.
create table rated_change (
  change bigint generated always as identity primary key,
  charge bigint not null
);
create index rated_change_by_charge on rated_change (charge);
insert into rated_change (charge) select charge from charge order by charge;

-- A buyer as one who buys from its seller: all sums below belong to one. Neither can change once something was charged.
create table cost_sale (
  sale integer generated always as identity primary key,
  account_id uuid not null unique references billing_account,
  seller_id uuid not null references billing_account
);
create index cost_sale_by_seller on cost_sale (seller_id);

-- A charge as it was when its lines were summed, so that proportions and amount belong together.
create table cost_charge (
  charge bigint primary key,
  sale integer not null,
  -- of its billing period, half-open, hours since 1970
  period_from integer not null,
  period_to integer not null,
  customer_subscription_id uuid not null,
  -- of the stamp
  subscription_id uuid not null,
  meter integer not null,
  quantity numeric not null,
  -- null: it has no price
  amount numeric,
  -- amount by quantity to 40 digits after the point: its parts are settled to the amount where it is not exact
  rate numeric
) with (fillfactor = 80);
create index cost_charge_by_sale on cost_charge (sale, period_from);

-- Where resources of a sale are. Keys are in the form in which names compare.
create table cost_place (
  place integer generated always as identity primary key,
  sale integer not null,
  subscription_id uuid not null,
  -- as emitted, of the first that had it
  resource_group text not null,
  group_key text not null,
  resource_type text not null,
  type_key text not null,
  location text not null,
  location_key text not null,
  -- values by name, the names as keys; what was no object of texts has none
  tags jsonb not null,
  digest bytea not null,
  unique (sale, digest)
);
create table cost_resource (
  resource integer generated always as identity primary key,
  sale integer not null,
  customer_subscription_id uuid not null,
  -- of the reported texts: one resource has several, as its tags change
  resource_key uuid not null,
  place integer not null,
  uri text not null,
  uri_key text not null,
  -- MD5 of uri_key
  identity uuid not null,
  unique (sale, customer_subscription_id, resource_key)
);
create index cost_resource_by_identity on cost_resource (identity);

-- Parts of charges. Rows of the present period change with each hour, so pages have room for their next version.
create table cost_day (
  charge bigint not null,
  usage_day integer not null,
  sale integer not null,
  quantity numeric not null,
  primary key (charge, usage_day)
) with (fillfactor = 80);
create table cost_place_day (
  charge bigint not null,
  usage_day integer not null,
  place integer not null,
  sale integer not null,
  quantity numeric not null,
  primary key (charge, usage_day, place)
) with (fillfactor = 80);
create index cost_place_day_by_place on cost_place_day (place, usage_day);
create table cost_resource_total (
  charge bigint not null,
  resource integer not null,
  place integer not null,
  sale integer not null,
  quantity numeric not null,
  primary key (charge, resource)
) with (fillfactor = 70);
create index cost_resource_total_by_resource on cost_resource_total (resource);
create index cost_resource_total_by_place on cost_resource_total (place);

-- The first hour of which not all that was rated is in the sums.
create table cost_progress (
  single boolean primary key default true check (single),
  summarized_to integer not null
);

-- A reader of what one account buys (stackmeter.account), or of what is bought from it directly (stackmeter.seller).
do $$
begin
  begin create role stackmeter_cost_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_cost_reader to %I', current_user);
end
$$;
alter table cost_sale enable row level security;
create policy viewpoint on cost_sale for select to stackmeter_cost_reader
  using (account_id = nullif(current_setting('stackmeter.account', true), '')::uuid
         or seller_id = nullif(current_setting('stackmeter.seller', true), '')::uuid);
do $$
declare
  name text;
begin
  foreach name in array array['cost_charge', 'cost_place', 'cost_resource', 'cost_day', 'cost_place_day',
                              'cost_resource_total'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy viewpoint on %I for select to stackmeter_cost_reader
                      using (sale in (select sale from cost_sale))', name);
  end loop;
end
$$;
create policy viewpoint on rated_line for select to stackmeter_cost_reader
  using (account_id in (select account_id from cost_sale));
grant select on cost_sale, cost_charge, cost_place, cost_resource, cost_day, cost_place_day, cost_resource_total,
  rated_line, commerce_meter to stackmeter_cost_reader;

-- Fees, discounts, credits and commitments among the lines of usage, which are many more.
create index invoice_line_of_terms on invoice_line (invoice_id) where term_id is not null;
