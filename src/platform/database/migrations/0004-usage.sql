-- Usage: what came in, once; what was made of it, by the hour and by the day.

-- The reported hour that takes records now, and the first that this stamp ever opened.
create table stamp_state (
  singleton boolean primary key default true check (singleton),
  open_hour integer,
  first_hour integer
);
insert into stamp_state default values;

create table reported_window (
  granularity text not null check (granularity in ('hour', 'day')),
  number integer not null,
  state text not null check (state in ('open', 'closing', 'closed')),
  origin text not null check (origin in ('own', 'imported')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- the rows of this window are past their retention and gone
  expired_at timestamptz,
  -- the records behind them are past theirs: the window can no longer be computed anew
  records_expired_at timestamptz,
  rows bigint,
  records bigint,
  quantity numeric,
  hash numeric,
  primary key (granularity, number),
  check ((state = 'closed') = (closed_at is not null and rows is not null and records is not null
    and quantity is not null and hash is not null))
);
create index reported_window_not_closed on reported_window (granularity, number) where state <> 'closed';
create index reported_window_expired on reported_window (granularity, number) where expired_at is not null;

-- The four texts of a row, kept byte for byte under a hash of themselves: no sequence, no read-back.
create table resource (
  subscription_id uuid not null,
  resource_key uuid not null,
  resource_uri text not null,
  location text not null,
  tags text not null,
  additional_info text not null,
  primary key (subscription_id, resource_key)
);

-- A record counts once, for ever: its identity (hash of source and id) outlives the record's own retention.
-- content is a hash of everything else in it, which tells a repeat from the same id with other content.
create table record_identity (
  record_key uuid primary key,
  content uuid not null
);

-- Append only. A record that crosses an hour is kept as one part for each hour.
create table usage_record (
  reported_hour integer not null,
  usage_hour integer not null,
  usage_start timestamptz not null,
  usage_end timestamptz not null,
  subscription_id uuid not null,
  resource_key uuid not null,
  record_key uuid not null,
  spelling integer not null,
  quantity numeric not null
) partition by range (reported_hour);
create index usage_record_reported on usage_record using brin (reported_hour) with (pages_per_range = 32);

create table usage_hourly (
  reported_hour integer not null,
  subscription_id uuid not null,
  usage_hour integer not null,
  resource_key uuid not null,
  meter smallint not null,
  spelling integer not null,
  records integer not null,
  quantity numeric not null,
  primary key (reported_hour, subscription_id, usage_hour, resource_key, meter)
) partition by range (reported_hour);
create index usage_hourly_by_subscription
  on usage_hourly (subscription_id, reported_hour, usage_hour, resource_key, meter);

create table usage_daily (
  reported_day integer not null,
  subscription_id uuid not null,
  usage_day integer not null,
  resource_key uuid not null,
  meter smallint not null,
  spelling integer not null,
  records integer not null,
  quantity numeric not null,
  primary key (reported_day, subscription_id, usage_day, resource_key, meter)
) partition by range (reported_day);
create index usage_daily_by_subscription
  on usage_daily (subscription_id, reported_day, usage_day, resource_key, meter);

-- Makes the partitions that reported hour `hour` needs: records by day, hourly rows by month, daily rows by year.
-- A partition is built apart and then attached: attaching stops neither readers nor writers of the others.
create function ensure_usage_partitions(hour integer) returns void language plpgsql as $$
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
$$;
