-- The directory as a catalogue: plans and offers, to whom offers are delegated, which plans a subscription has;
-- directory tenants as resources. None of this decides whether usage is taken, so none of it moves directory_version.

-- Nor does what else of a subscription changes: who remembers subscriptions remembers which there are, and their state.
drop trigger subscription_version on subscription;
create trigger subscription_version after insert or delete on subscription
  for each statement execute function bump_directory_version();
create trigger subscription_state_version after update on subscription
  for each row when (old.state is distinct from new.state) execute function bump_directory_version();

alter table directory_tenant
  -- null: those of the stamp itself, system.<region> and <region>
  add column resource_group text,
  add column location text;
-- As a resource a directory tenant goes by its name; where two had the same one, the later takes its id along.
update directory_tenant as later set name = later.name || '-' || later.tenant_id
  where exists (
    select from directory_tenant as earlier
    where lower(earlier.name) = lower(later.name) and earlier.tenant_id < later.tenant_id
  );
create unique index directory_tenant_name on directory_tenant (lower(name));

create table plan (
  plan_key uuid primary key default gen_random_uuid(),
  resource_group text not null,
  name text not null,
  display_name text not null,
  description text not null default '',
  external_reference_id text not null default '',
  -- null: the region of the stamp
  location text,
  quota_ids text[] not null default '{}',
  created_at timestamptz not null
);
create unique index plan_name on plan (lower(name));

alter table offer rename to former_offer;
alter table former_offer rename constraint offer_pkey to former_offer_pkey;
-- Names compare without case from here on; where two differ by it alone, the later takes something of its own along.
alter table former_offer add column key uuid not null default gen_random_uuid(), add column name text;
update former_offer as later set name =
  case when exists (
    select from former_offer as earlier
    where lower(earlier.offer_id) = lower(later.offer_id) and earlier.offer_id < later.offer_id
  ) then later.offer_id || '-' || left(md5(later.offer_id), 8) else later.offer_id end;

-- What a provider offers. The operator's offers are made of plans; those of a delegated provider were delegated to it,
-- by the operator or by the provider above it, and have the plans of the one at the end of the chain.
create table offer (
  offer_key uuid primary key default gen_random_uuid(),
  provider_subscription_id uuid not null references subscription,
  resource_group text not null,
  name text not null,
  display_name text not null,
  description text not null default '',
  external_reference_id text not null default '',
  state text not null check (state in ('Private', 'Public', 'Decommissioned')),
  -- 0: any number; of the offer at the end of the chain
  max_subscriptions_per_account integer not null default 0 check (max_subscriptions_per_account >= 0),
  location text,
  -- the offer that was delegated, and the name of the delegation there; null for the operator's own
  source_offer_key uuid references offer,
  delegation_name text check ((delegation_name is null) = (source_offer_key is null)),
  -- the end of the chain: itself for the operator's own
  root_offer_key uuid not null references offer,
  created_at timestamptz not null,
  check ((source_offer_key is null) = (root_offer_key = offer_key))
);
create unique index offer_name on offer (provider_subscription_id, lower(name));
create unique index offer_delegation_name on offer (source_offer_key, lower(delegation_name));
create index offer_by_root on offer (root_offer_key);

create table offer_plan (
  offer_key uuid not null references offer on delete cascade,
  plan_key uuid not null references plan,
  -- base plans come with the subscription; add-on plans are acquired later, each up to so many times
  kind text not null check (kind in ('base', 'addon')),
  max_acquisition_count integer not null default 1 check (max_acquisition_count >= 0),
  position smallint not null,
  primary key (offer_key, plan_key)
);
create index offer_plan_by_plan on offer_plan (plan_key);

alter table subscription
  add column offer_key uuid references offer,
  add column external_reference_id text,
  -- the account that made it for itself; where null, the account goes by directory tenant and owner
  add column owner_principal_id uuid;

with kept as (
  select former.*, root.subscription_id as root, root.created_at
  from former_offer as former
  join subscription as root on root.delegated_provider_subscription_id is null
)
insert into offer (offer_key, root_offer_key, provider_subscription_id, resource_group, name, display_name, state, created_at)
select key, key, root, 'system.global', name, display_name, state, created_at from kept;
update subscription set offer_key = former.key from former_offer as former where former.offer_id = subscription.offer_id;
alter table subscription drop column offer_id;
drop table former_offer;
create index subscription_by_offer on subscription (offer_key);

create table acquired_plan (
  subscription_id uuid not null references subscription,
  acquisition_id uuid not null,
  plan_key uuid not null references plan,
  provisioning_state text not null check (provisioning_state in ('NotSpecified', 'Accepted', 'Failed', 'Succeeded')),
  acquired_at timestamptz not null,
  primary key (subscription_id, acquisition_id)
);
create index acquired_plan_by_plan on acquired_plan (plan_key);
