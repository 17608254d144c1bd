-- Commerce: what stamps have reported, as it came and to whom it was booked.

-- What a stamp's meter is in commerce. A change adds a version; rows keep the number of the version that applied.
create table commerce_meter (
  meter integer generated always as identity primary key,
  local_meter_key text not null check (local_meter_key = lower(local_meter_id)),
  local_meter_id text not null,
  version integer not null check (version > 0),
  commerce_meter_id text not null,
  name text not null,
  category text not null,
  sub_category text not null,
  region text not null,
  unit text not null,
  -- whether usage of it costs anything under a billing model by which usage is paid
  paid boolean not null,
  -- unlisted: a stamp reported a meter that nobody had entered; nothing is dropped
  origin text not null check (origin in ('reference', 'operator', 'unlisted')),
  created_at timestamptz not null,
  unique (local_meter_key, version)
);

create table reported_batch (
  registration_number integer not null references registration (registration_number),
  reported_hour integer not null,
  sequence integer not null check (sequence > 0),
  rows integer not null check (rows > 0),
  -- SHA-256 of the body
  digest bytea not null,
  received_at timestamptz not null,
  primary key (registration_number, reported_hour, sequence)
);

-- Accepted windows, chained: each hash covers the one before, so that none can be altered, removed or put in between.
create table received_window (
  registration_number integer not null references registration (registration_number),
  reported_hour integer not null,
  batches integer not null,
  rows bigint not null,
  -- the text that was hashed
  content text not null,
  previous_hash bytea not null,
  hash bytea not null,
  accepted_at timestamptz not null,
  primary key (registration_number, reported_hour)
);
create function refuse_received_window_change() returns trigger language plpgsql as $$
begin
  raise exception 'received windows are append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger received_window_append_only before update or delete on received_window
  for each row execute function refuse_received_window_change();
create trigger received_window_no_truncate before truncate on received_window
  for each statement execute function refuse_received_window_change();

-- The texts of a row, kept for each account apart, so that an account's reader can be shown its own and no others.
create table reported_resource (
  customer_subscription_id uuid not null,
  resource_key uuid not null,
  -- of the stamp
  subscription_id uuid not null,
  resource_uri text not null,
  location text not null,
  tags text not null,
  additional_info text not null,
  primary key (customer_subscription_id, resource_key)
);

create table reported_usage (
  registration_number integer not null,
  reported_hour integer not null,
  -- of the stamp
  subscription_id uuid not null,
  usage_hour integer not null,
  resource_key uuid not null,
  meter integer not null,
  sequence integer not null,
  quantity numeric not null,
  tenant_id uuid not null,
  -- the mapping that applied; null: none did, and the base subscription of the registration pays
  mapping integer,
  -- the account on which it is booked
  customer_subscription_id uuid not null,
  -- whether it can cost anything: a paid meter under a billing model by which usage is paid
  billable boolean not null,
  primary key (reported_hour, registration_number, subscription_id, usage_hour, resource_key, meter)
) partition by range (reported_hour);
create index reported_usage_by_customer
  on reported_usage (customer_subscription_id, reported_hour, usage_hour, resource_key, meter);

-- Makes the partition, a month, that reported hour `hour` needs.
create function ensure_reported_partition(hour integer) returns void language plpgsql as $$
declare
  month date := date_trunc('month', date '1970-01-01' + hour / 24);
  name text := to_char(month, '"reported_usage_"YYYYMM');
begin
  if to_regclass(name) is not null then return; end if;
  -- Attaching takes this lock anyway, and taking it lets this session see what others have made meanwhile; after an
  -- advisory lock the second look would be answered from the session's cache.
  lock table reported_usage in share update exclusive mode;
  if to_regclass(name) is not null then return; end if;
  execute format('create table %I (like reported_usage including all)', name);
  execute format('alter table reported_usage attach partition %I for values from (%s) to (%s)', name,
                 (month - date '1970-01-01') * 24, ((month + interval '1 month')::date - date '1970-01-01') * 24);
end
$$;

-- What commerce signs receipts, statements and activation keys with.
create table statement_key (
  kid text primary key,
  private_jwk text not null,
  public_jwk text not null,
  created_at timestamptz not null
);

-- A reader of one account's usage.
do $$
begin
  begin create role stackmeter_customer_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_customer_reader to %I', current_user);
end
$$;
alter table reported_usage enable row level security;
alter table reported_resource enable row level security;
create policy customer on reported_usage for select to stackmeter_customer_reader
  using (customer_subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);
create policy customer on reported_resource for select to stackmeter_customer_reader
  using (customer_subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);
grant select on reported_usage, reported_resource, commerce_meter to stackmeter_customer_reader;
