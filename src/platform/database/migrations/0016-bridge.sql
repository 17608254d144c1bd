-- The bridge: how this stamp is known to commerce, and what it has reported.

-- The id by which commerce tells this stamp from others; made when it is first needed, and kept.
create table stamp_identity (
  singleton boolean primary key default true check (singleton),
  cloud_id uuid not null
);

-- What the stamp proves itself with; the private key never leaves it.
create table bridge_key (
  key_id uuid primary key,
  -- pending: stated in a registration token or a rotation that is not known to have arrived
  state text not null check (state in ('pending', 'active', 'retired')),
  private_jwk text not null,
  public_jwk text not null,
  -- SHA-256 of the public key (RFC 7638), base64url
  thumbprint text not null unique,
  created_at timestamptz not null
);
create unique index bridge_key_active on bridge_key ((true)) where state = 'active';

create table activation (
  singleton boolean primary key default true check (singleton),
  registration_id uuid not null,
  registration_resource_id text not null,
  -- where usage is reported, and the authority that vouches for that address (PEM)
  commerce_url text not null,
  ca text not null,
  token_endpoint text not null,
  client_id uuid not null,
  -- JSON Web Key with which commerce signs what it has received
  statement_jwk text not null,
  billing_model text not null,
  usage_reporting boolean not null,
  marketplace_syndication boolean not null,
  -- null: never
  expires_at timestamptz,
  state text not null check (state in ('Active', 'Reset', 'Removed')),
  etag uuid not null,
  activated_at timestamptz not null
);

-- How far the bridge is, and what stands in its way.
create table bridge_progress (
  registration_id uuid primary key,
  first_window integer not null,
  -- hours since 1970-01-01T00:00Z; all from the first up to it have been reported
  next_window integer not null,
  -- when the stamp was first activated under it; by then it was told whether to report
  first_activated_at timestamptz not null,
  -- hours before this one that have no window count as empty; null: an import is waited for
  released_before integer,
  -- accepted windows of which no receipt could be had
  without_receipt integer not null default 0,
  last_sent_at timestamptz,
  failures integer not null default 0,
  failing_since timestamptz,
  retry_at timestamptz,
  -- of what kind it is: commerce is not reached; it refuses what is sent; the registration has ended; reporting is off on
  -- purpose; what is here is not fit to be sent; something failed on this side
  trouble text check (trouble in ('unreachable', 'refused', 'ended', 'off', 'unfit', 'internal')),
  error_code text,
  error_message text,
  check ((failures = 0) = (failing_since is null)),
  check ((trouble is null) = (error_code is null))
);

-- What was reported, with commerce's receipt for it.
create table bridge_window (
  registration_id uuid not null,
  reported_hour integer not null,
  batches integer not null,
  rows bigint not null,
  receipt text not null,
  sent_at timestamptz not null,
  primary key (registration_id, reported_hour)
);
