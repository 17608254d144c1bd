-- Who may call: clients (programs) and users (people) of the built-in authority, what they prove themselves with, and
-- their roles. Callers of other directories have roles only.
drop trigger client_version on client;
drop trigger role_assignment_version on role_assignment;

create table principal (
  principal_id uuid primary key,
  kind text not null check (kind in ('client', 'user')),
  tenant_id uuid not null references directory_tenant,
  name text not null,
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- a client may have several, so that one can be replaced while the other still works
create table client_credential (
  credential_id uuid primary key,
  principal_id uuid not null references principal on delete cascade,
  kind text not null check (kind in ('secret', 'certificate')),
  name text not null,
  secret_hash bytea check ((secret_hash is not null) = (kind = 'secret')),
  public_jwk text check ((public_jwk is not null) = (kind = 'certificate')),
  thumbprint text check ((thumbprint is not null) = (kind = 'certificate')),
  created_at timestamptz not null,
  expires_at timestamptz
);
create index client_credential_by_principal on client_credential (principal_id);

create table user_account (
  principal_id uuid primary key references principal on delete cascade,
  user_name text not null,
  password_hash text not null
);
create unique index user_account_name on user_account (lower(user_name));

insert into principal (principal_id, kind, tenant_id, name, created_at, disabled_at)
select client_id, 'client', tenant_id, name, created_at, disabled_at from client;
insert into client_credential (credential_id, principal_id, kind, name, secret_hash, created_at)
select gen_random_uuid(), client_id, 'secret', 'first', secret_hash, created_at from client;
drop table client;

alter table role_assignment rename to former_role_assignment;
alter table former_role_assignment rename constraint role_assignment_pkey to former_role_assignment_pkey;

create table role_assignment (
  assignment_id uuid primary key,
  principal_id uuid not null,
  -- an id alone is not enough: another directory may use the same one
  principal_tenant_id uuid not null,
  principal_type text not null check (principal_type in ('ServicePrincipal', 'User', 'Unknown')),
  role text not null check (role in ('Operator', 'DelegatedProvider', 'Owner', 'Contributor', 'Reader', 'BillingReader', 'Auditor', 'Emitter')),
  scope text not null check (scope = '/' or scope ~ '^/subscriptions/[0-9a-f-]{36}(/resourceGroups/[^/A-Z]+)?$'),
  -- an emitter may be held to the resource providers named here; null means any
  providers text[],
  created_at timestamptz not null,
  created_by uuid,
  unique (principal_id, principal_tenant_id, role, scope)
);
create index role_assignment_by_scope on role_assignment (scope);

-- Who owned the whole stamp operates it.
insert into role_assignment (assignment_id, principal_id, principal_tenant_id, principal_type, role, scope, providers, created_at)
select gen_random_uuid(), r.principal_id, p.tenant_id, 'ServicePrincipal',
       case when r.role = 'Owner' and r.scope = '/' then 'Operator' else r.role end, r.scope, r.providers, p.created_at
from former_role_assignment r join principal p using (principal_id);
drop table former_role_assignment;

create trigger principal_version after insert or update or delete on principal
  for each statement execute function bump_directory_version();
create trigger client_credential_version after insert or update or delete on client_credential
  for each statement execute function bump_directory_version();
create trigger role_assignment_version after insert or update or delete on role_assignment
  for each statement execute function bump_directory_version();
