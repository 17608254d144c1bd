-- Sums of closed usage by usage time, beside the facts: what questions about usage are answered from.

-- A resource as it stood when usage was reported: each row of `resource` that has usage in the sums, taken apart.
create table usage_place (
  place integer generated always as identity primary key,
  subscription_id uuid not null,
  resource_key uuid not null,
  -- a hash of uri_key: the same resource with other tags is another place
  resource uuid not null,
  -- names compare without case; the keys are what they compare by
  uri_key text not null,
  name text not null,
  name_key text not null,
  -- empty: of the subscription itself
  resource_group text not null,
  -- a hash of subscription and group
  resource_group_id uuid not null,
  resource_group_name text not null,
  resource_type text not null,
  resource_type_name text not null,
  location text not null,
  -- values by the key of their name, all of them text
  tags jsonb not null,
  unique (subscription_id, resource_key)
);
create index usage_place_by_resource on usage_place (resource);
create index usage_place_by_group on usage_place (resource_group_id);
create index usage_place_by_subscription on usage_place (subscription_id, resource_group);

-- The reported hours that are in the sums. Written with them.
create table usage_summarized (
  reported_hour integer primary key
);

-- Three levels, each twice: a row of the first kind has a month with its days, one of the second a day with its hours.
-- So a year of a meter at a resource is twelve rows, whatever is asked of it. Nothing used: null.
-- A row changes with every hour that closes: the space left free keeps the new version on the page of the old one.
do $$
declare
  level record;
  days text := (select string_agg(format('d%s numeric', day), ', ' order by day) from generate_series(1, 31) as day);
  hours text := (select string_agg(format('h%s numeric', hour), ', ' order by hour) from generate_series(0, 23) as hour);
begin
  for level in
    select * from (values
      ('meter', 'location text not null', 'location'),
      ('subscription', 'subscription_id uuid not null, location text not null', 'subscription_id, location'),
      ('place', 'place integer not null, subscription_id uuid not null', 'place')
    ) as levels (name, columns, key)
  loop
    execute format('create table usage_days_by_%1$s (meter smallint not null, month integer not null, %2$s,
                      total numeric not null, %4$s, primary key (meter, month, %3$s)) with (fillfactor = 50)',
                   level.name, level.columns, level.key, days);
    execute format('create table usage_hours_by_%1$s (meter smallint not null, day integer not null, %2$s,
                      %4$s, primary key (meter, day, %3$s)) with (fillfactor = 50)',
                   level.name, level.columns, level.key, hours);
  end loop;
end
$$;
create index usage_days_by_subscription_first on usage_days_by_subscription (subscription_id, month);
create index usage_hours_by_subscription_first on usage_hours_by_subscription (subscription_id, day);
create index usage_days_by_place_first on usage_days_by_place (place, meter, month);
create index usage_hours_by_place_first on usage_hours_by_place (place, meter, day);

-- Read under one role, by whoever may see anything. A reading transaction says what: everything, subscriptions, what is
-- below providers, resource groups. When it says nothing it sees nothing.
do $$
begin
  begin create role stackmeter_analysis_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_analysis_reader to %I', current_user);
end
$$;

create function analysis_reach() returns jsonb language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('stackmeter.analysis_reach', true), '')::jsonb, '{}')
$$;

create function analysis_reaches_all() returns boolean language plpgsql stable parallel safe set search_path from current as $$
begin
  return coalesce((analysis_reach() ->> 'everywhere')::boolean, false);
end
$$;

-- These run as the owner: the reader itself cannot see the directory.
create function analysis_subscriptions() returns setof uuid
language plpgsql stable parallel safe security definer rows 100 set search_path from current as $$
begin
  return query
    select id::uuid from jsonb_array_elements_text(analysis_reach() -> 'subscriptions') as id
    union
    (with recursive tree as (
       select s.subscription_id from subscription s
       where s.delegated_provider_subscription_id in (
         select id::uuid from jsonb_array_elements_text(analysis_reach() -> 'providers') as id)
       union
       select s.subscription_id from subscription s join tree t on s.delegated_provider_subscription_id = t.subscription_id
     ) select t.subscription_id from tree t);
end
$$;

create function analysis_places() returns setof integer
language plpgsql stable parallel safe security definer rows 100 set search_path from current as $$
begin
  return query
    select p.place from jsonb_array_elements(analysis_reach() -> 'groups') as seen
    join usage_place p on p.subscription_id = (seen ->> 0)::uuid and p.resource_group = seen ->> 1;
end
$$;

-- Names of the subscriptions that the reader sees something of.
create function analysis_names() returns table (subscription_id uuid, name text)
language plpgsql stable parallel safe security definer rows 100 set search_path from current as $$
begin
  return query
    select s.subscription_id, s.display_name from subscription s
    where analysis_reaches_all()
       or s.subscription_id in (select analysis_subscriptions())
       or s.subscription_id in (
         select (seen ->> 0)::uuid from jsonb_array_elements(analysis_reach() -> 'groups') as seen);
end
$$;
revoke all on function analysis_subscriptions(), analysis_places(), analysis_names() from public;
grant execute on function analysis_subscriptions(), analysis_places(), analysis_names() to stackmeter_analysis_reader;

alter table usage_place enable row level security;
alter table usage_days_by_meter enable row level security;
alter table usage_hours_by_meter enable row level security;
alter table usage_days_by_subscription enable row level security;
alter table usage_hours_by_subscription enable row level security;
alter table usage_days_by_place enable row level security;
alter table usage_hours_by_place enable row level security;

-- Asked once for a statement, not for every row.
create policy reach on usage_days_by_meter for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()));
create policy reach on usage_hours_by_meter for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()));
create policy reach on usage_days_by_subscription for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions()));
create policy reach on usage_hours_by_subscription for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions()));
create policy reach on usage_place for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or place in (select analysis_places()));
create policy reach on usage_days_by_place for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or place in (select analysis_places()));
create policy reach on usage_hours_by_place for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or place in (select analysis_places()));

grant select on usage_place, usage_days_by_meter, usage_hours_by_meter, usage_days_by_subscription,
  usage_hours_by_subscription, usage_days_by_place, usage_hours_by_place, meter, reported_window, stamp_state, usage_summarized
  to stackmeter_analysis_reader;
