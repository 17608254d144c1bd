-- Commerce sends e-mail: alerts of budgets, reminders of invoices.

create table mail_message (
  -- before the @ of its Message-ID
  message_id uuid primary key,
  -- behind the @: fixed by the first attempt, so that every attempt says the same
  message_domain text,
  -- of whom it tells
  account_id uuid not null references billing_account,
  recipient text not null,
  template text not null,
  language text not null check (language in ('en', 'fr')),
  -- as they are sent
  subject text not null,
  body_text text not null,
  body_html text not null,
  occurred_at timestamptz not null,
  -- Undeliverable: there is no server that takes mail
  state text not null check (state in ('Pending', 'Sent', 'Dead', 'Undeliverable')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  -- of the server that takes mail
  last_status integer,
  last_problem text,
  sent_at timestamptz,
  check ((state = 'Pending') = (next_attempt_at is not null)),
  check ((state = 'Sent') = (sent_at is not null))
);
create index mail_message_by_time on mail_message (occurred_at, message_id);
create index mail_message_by_account on mail_message (account_id, occurred_at);
create index mail_message_due on mail_message (next_attempt_at) where state = 'Pending';
create index mail_message_unsent on mail_message (state, occurred_at) where state <> 'Sent';
