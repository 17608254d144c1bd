-- Commerce: what was used and what it costs, by day, place and resource: sums beside the lines of charges.

-- What rating has changed, for those who keep sums of it. Only ever added to by rating, so that it never waits for who reads
-- and takes away.
create table rated_change (
  charge bigint not null,
  -- of which lines have changed; null: the quantity or amount of the charge has
  usage_day integer
);
create index rated_change_by_charge on rated_change (charge);
insert into rated_change (charge) select charge from charge order by charge;
insert into rated_change (charge, usage_day) select distinct charge, usage_day from rated_line;

-- A buyer as one who buys from its seller: all sums below belong to one. Neither can change once something was charged.
create table cost_sale (
  sale integer generated always as identity primary key,
  account_id uuid not null unique references billing_account,
  seller_id uuid not null references billing_account
);
create index cost_sale_by_seller on cost_sale (seller_id);

-- What one subscription of a stamp uses in one billing period of a sale: what is summed together.
create table cost_scope (
  scope integer generated always as identity primary key,
  sale integer not null,
  customer_subscription_id uuid not null,
  -- of the stamp
  subscription_id uuid not null,
  -- of the billing period, half-open, hours since 1970
  period_from integer not null,
  period_to integer not null,
  unique (sale, customer_subscription_id, subscription_id, period_from)
);

-- A charge as it was when it was summed, so that proportions and amount belong together.
create table cost_charge (
  charge bigint primary key,
  scope integer not null,
  sale integer not null,
  meter integer not null,
  quantity numeric not null,
  -- null: it has no price
  amount numeric,
  -- what a unit costs, to 40 digits after the point; of a charge without quantity the amount itself
  rate numeric
) with (fillfactor = 80);
create index cost_charge_by_scope on cost_charge (scope);
create index cost_charge_unpriced on cost_charge (scope) where amount is null;

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

-- Sums by day. A row has a month with a column for each day, null where nothing was used: a question reads as many rows as
-- there are months, whatever the days. Amounts are kept by charge, by charge and place, and over all meters by place and by
-- resource; by charge and resource quantities, of which all others are made: one costs its quantity times the rate of its
-- charge. A row changes with every hour that is rated: the space left free keeps the new version on the page of the old one.
do $$
declare
  level record;
  days text := (select string_agg(format('d%s numeric', day), ', ' order by day) from generate_series(1, 31) as day);
  total text := (select string_agg(format('coalesce(d%s, 0)', day), ' + ' order by day) from generate_series(1, 31) as day);
begin
  for level in
    select * from (values
      ('cost_by_charge', 'charge bigint not null, meter integer not null', 'month, charge'),
      ('cost_by_charge_place', 'charge bigint not null, meter integer not null, place integer not null',
       'meter, month, charge, place'),
      ('cost_by_place', 'place integer not null', 'month, place'),
      ('cost_by_resource', 'resource integer not null, place integer not null', 'month, resource'),
      ('cost_quantity', 'charge bigint not null, meter integer not null, resource integer not null, place integer not null',
       'meter, month, charge, resource')
    ) as levels (name, columns, key)
  loop
    execute format('create table %1$I (scope integer not null, sale integer not null, month integer not null, %2$s,
                      total numeric not null generated always as (%5$s) stored, %4$s, primary key (scope, %3$s))
                    with (fillfactor = 50)', level.name, level.columns, level.key, days, total);
  end loop;
end
$$;
create index cost_by_charge_place_by_place on cost_by_charge_place (place, month);
create index cost_by_place_by_place on cost_by_place (place, month);
create index cost_by_resource_by_resource on cost_by_resource (resource, month);
create index cost_quantity_by_resource on cost_quantity (resource, month);

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
  foreach name in array array['cost_scope', 'cost_charge', 'cost_place', 'cost_resource', 'cost_by_charge',
                              'cost_by_charge_place', 'cost_by_place', 'cost_by_resource', 'cost_quantity'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy viewpoint on %I for select to stackmeter_cost_reader
                      using (sale in (select sale from cost_sale))', name);
  end loop;
end
$$;
grant select on cost_sale, cost_scope, cost_charge, cost_place, cost_resource, cost_by_charge,
  cost_by_charge_place, cost_by_place, cost_by_resource, cost_quantity, commerce_meter to stackmeter_cost_reader;

-- Fees, discounts, credits and commitments among the lines of usage, which are many more.
create index invoice_line_of_terms on invoice_line (invoice_id) where term_id is not null;
