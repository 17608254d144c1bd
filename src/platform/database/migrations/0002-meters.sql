-- The catalogue of meters. Ids compare without case; each spelling that was ever emitted has a number of its own,
-- so that a row can answer with the id in the case in which it came.
create table meter (
  meter smallint generated always as identity primary key,
  meter_id text not null,
  meter_key text not null unique check (meter_key = lower(meter_id)),
  name text not null,
  unit text not null,
  unit_kind text not null,
  resource_provider text not null,
  category text not null,
  origin text not null check (origin in ('reference', 'operator'))
);

create table meter_spelling (
  spelling integer generated always as identity primary key,
  meter smallint not null references meter,
  spelled text not null unique
);

create trigger meter_version after insert or update or delete on meter
  for each statement execute function bump_directory_version();
