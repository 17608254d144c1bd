-- Makes the partitions that reported hour `hour` needs, as in 0004, also when several sessions need the same at once.
-- Each waits for the lock that attaching takes anyway: taking the lock of a table lets a session see what others have made
-- meanwhile, whereas after an advisory lock the second look was answered from the session's cache, and the partition was
-- made a second time.
create or replace function ensure_usage_partitions(hour integer) returns void language plpgsql as $$
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
      execute format('lock table %I in share update exclusive mode', part.parent);
      if to_regclass(part.name) is null then
        execute format('create table %I (like %I including all)', part.name, part.parent);
        execute format('alter table %I attach partition %I for values from (%s) to (%s)',
                       part.parent, part.name, part.low, part.high);
      end if;
    end if;
  end loop;
end
$$;
