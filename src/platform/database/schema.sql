-- What all migrations amount to. Written by: bin/run scripts/dump-schema.ts --write

-- Roles

role stackmeter_provider_reader

role stackmeter_tenant_reader

-- Tables

table client
  client_id uuid not null
  name text not null
  secret_hash bytea not null
  tenant_id uuid not null
  created_at timestamp with time zone not null
  disabled_at timestamp with time zone
  constraint client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory_tenant(tenant_id)
  constraint client_pkey PRIMARY KEY (client_id)
  CREATE TRIGGER client_version AFTER INSERT OR DELETE OR UPDATE ON public.client FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table directory_tenant
  tenant_id uuid not null
  name text not null
  constraint directory_tenant_pkey PRIMARY KEY (tenant_id)

table directory_version
  singleton boolean not null default true
  version bigint not null default 0
  constraint directory_version_singleton_check CHECK (singleton)
  constraint directory_version_pkey PRIMARY KEY (singleton)

table meter
  meter smallint not null generated always as identity
  meter_id text not null
  meter_key text not null
  name text not null
  unit text not null
  unit_kind text not null
  resource_provider text not null
  category text not null
  origin text not null
  constraint meter_check CHECK ((meter_key = lower(meter_id)))
  constraint meter_origin_check CHECK ((origin = ANY (ARRAY['reference'::text, 'operator'::text])))
  constraint meter_pkey PRIMARY KEY (meter)
  constraint meter_meter_key_key UNIQUE (meter_key)
  CREATE TRIGGER meter_version AFTER INSERT OR DELETE OR UPDATE ON public.meter FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table meter_spelling
  spelling integer not null generated always as identity
  meter smallint not null
  spelled text not null
  constraint meter_spelling_meter_fkey FOREIGN KEY (meter) REFERENCES meter(meter)
  constraint meter_spelling_pkey PRIMARY KEY (spelling)
  constraint meter_spelling_spelled_key UNIQUE (spelled)
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table offer
  offer_id text not null
  display_name text not null
  state text not null
  constraint offer_state_check CHECK ((state = ANY (ARRAY['Private'::text, 'Public'::text, 'Decommissioned'::text])))
  constraint offer_pkey PRIMARY KEY (offer_id)

table quarantine
  quarantine_id bigint not null generated always as identity
  first_received_at timestamp with time zone not null
  last_received_at timestamp with time zone not null
  occurrences bigint not null default 1
  principal_id uuid not null
  code text not null
  message text not null
  source text
  record_id text
  body bytea not null
  fingerprint uuid not null
  state text not null default 'held'::text
  resolved_at timestamp with time zone
  resolved_by uuid
  resolution text
  constraint quarantine_check CHECK (((state = 'held'::text) = (resolved_at IS NULL)))
  constraint quarantine_state_check CHECK ((state = ANY (ARRAY['held'::text, 'replayed'::text, 'discarded'::text])))
  constraint quarantine_pkey PRIMARY KEY (quarantine_id)
  CREATE INDEX quarantine_by_state ON public.quarantine USING btree (state, quarantine_id)
  CREATE UNIQUE INDEX quarantine_held ON public.quarantine USING btree (fingerprint) WHERE (state = 'held'::text)

table record_identity
  record_key uuid not null
  content uuid not null
  constraint record_identity_pkey PRIMARY KEY (record_key)

table reported_window
  granularity text not null
  number integer not null
  state text not null
  origin text not null
  opened_at timestamp with time zone not null
  closed_at timestamp with time zone
  expired_at timestamp with time zone
  records_expired_at timestamp with time zone
  rows bigint
  records bigint
  quantity numeric
  hash numeric
  constraint reported_window_check CHECK (((state = 'closed'::text) = ((closed_at IS NOT NULL) AND (rows IS NOT NULL) AND (records IS NOT NULL) AND (quantity IS NOT NULL) AND (hash IS NOT NULL))))
  constraint reported_window_granularity_check CHECK ((granularity = ANY (ARRAY['hour'::text, 'day'::text])))
  constraint reported_window_origin_check CHECK ((origin = ANY (ARRAY['own'::text, 'imported'::text])))
  constraint reported_window_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closing'::text, 'closed'::text])))
  constraint reported_window_pkey PRIMARY KEY (granularity, number)
  CREATE INDEX reported_window_expired ON public.reported_window USING btree (granularity, number) WHERE (expired_at IS NOT NULL)
  CREATE INDEX reported_window_not_closed ON public.reported_window USING btree (granularity, number) WHERE (state <> 'closed'::text)
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table resource row level security
  subscription_id uuid not null
  resource_key uuid not null
  resource_uri text not null
  location text not null
  tags text not null
  additional_info text not null
  constraint resource_pkey PRIMARY KEY (subscription_id, resource_key)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table role_assignment
  principal_id uuid not null
  role text not null
  scope text not null
  providers text[]
  constraint role_assignment_role_check CHECK ((role = ANY (ARRAY['Owner'::text, 'Contributor'::text, 'Reader'::text, 'Emitter'::text])))
  constraint role_assignment_scope_check CHECK (((scope = '/'::text) OR (scope ~ '^/subscriptions/[0-9a-f-]{36}$'::text)))
  constraint role_assignment_pkey PRIMARY KEY (principal_id, role, scope)
  CREATE TRIGGER role_assignment_version AFTER INSERT OR DELETE OR UPDATE ON public.role_assignment FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table schema_migration
  number integer not null
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null
  constraint schema_migration_pkey PRIMARY KEY (number)

