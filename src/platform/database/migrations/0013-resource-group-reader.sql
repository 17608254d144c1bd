-- A third reader of usage: whoever has a role on one resource group sees that group, and nothing else of the subscription.
do $$
begin
  begin create role stackmeter_group_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_group_reader to %I', current_user);
end
$$;

-- Runs as the owner: asking the resources under the reader's own policy would ask this function again.
create function visible_resources() returns setof uuid
language plpgsql stable security definer rows 1000 set search_path from current as $$
begin
  return query
    select r.resource_key from resource r
    where r.subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
      and lower(split_part(r.resource_uri, '/', 4)) = 'resourcegroups'
      -- as the program writes names of groups for comparing, with one sigma
      and replace(lower(split_part(r.resource_uri, '/', 5)), 'ς', 'σ') = nullif(current_setting('stackmeter.resource_group', true), '');
end
$$;
revoke all on function visible_resources() from public;
grant execute on function visible_resources() to stackmeter_group_reader;

create policy resource_group on resource for select to stackmeter_group_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
         and resource_key in (select visible_resources()));
create policy resource_group on usage_record for select to stackmeter_group_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
         and resource_key in (select visible_resources()));
create policy resource_group on usage_hourly for select to stackmeter_group_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
         and resource_key in (select visible_resources()));
create policy resource_group on usage_daily for select to stackmeter_group_reader
  using (subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
         and resource_key in (select visible_resources()));

grant select on resource, usage_record, usage_hourly, usage_daily, meter, meter_spelling, reported_window, stamp_state
  to stackmeter_group_reader;
