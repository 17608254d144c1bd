-- Who may call: clients of the built-in authority and the roles that they hold. Deny by default.
create table client (
  client_id uuid primary key,
  name text not null,
  secret_hash bytea not null,
  tenant_id uuid not null references directory_tenant,
  created_at timestamptz not null,
  disabled_at timestamptz
);

create table role_assignment (
  principal_id uuid not null,
  role text not null check (role in ('Owner', 'Contributor', 'Reader', 'Emitter')),
  scope text not null check (scope = '/' or scope ~ '^/subscriptions/[0-9a-f-]{36}$'),
  -- an emitter may be held to the resource providers named here; null means any
  providers text[],
  primary key (principal_id, role, scope)
);

create trigger client_version after insert or update or delete on client
  for each statement execute function bump_directory_version();
create trigger role_assignment_version after insert or update or delete on role_assignment
  for each statement execute function bump_directory_version();
