-- When which emitter was last heard, by resource provider and reported hour: what tells that one has fallen silent.
-- Noted beside the intake and not in its transactions, so a crash may lose the last minute of it, and no record.
create table emitter_activity (
  principal_id uuid not null,
  principal_tenant_id uuid not null,
  provider text not null,
  reported_hour integer not null,
  records bigint not null check (records > 0),
  last_at timestamptz not null,
  primary key (principal_id, principal_tenant_id, provider, reported_hour)
);
