-- Exports: reported usage on its way into other billing systems.

create table billing_adapter (
  adapter_id uuid primary key,
  name text not null,
  kind text not null,
  -- whose usage goes, and that of all below it
  account_id uuid not null,
  -- null: files
  url text,
  -- PEM of the authority of its certificate, where it is a private one
  ca text,
  -- the other side's names: of meters, and of customers by subscription of commerce; keys in lower case
  meters jsonb not null,
  customers jsonb not null,
  include_free boolean not null,
  -- digits after the point that whole numbers of the other side stand for
  decimals smallint not null check (decimals between 0 and 12),
  secret text,
  -- hours since 1970: the first reported window that goes
  start_hour integer not null,
  state text not null check (state in ('Enabled', 'Disabled', 'Parked')),
  problem text,
  -- attempts in a row that failed
  failures integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null
);
create index billing_adapter_by_account on billing_adapter (account_id);

-- The last window of each stamp whose events have been put down.
create table adapter_progress (
  adapter_id uuid not null references billing_adapter on delete cascade,
  registration_number integer not null references registration (registration_number),
  last_window integer not null,
  primary key (adapter_id, registration_number)
);

-- Windows that had usage to send.
create table adapter_window (
  window_id uuid primary key,
  adapter_id uuid not null references billing_adapter on delete cascade,
  registration_number integer not null,
  reported_hour integer not null,
  -- Sending: it has events that wait
  state text not null check (state in ('Sending', 'Delivered')),
  events integer not null,
  -- events that were taken
  delivered integer not null default 0,
  -- quantities by meter, as text
  sums jsonb not null,
  opened_at timestamptz not null,
  delivered_at timestamptz,
  unique (adapter_id, reported_hour, registration_number)
);
create index adapter_window_sending on adapter_window (adapter_id, reported_hour, registration_number)
  where state = 'Sending';

-- What has not been taken yet. Code and customer are those with which it is sent, whatever the mapping says later, so
-- that an id has one content.
create table adapter_event (
  event_id uuid primary key,
  window_id uuid not null references adapter_window on delete cascade,
  adapter_id uuid not null,
  state text not null check (state in ('Pending', 'Held', 'Dead')),
  account_id uuid not null,
  customer_subscription_id uuid not null,
  -- of the stamp
  subscription_id uuid not null,
  meter_id text not null,
  meter_name text not null,
  unit text not null,
  quantity numeric not null,
  -- hours since 1970; the latter is exclusive
  usage_from integer not null,
  usage_to integer not null,
  code text,
  customer text,
  -- when it was first sent without an answer that says what became of it
  attempted_at timestamptz,
  status integer,
  answer text,
  failed_at timestamptz
);
create index adapter_event_by_window on adapter_event (window_id, state, event_id);
create index adapter_event_left on adapter_event (adapter_id, state, event_id) where state <> 'Pending';
