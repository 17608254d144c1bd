-- The built-in authority: what it signs with, and what it keeps between two steps of a sign-in. Every process that serves
-- from this database signs with the same key and finds the sign-ins of the others.
create table authority_key (
  kid text primary key,
  -- JSON text of the private key as a JSON Web Key
  private_jwk text not null,
  created_at timestamptz not null,
  -- published at once, used for new tokens from here on
  signs_from timestamptz not null,
  -- no longer published from here on; set when its successor is made
  retired_at timestamptz
);

create table authority_artifact (
  model text not null,
  -- of what is shown by its bearer (sessions, refresh tokens, codes, opaque tokens) a SHA-256
  id text not null,
  payload jsonb not null,
  grant_id text,
  user_code text,
  uid text,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  primary key (model, id)
);
create index authority_artifact_by_grant on authority_artifact (grant_id) where grant_id is not null;
create unique index authority_artifact_by_user_code on authority_artifact (user_code) where user_code is not null;
create index authority_artifact_by_uid on authority_artifact (uid) where uid is not null;
create index authority_artifact_by_account on authority_artifact ((payload ->> 'accountId'));
create index authority_artifact_by_expiry on authority_artifact (expires_at);
