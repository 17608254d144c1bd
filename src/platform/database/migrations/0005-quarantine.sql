-- Records that could not be taken, with the bytes as received. Nothing leaves here without being replayed or discarded.
create table quarantine (
  quarantine_id bigint generated always as identity primary key,
  first_received_at timestamptz not null,
  last_received_at timestamptz not null,
  occurrences bigint not null default 1,
  principal_id uuid not null,
  code text not null,
  message text not null,
  source text,
  record_id text,
  body bytea not null,
  -- one entry for however many times the same bytes are sent with the same fault
  fingerprint uuid not null,
  state text not null default 'held' check (state in ('held', 'replayed', 'discarded')),
  resolved_at timestamptz,
  resolved_by uuid,
  resolution text,
  check ((state = 'held') = (resolved_at is null))
);
create unique index quarantine_held on quarantine (fingerprint) where state = 'held';
create index quarantine_by_state on quarantine (state, quarantine_id);