table signing_key
  name text not null
  value bytea not null
  constraint signing_key_pkey PRIMARY KEY (name)

table stamp_state
  singleton boolean not null default true
  open_hour integer
  first_hour integer
  constraint stamp_state_singleton_check CHECK (singleton)
  constraint stamp_state_pkey PRIMARY KEY (singleton)
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table subscription
  subscription_id uuid not null
  display_name text not null
  owner text not null
  tenant_id uuid not null
  delegated_provider_subscription_id uuid
  offer_id text
  routing_resource_manager_type text not null default 'Default'::text
  state text not null default 'Enabled'::text
  origin text not null default 'created'::text
  created_at timestamp with time zone not null
  constraint subscription_origin_check CHECK ((origin = ANY (ARRAY['created'::text, 'imported'::text, 'simulated'::text])))
  constraint subscription_routing_resource_manager_type_check CHECK ((routing_resource_manager_type = ANY (ARRAY['Default'::text, 'Admin'::text])))
  constraint subscription_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text, 'Deleting'::text, 'PartiallyDeleted'::text, 'Deleted'::text, 'Warned'::text, 'PastDue'::text])))
  constraint subscription_delegated_provider_subscription_id_fkey FOREIGN KEY (delegated_provider_subscription_id) REFERENCES subscription(subscription_id)
  constraint subscription_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offer(offer_id)
  constraint subscription_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory_tenant(tenant_id)
  constraint subscription_pkey PRIMARY KEY (subscription_id)
  CREATE INDEX subscription_by_provider ON public.subscription USING btree (delegated_provider_subscription_id)
  CREATE UNIQUE INDEX subscription_root ON public.subscription USING btree ((true)) WHERE (delegated_provider_subscription_id IS NULL)
  CREATE TRIGGER subscription_version AFTER INSERT OR DELETE OR UPDATE ON public.subscription FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table usage_daily partition by RANGE (reported_day) row level security
  reported_day integer not null
  subscription_id uuid not null
  usage_day integer not null
  resource_key uuid not null
  meter smallint not null
  spelling integer not null
  records integer not null
  quantity numeric not null
  constraint usage_daily_pkey PRIMARY KEY (reported_day, subscription_id, usage_day, resource_key, meter)
  CREATE INDEX usage_daily_by_subscription ON ONLY public.usage_daily USING btree (subscription_id, reported_day, usage_day, resource_key, meter)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table usage_hourly partition by RANGE (reported_hour) row level security
  reported_hour integer not null
  subscription_id uuid not null
  usage_hour integer not null
  resource_key uuid not null
  meter smallint not null
  spelling integer not null
  records integer not null
  quantity numeric not null
  constraint usage_hourly_pkey PRIMARY KEY (reported_hour, subscription_id, usage_hour, resource_key, meter)
  CREATE INDEX usage_hourly_by_subscription ON ONLY public.usage_hourly USING btree (subscription_id, reported_hour, usage_hour, resource_key, meter)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table usage_record partition by RANGE (reported_hour) row level security
  reported_hour integer not null
  usage_hour integer not null
  usage_start timestamp with time zone not null
  usage_end timestamp with time zone not null
  subscription_id uuid not null
  resource_key uuid not null
  record_key uuid not null
  spelling integer not null
  quantity numeric not null
  CREATE INDEX usage_record_reported ON ONLY public.usage_record USING brin (reported_hour) WITH (pages_per_range='32')
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

-- Functions

CREATE OR REPLACE FUNCTION public.bump_directory_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update directory_version set version = version + 1;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION public.ensure_usage_partitions(hour integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  day date := date '1970-01-01' + hour / 24;
  month date := date_trunc('month', day);
  year date := date_trunc('year', day);
  part record;
begin
  for part in
    select 'usage_record' as parent, to_char(day, '"usage_record_"YYYYMMDD') as name,
           (day - date '1970-01-01') * 24 as low, (day - date '1970-01-01') * 24 + 24 as high
    union all
    select 'usage_hourly', to_char(month, '"usage_hourly_"YYYYMM'), (month - date '1970-01-01') * 24,
           ((month + interval '1 month')::date - date '1970-01-01') * 24
    union all
    select 'usage_daily', to_char(year, '"usage_daily_"YYYY'), year - date '1970-01-01',
           (year + interval '1 year')::date - date '1970-01-01'
  loop
    if to_regclass(part.name) is null then
      perform pg_advisory_xact_lock(hashtext('ensure_usage_partitions'));
      if to_regclass(part.name) is null then
        execute format('create table %I (like %I including all)', part.name, part.parent);
        execute format('alter table %I attach partition %I for values from (%s) to (%s)',
                       part.parent, part.name, part.low, part.high);
      end if;
    end if;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION public.visible_subscriptions()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
declare
  provider uuid := nullif(current_setting('stackmeter.provider', true), '')::uuid;
begin
  if current_setting('stackmeter.indirect', true) = 'on' then
    return query
      with recursive tree as (
        select s.subscription_id from subscription s where s.delegated_provider_subscription_id = provider
        union
        select s.subscription_id from subscription s join tree t on s.delegated_provider_subscription_id = t.subscription_id
      ) select t.subscription_id from tree t;
  else
    return query
      select s.subscription_id from subscription s where s.delegated_provider_subscription_id = provider;
  end if;
end
$function$
grant execute to stackmeter_provider_reader
