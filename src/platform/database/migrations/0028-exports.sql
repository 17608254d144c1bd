-- Exports: what goes out to files, when, and what has gone.

create table export_definition (
  export_id uuid primary key,
  account_id uuid not null references billing_account,
  name text not null,
  -- what the account bought, or what it sold
  view text not null check (view in ('buying', 'selling')),
  dataset text not null check (dataset in ('focus-1.4', 'focus-1.2', 'usage-summary', 'journal')),
  format text not null check (format in ('csv', 'csv.gz', 'parquet', 'ndjson')),
  layout text not null check (layout in ('plain', 'finops-hub')),
  -- whether a version takes the place of the one before, or stays beside it
  delivery text not null check (delivery in ('overwrite', 'new-version')),
  schedule text not null check (schedule in ('none', 'daily', 'monthly')),
  -- of a usage summary
  granularity text not null check (granularity in ('hourly', 'daily')),
  -- folder: below the operator's folder for exports; s3: a bucket, as JSON
  destination_kind text not null check (destination_kind in ('folder', 's3')),
  destination text not null,
  -- the same for destinations that are the same; those that are within one another begin alike
  place text not null,
  -- network: the operator chose it, and it may lie within the operator's network
  reach text not null check (reach in ('public', 'network')),
  -- of a bucket: the secret key, never told again
  secret text check ((secret is null) = (destination_kind = 'folder')),
  state text not null check (state in ('Enabled', 'Disabled')),
  next_run_at timestamptz check ((next_run_at is null) = (schedule = 'none')),
  created_at timestamptz not null
);
create index export_definition_by_account on export_definition (account_id);
create index export_definition_due on export_definition (next_run_at) where state = 'Enabled' and next_run_at is not null;
-- Two exports in one place would take each other's files away.
create unique index export_definition_place on export_definition (place);

-- Folders of exports that are gone, until they are gone as well. Their room is still the account's.
create table export_leftover (
  export_id uuid primary key,
  account_id uuid not null references billing_account,
  place text not null,
  bytes bigint not null
);

create table export_run (
  run_id uuid primary key,
  export_id uuid not null references export_definition on delete cascade,
  cause text not null check (cause in ('schedule', 'request')),
  state text not null check (state in ('Queued', 'Running', 'Succeeded', 'Failed')),
  -- asked for by name; null: all that have changed
  wanted text[],
  -- found out when it begins, in order
  partitions text[],
  -- of them are delivered
  delivered integer not null default 0,
  rows bigint not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  problem_code text,
  problem text,
  -- its files say this time, whenever they are written
  created_at timestamptz not null,
  finished_at timestamptz,
  check ((state in ('Queued', 'Running')) = (next_attempt_at is not null)),
  check ((state in ('Succeeded', 'Failed')) = (finished_at is not null))
);
create index export_run_by_export on export_run (export_id, created_at);
create unique index export_run_active on export_run (export_id) where state in ('Queued', 'Running');
create index export_run_due on export_run (next_attempt_at) where state in ('Queued', 'Running');

-- A partition as it was delivered once.
create table export_version (
  export_id uuid not null references export_definition on delete cascade,
  partition text not null,
  version integer not null check (version > 0),
  run_id uuid not null references export_run on delete cascade,
  -- Writing: no manifest names its files; Written: all are there, the manifest may be; Delivered: with its manifest;
  -- Removed: another version took its place, and its files are gone
  state text not null check (state in ('Writing', 'Written', 'Delivered', 'Removed')),
  -- by which is found out whether the partition has changed since
  mark text not null,
  closed boolean not null,
  -- rows and form: an export that is changed delivers anew what it delivered in another form
  form text not null,
  -- where its files are
  place text not null,
  -- room that they take
  bytes bigint not null default 0,
  -- as JSON: paths, rows, bytes and sums of the files; while they are being written the paths of those begun
  files text,
  manifest_path text,
  manifest text,
  check ((state in ('Writing', 'Removed')) = (manifest is null)),
  primary key (export_id, partition, version)
);
create unique index export_version_by_run on export_version (run_id, partition);
