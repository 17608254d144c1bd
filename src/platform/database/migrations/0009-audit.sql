-- The audit trail: who changed what. Each event carries the hash of the one before it, so that no event can be altered,
-- removed or put in between without the chain breaking there. Nothing here is ever updated or deleted.
create table audit_event (
  number bigint primary key check (number > 0),
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('principal', 'command-line', 'system')),
  actor_id uuid,
  actor_tenant_id uuid,
  actor_name text not null,
  action text not null,
  target text not null,
  -- JSON text, kept as it was hashed
  detail text not null,
  previous_hash bytea not null,
  hash bytea not null
);
create index audit_event_by_target on audit_event (target, number);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function refuse_audit_change();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function refuse_audit_change();

-- The end of the chain; its row lock puts events that are written at the same time in one order.
create table audit_head (
  singleton boolean primary key default true check (singleton),
  number bigint not null,
  hash bytea not null
);
insert into audit_head (number, hash) values (0, decode(repeat('00', 32), 'hex'));

-- The content is the text that the program hashes; the rest are the same values in columns of their own.
create function append_audit_event(
  event_at timestamptz, actor_kind text, actor_id uuid, actor_tenant_id uuid, actor_name text,
  action text, target text, detail text, content text
) returns void language plpgsql as $$
declare
  head audit_head;
  next_number bigint;
  next_hash bytea;
begin
  select * into head from audit_head for update;
  next_number := head.number + 1;
  next_hash := sha256(head.hash || convert_to(next_number || E'\n' || content, 'UTF8'));
  insert into audit_event values (next_number, event_at, actor_kind, actor_id, actor_tenant_id, actor_name,
    action, target, detail, head.hash, next_hash);
  update audit_head set number = next_number, hash = next_hash;
end
$$;
