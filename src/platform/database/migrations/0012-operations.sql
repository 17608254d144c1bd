-- Work that is answered before it is done. Recorded here with the change that asks for it, so that it outlives the
-- process; its outcome is kept for whoever started it.
create table long_operation (
  -- random, and the only thing that a poller has to know
  operation_id uuid primary key,
  kind text not null,
  input jsonb not null,
  subscription_id uuid not null,
  principal_kind text not null check (principal_kind in ('client', 'user', 'external')),
  principal_id uuid not null,
  principal_tenant_id uuid not null,
  status text not null default 'InProgress' check (status in ('InProgress', 'Succeeded', 'Failed')),
  -- failures of this service, after which it was tried again; a refusal is an outcome and is not tried again
  attempts integer not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz,
  error_code text,
  error_message text,
  check ((status = 'InProgress') = (ended_at is null)),
  check ((status = 'Failed') = (error_code is not null and error_message is not null))
);
create index long_operation_in_progress on long_operation (started_at) where status = 'InProgress';
