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

-- These run as the owner: the reader itself cannot see accounts and calendars.
create function feed_accounts() returns table (account_id uuid, subscription_id uuid, name text, currency text)
language plpgsql stable parallel safe security definer rows 100 set search_path from current as $$
begin
  return query
    select a.account_id, a.subscription_id, a.name, a.currency from billing_account a
    where a.account_id = any(feed_account_ids());
end
$$;
create function feed_periods() returns table (period integer, name text)
language plpgsql stable parallel safe security definer rows 1000 set search_path from current as $$
begin
  return query select p.period, p.name from billing_period p where p.account_id = any(feed_account_ids());
end
$$;
revoke all on function feed_accounts(), feed_periods() from public;
grant execute on function feed_accounts(), feed_periods() to stackmeter_feed_reader;

-- Asked once for a statement, not for every row.
create policy feed on charge for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on rated_line for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on invoice for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on invoice_line for select to stackmeter_feed_reader
  using (account_id = any((select feed_account_ids())::uuid[]));
create policy feed on reported_resource for select to stackmeter_feed_reader
  using (customer_subscription_id in (select a.subscription_id from feed_accounts() a));
grant select on charge, rated_line, invoice, invoice_line, reported_resource, commerce_meter to stackmeter_feed_reader;

-- The rows of closed windows, for the readers of usage of several subscriptions.
create policy reach on usage_hourly for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions()));
create policy reach on usage_daily for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions()));
create policy reach on resource for select to stackmeter_analysis_reader
  using ((select analysis_reaches_all()) or subscription_id in (select analysis_subscriptions()));
grant select on usage_hourly, usage_daily, resource, meter, meter_spelling, reported_window to stackmeter_analysis_reader;
