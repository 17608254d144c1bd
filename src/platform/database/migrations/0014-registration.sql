-- Commerce: the subscriptions that pay, the stamps registered under them, and to whose subscription the usage of which
-- directory goes.

-- An id names one subscription, of the stamp or of commerce: roles are given by it, and who chose an id in one wing must
-- not come to hold what has it in the other.
create table subscription_claim (
  subscription_id uuid primary key,
  wing text not null check (wing in ('stamp', 'commerce'))
);
insert into subscription_claim select subscription_id, 'stamp' from subscription;

create function claim_subscription_id() returns trigger language plpgsql as $$
declare
  holder text;
begin
  insert into subscription_claim values (new.subscription_id, tg_argv[0]) on conflict do nothing;
  select wing into holder from subscription_claim where subscription_id = new.subscription_id;
  if holder <> tg_argv[0] then
    raise exception 'the id % is that of a subscription of the other wing', new.subscription_id using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger subscription_claimed before insert on subscription
  for each row execute function claim_subscription_id('stamp');

create table commerce_subscription (
  subscription_id uuid primary key,
  display_name text not null,
  kind text not null check (kind in ('EnterpriseAgreement', 'CSP', 'CSPSharedServices', 'PayAsYouGo', 'MSDN')),
  -- the partner to whom those of a cloud service provider roll up
  partner_id text check ((partner_id is not null) = (kind in ('CSP', 'CSPSharedServices'))),
  -- the home directory of whoever it belongs to, where known
  tenant_id uuid,
  -- whether registrations under it may map customers
  multitenancy_approved boolean not null default false check (not multitenancy_approved or kind in ('CSP', 'CSPSharedServices')),
  state text not null default 'Enabled' check (state in ('Enabled', 'Disabled')),
  created_at timestamptz not null
);
create trigger commerce_subscription_claimed before insert on commerce_subscription
  for each row execute function claim_subscription_id('commerce');

create table registration (
  -- stays when the registration is moved or made again
  registration_id uuid primary key,
  -- the same, short, for rows
  registration_number integer generated always as identity unique,
  subscription_id uuid not null references commerce_subscription,
  resource_group text not null,
  name text not null,
  cloud_id uuid not null,
  billing_model text not null check (billing_model in ('PayAsYouUse', 'Capacity', 'Development', 'Custom', 'Ruggedized')),
  usage_reporting boolean not null,
  marketplace_syndication boolean not null,
  agreement_number text,
  asset_tag text,
  -- the client as which the stamp reports
  principal_id uuid not null,
  -- when the token in force was made, to the second: an older one is not taken again
  token_issued_at timestamptz not null default 'epoch',
  -- Reset: the directory of its subscription changed, and it has to be made again
  state text not null default 'Active' check (state in ('Active', 'Reset', 'Removed')),
  etag uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- null: never
  expires_at timestamptz,
  removed_at timestamptz,
  check ((state = 'Removed') = (removed_at is not null))
);
create unique index registration_name on registration (subscription_id, lower(name)) where state <> 'Removed';
create unique index registration_cloud on registration (cloud_id) where state <> 'Removed';
create index registration_by_principal on registration (principal_id);

-- The subscriptions under which a registration is or has been: usage stays booked on the one of its time.
create table registration_base (
  registration_number integer not null references registration (registration_number),
  subscription_id uuid not null references commerce_subscription,
  primary key (subscription_id, registration_number)
);
create index registration_base_by_number on registration_base (registration_number);

-- From when to when windows are reported, one period after another. Windows are hours since 1970-01-01T00:00Z.
create table reporting_period (
  registration_number integer not null references registration (registration_number),
  from_window integer not null,
  -- the one that must come next; all from from_window up to it have been accepted
  next_window integer not null check (next_window >= from_window),
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('ReportingOff', 'Removed')),
  primary key (registration_number, from_window),
  check ((ended_at is null) = (end_reason is null))
);
create unique index reporting_period_open on reporting_period (registration_number) where ended_at is null;

-- To whose subscription the usage of a directory goes. A change ends one row and adds another, so that every reported row
-- can say which mapping and version applied to it.
create table customer_mapping (
  mapping integer generated always as identity primary key,
  registration_number integer not null references registration (registration_number),
  -- all registrations under subscriptions of this partner use it; null for its own registration alone
  shared_with_partner text,
  tenant_id uuid not null,
  customer_subscription_id uuid not null references commerce_subscription,
  version integer not null check (version > 0),
  effective_from timestamptz not null,
  -- replaced or removed from then on; an empty span was taken back before it began
  effective_to timestamptz check (effective_to >= effective_from),
  etag uuid not null,
  created_at timestamptz not null,
  unique (registration_number, tenant_id, version)
);
create index customer_mapping_in_force on customer_mapping (registration_number, tenant_id, effective_from);
create index customer_mapping_by_customer on customer_mapping (customer_subscription_id);
create index customer_mapping_shared on customer_mapping (shared_with_partner, tenant_id) where shared_with_partner is not null;
