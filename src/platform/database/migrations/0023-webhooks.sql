-- Commerce tells others what happened: Standard Webhooks.

create table webhook_endpoint (
  endpoint_id uuid primary key,
  -- of which it hears, and of all accounts below it
  account_id uuid not null,
  url text not null,
  -- PEM of the authority of its certificate, where it is a private one
  ca text,
  -- bytes of the key that signs; the one before is good until the given time
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  -- empty: all
  event_types text[] not null,
  state text not null check (state in ('Enabled', 'Disabled')),
  description text not null,
  created_at timestamptz not null
);

create table webhook_message (
  message_id uuid primary key,
  type text not null,
  -- the account that it is about and all above it
  account_ids uuid[] not null,
  occurred_at timestamptz not null,
  -- the body as it is sent, byte for byte
  payload text not null
);
create index webhook_message_by_time on webhook_message (occurred_at);

create table webhook_delivery (
  message_id uuid not null references webhook_message on delete cascade,
  endpoint_id uuid not null references webhook_endpoint on delete cascade,
  state text not null check (state in ('Pending', 'Delivered', 'Dead')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_status integer,
  last_problem text,
  delivered_at timestamptz,
  primary key (endpoint_id, message_id),
  check ((state = 'Pending') = (next_attempt_at is not null))
);
create index webhook_delivery_by_message on webhook_delivery (message_id);
create index webhook_delivery_due on webhook_delivery (next_attempt_at) where state = 'Pending';
