-- Isolation. Usage is read under one of two roles, never as the owner of the tables: a tenant sees one subscription,
-- a provider the subscriptions made directly under it, or the whole tree below it when it asks for that.
-- A reading transaction says who it reads for with SET LOCAL; when it says nothing it sees nothing.
do $$
begin
  begin create role stackmeter_tenant_reader nologin; exception when duplicate_object then null; end;
  begin create role stackmeter_provider_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_tenant_reader, stackmeter_provider_reader to %I', current_user);
end
$$;

-- Runs as the owner: the readers themselves cannot see the directory.
create function visible_subscriptions() returns setof uuid
language plpgsql stable security definer rows 1000 set search_path from current as $$
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
$$;
revoke all on function visible_subscriptions() from public;
grant execute on function visible_subscriptions() to stackmeter_provider_reader;

alter table resource enable row level security;
alter table usage_record enable row level security;
alter table usage_hourly enable row level security;
alter table usage_daily enable row level security;

create policy tenant on resource for select to stackmeter_tenant_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);
create policy tenant on usage_record for select to stackmeter_tenant_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);
create policy tenant on usage_hourly for select to stackmeter_tenant_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);
create policy tenant on usage_daily for select to stackmeter_tenant_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid);

create policy provider on resource for select to stackmeter_provider_reader
  using (subscription_id in (select visible_subscriptions()));
create policy provider on usage_record for select to stackmeter_provider_reader
  using (subscription_id in (select visible_subscriptions()));
create policy provider on usage_hourly for select to stackmeter_provider_reader
  using (subscription_id in (select visible_subscriptions()));
create policy provider on usage_daily for select to stackmeter_provider_reader
  using (subscription_id in (select visible_subscriptions()));

grant select on resource, usage_record, usage_hourly, usage_daily, meter, meter_spelling, reported_window, stamp_state
  to stackmeter_tenant_reader, stackmeter_provider_reader;
