-- The feed that other programs read: what a caller may see of the books of several accounts, and of closed usage.

-- A reading transaction says whose books it reads; when it says nothing it sees nothing.
do $$
begin
  begin create role stackmeter_feed_reader nologin; exception when duplicate_object then null; end;
  execute format('grant stackmeter_feed_reader to %I', current_user);
end
$$;

create function feed_account_ids() returns uuid[] language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('stackmeter.feed_accounts', true), '')::uuid[], '{}')
$$;

-- Asked once for a statement, not for every row.
create policy feed on charge for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on rated_line for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on invoice for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on invoice_line for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on billing_period for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on billing_account for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
-- of these accounts, as the reader sees them
create policy feed on reported_resource for select to stackmeter_feed_reader
  using (customer_subscription_id in (select a.subscription_id from billing_account a));
alter table billing_account enable row level security;
alter table billing_period enable row level security;
grant select (account_id, subscription_id, name, currency) on billing_account to stackmeter_feed_reader;
grant select (account_id, period, name) on billing_period to stackmeter_feed_reader;
grant select on charge, rated_line, invoice, invoice_line, reported_resource, commerce_meter to stackmeter_feed_reader;

-- The rows of closed windows, for the readers of usage of several subscriptions. Who has a resource group sees the rows of
-- its resources, also those that are not in the sums yet. Runs as the owner: asking the resources under the reader's own
-- policy would ask this function again.
create function analysis_resources() returns table (subscription_id uuid, resource_key uuid)
language plpgsql stable parallel safe security definer rows 1000 set search_path from current as $$
begin
  return query
    select r.subscription_id, r.resource_key from jsonb_array_elements(analysis_reach() -> 'groups') as seen
    join resource r on r.subscription_id = (seen ->> 0)::uuid
      and lower(split_part(r.resource_uri, '/', 4)) = 'resourcegroups'
      -- as the program writes names of groups for comparing, with one sigma
      and replace(lower(split_part(r.resource_uri, '/', 5)), 'ς', 'σ') = seen ->> 1;
end
$$;
revoke all on function analysis_resources() from public;
grant execute on function analysis_resources() to stackmeter_analysis_reader;

create policy reach on usage_hourly for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or (subscription_id, resource_key) in (select r.subscription_id, r.resource_key from analysis_resources() r));
create policy reach on usage_daily for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or (subscription_id, resource_key) in (select r.subscription_id, r.resource_key from analysis_resources() r));
create policy reach on resource for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or (subscription_id, resource_key) in (select r.subscription_id, r.resource_key from analysis_resources() r));
-- Names beside rows. They are found one by one: rows come in the order of an index, which a join with all names would lose.
create policy reach on subscription for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions())
         or subscription_id in (select (seen ->> 0)::uuid from jsonb_array_elements(analysis_reach() -> 'groups') as seen));
alter table subscription enable row level security;
grant select (subscription_id, display_name) on subscription to stackmeter_analysis_reader;
grant select on usage_hourly, usage_daily, resource, meter, meter_spelling, reported_window to stackmeter_analysis_reader;
