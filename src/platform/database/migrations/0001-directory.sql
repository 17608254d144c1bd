-- The directory: who holds subscriptions on this stamp, under whom, in what state.

-- One counter for everything that a cached answer depends on (subscriptions, meters, clients, roles).
-- A reader that remembers the counter knows for certain, inside its own transaction, whether what it remembers still holds.
create table directory_version (
  singleton boolean primary key default true check (singleton),
  version bigint not null default 0
);
insert into directory_version default values;

create function bump_directory_version() returns trigger language plpgsql as $$
begin
  update directory_version set version = version + 1;
  return null;
end
$$;

create table directory_tenant (
  tenant_id uuid primary key,
  name text not null
);

create table offer (
  offer_id text primary key,
  display_name text not null,
  state text not null check (state in ('Private', 'Public', 'Decommissioned'))
);

create table subscription (
  subscription_id uuid primary key,
  display_name text not null,
  owner text not null,
  tenant_id uuid not null references directory_tenant,
  -- null only for the default provider subscription, the root of the tree of providers
  delegated_provider_subscription_id uuid references subscription,
  offer_id text references offer,
  routing_resource_manager_type text not null default 'Default'
    check (routing_resource_manager_type in ('Default', 'Admin')),
  state text not null default 'Enabled'
    check (state in ('Enabled', 'Disabled', 'Deleting', 'PartiallyDeleted', 'Deleted', 'Warned', 'PastDue')),
  origin text not null default 'created' check (origin in ('created', 'imported', 'simulated')),
  created_at timestamptz not null
);
create index subscription_by_provider on subscription (delegated_provider_subscription_id);
create unique index subscription_root on subscription ((true)) where delegated_provider_subscription_id is null;

create trigger subscription_version after insert or update or delete on subscription
  for each statement execute function bump_directory_version();
