-- What all migrations amount to. Written by: bin/run scripts/dump-schema.ts --write

-- Roles

role stackmeter_analysis_reader

role stackmeter_cost_reader

role stackmeter_customer_reader

role stackmeter_feed_reader

role stackmeter_group_reader

role stackmeter_provider_reader

role stackmeter_tenant_reader

-- Tables

table account_pricing
  account_id uuid not null
  version integer not null
  effective_from integer not null
  price_list_id text
  markup_percent numeric
  created_at timestamp with time zone not null
  constraint account_pricing_check CHECK (((price_list_id IS NULL) <> (markup_percent IS NULL)))
  constraint account_pricing_markup_percent_check CHECK ((markup_percent > ('-100'::integer)::numeric))
  constraint account_pricing_version_check CHECK ((version > 0))
  constraint account_pricing_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint account_pricing_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(price_list_id)
  constraint account_pricing_pkey PRIMARY KEY (account_id, version)
  CREATE TRIGGER account_pricing_append_only BEFORE DELETE OR UPDATE ON public.account_pricing FOR EACH ROW EXECUTE FUNCTION refuse_change()

table account_term
  term_id uuid not null
  account_id uuid not null
  name text not null
  definition text not null
  effective_from integer not null
  effective_to integer
  created_at timestamp with time zone not null
  constraint account_term_check CHECK ((effective_to >= effective_from))
  constraint account_term_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint account_term_pkey PRIMARY KEY (term_id)
  CREATE INDEX account_term_by_account ON public.account_term USING btree (account_id)

table acquired_plan
  subscription_id uuid not null
  acquisition_id uuid not null
  plan_key uuid not null
  provisioning_state text not null
  acquired_at timestamp with time zone not null
  constraint acquired_plan_provisioning_state_check CHECK ((provisioning_state = ANY (ARRAY['NotSpecified'::text, 'Accepted'::text, 'Failed'::text, 'Succeeded'::text])))
  constraint acquired_plan_plan_key_fkey FOREIGN KEY (plan_key) REFERENCES plan(plan_key)
  constraint acquired_plan_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(subscription_id)
  constraint acquired_plan_pkey PRIMARY KEY (subscription_id, acquisition_id)
  CREATE INDEX acquired_plan_by_plan ON public.acquired_plan USING btree (plan_key)

table activation
  singleton boolean not null default true
  registration_id uuid not null
  registration_resource_id text not null
  commerce_url text not null
  ca text not null
  token_endpoint text not null
  client_id uuid not null
  statement_jwk text not null
  billing_model text not null
  usage_reporting boolean not null
  marketplace_syndication boolean not null
  expires_at timestamp with time zone
  state text not null
  etag uuid not null
  activated_at timestamp with time zone not null
  constraint activation_singleton_check CHECK (singleton)
  constraint activation_state_check CHECK ((state = ANY (ARRAY['Active'::text, 'Reset'::text, 'Removed'::text])))
  constraint activation_pkey PRIMARY KEY (singleton)

table adapter_event
  event_id uuid not null
  window_id uuid not null
  adapter_id uuid not null
  state text not null
  account_id uuid not null
  customer_subscription_id uuid not null
  subscription_id uuid not null
  meter_id text not null
  meter_name text not null
  unit text not null
  quantity numeric not null
  usage_from integer not null
  usage_to integer not null
  code text
  customer text
  attempted_at timestamp with time zone
  status integer
  answer text
  failed_at timestamp with time zone
  constraint adapter_event_state_check CHECK ((state = ANY (ARRAY['Pending'::text, 'Held'::text, 'Dead'::text])))
  constraint adapter_event_window_id_fkey FOREIGN KEY (window_id) REFERENCES adapter_window(window_id) ON DELETE CASCADE
  constraint adapter_event_pkey PRIMARY KEY (event_id)
  CREATE INDEX adapter_event_by_window ON public.adapter_event USING btree (window_id, state, event_id)
  CREATE INDEX adapter_event_left ON public.adapter_event USING btree (adapter_id, state, event_id) WHERE (state <> 'Pending'::text)

table adapter_progress
  adapter_id uuid not null
  registration_number integer not null
  last_window integer not null
  constraint adapter_progress_adapter_id_fkey FOREIGN KEY (adapter_id) REFERENCES billing_adapter(adapter_id) ON DELETE CASCADE
  constraint adapter_progress_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint adapter_progress_pkey PRIMARY KEY (adapter_id, registration_number)

table adapter_window
  window_id uuid not null
  adapter_id uuid not null
  registration_number integer not null
  reported_hour integer not null
  state text not null
  events integer not null
  delivered integer not null default 0
  sums jsonb not null
  opened_at timestamp with time zone not null
  delivered_at timestamp with time zone
  constraint adapter_window_state_check CHECK ((state = ANY (ARRAY['Sending'::text, 'Delivered'::text])))
  constraint adapter_window_adapter_id_fkey FOREIGN KEY (adapter_id) REFERENCES billing_adapter(adapter_id) ON DELETE CASCADE
  constraint adapter_window_pkey PRIMARY KEY (window_id)
  constraint adapter_window_adapter_id_reported_hour_registration_number_key UNIQUE (adapter_id, reported_hour, registration_number)
  CREATE INDEX adapter_window_sending ON public.adapter_window USING btree (adapter_id, reported_hour, registration_number) WHERE (state = 'Sending'::text)

table audit_event
  number bigint not null
  at timestamp with time zone not null
  actor_kind text not null
  actor_id uuid
  actor_tenant_id uuid
  actor_name text not null
  action text not null
  target text not null
  detail text not null
  previous_hash bytea not null
  hash bytea not null
  constraint audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['principal'::text, 'command-line'::text, 'system'::text])))
  constraint audit_event_number_check CHECK ((number > 0))
  constraint audit_event_pkey PRIMARY KEY (number)
  CREATE INDEX audit_event_by_target ON public.audit_event USING btree (target, number)
  CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
  CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()

table audit_head
  singleton boolean not null default true
  number bigint not null
  hash bytea not null
  constraint audit_head_singleton_check CHECK (singleton)
  constraint audit_head_pkey PRIMARY KEY (singleton)

table authority_artifact
  model text not null
  id text not null
  payload jsonb not null
  grant_id text
  user_code text
  uid text
  expires_at timestamp with time zone not null
  consumed_at timestamp with time zone
  constraint authority_artifact_pkey PRIMARY KEY (model, id)
  CREATE INDEX authority_artifact_by_account ON public.authority_artifact USING btree (((payload ->> 'accountId'::text)))
  CREATE INDEX authority_artifact_by_expiry ON public.authority_artifact USING btree (expires_at)
  CREATE INDEX authority_artifact_by_grant ON public.authority_artifact USING btree (grant_id) WHERE (grant_id IS NOT NULL)
  CREATE INDEX authority_artifact_by_uid ON public.authority_artifact USING btree (uid) WHERE (uid IS NOT NULL)
  CREATE UNIQUE INDEX authority_artifact_by_user_code ON public.authority_artifact USING btree (user_code) WHERE (user_code IS NOT NULL)

table authority_key
  kid text not null
  private_jwk text not null
  created_at timestamp with time zone not null
  signs_from timestamp with time zone not null
  retired_at timestamp with time zone
  constraint authority_key_pkey PRIMARY KEY (kid)

table billing_account row level security
  account_id uuid not null
  kind text not null
  parent_id uuid
  subscription_id uuid
  name text not null
  street text
  street2 text
  city text
  postal_code text
  region text
  country text
  tax_id text
  registration_id text
  email text
  phone text
  tax_exemption text
  buyer_reference text
  series_prefix text not null
  iban text
  bic text
  logo bytea
  currency text not null
  language text not null
  billing_day integer not null
  time_zone text not null
  late_usage text not null
  wait_hours integer not null
  review_days integer not null
  payment_days integer not null
  etag uuid not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint billing_account_billing_day_check CHECK (((billing_day >= 1) AND (billing_day <= 28)))
  constraint billing_account_check CHECK (((kind = 'provider'::text) = (parent_id IS NULL)))
  constraint billing_account_check1 CHECK (((kind <> 'customer'::text) OR (subscription_id IS NOT NULL)))
  constraint billing_account_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'partner'::text, 'enterprise'::text, 'customer'::text])))
  constraint billing_account_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text])))
  constraint billing_account_late_usage_check CHECK ((late_usage = ANY (ARRAY['NextInvoice'::text, 'Note'::text])))
  constraint billing_account_payment_days_check CHECK (((payment_days >= 0) AND (payment_days <= 365)))
  constraint billing_account_review_days_check CHECK (((review_days >= 0) AND (review_days <= 60)))
  constraint billing_account_wait_hours_check CHECK (((wait_hours >= 0) AND (wait_hours <= 744)))
  constraint billing_account_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES billing_account(account_id)
  constraint billing_account_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES commerce_subscription(subscription_id)
  constraint billing_account_pkey PRIMARY KEY (account_id)
  constraint billing_account_subscription_id_key UNIQUE (subscription_id)
  CREATE INDEX billing_account_by_parent ON public.billing_account USING btree (parent_id)
  CREATE UNIQUE INDEX billing_account_prefix ON public.billing_account USING btree (series_prefix) WHERE (kind = ANY (ARRAY['provider'::text, 'partner'::text]))
  CREATE UNIQUE INDEX billing_account_provider ON public.billing_account USING btree (kind) WHERE (kind = 'provider'::text)
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))

table billing_adapter
  adapter_id uuid not null
  name text not null
  kind text not null
  account_id uuid not null
  url text
  ca text
  meters jsonb not null
  customers jsonb not null
  include_free boolean not null
  decimals smallint not null
  secret text
  start_hour integer not null
  state text not null
  problem text
  failures integer not null default 0
  next_attempt_at timestamp with time zone
  created_at timestamp with time zone not null
  constraint billing_adapter_decimals_check CHECK (((decimals >= 0) AND (decimals <= 12)))
  constraint billing_adapter_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text, 'Parked'::text])))
  constraint billing_adapter_pkey PRIMARY KEY (adapter_id)
  CREATE INDEX billing_adapter_by_account ON public.billing_adapter USING btree (account_id)

table billing_period row level security
  period integer not null generated always as identity
  account_id uuid not null
  name text not null
  from_hour integer not null
  to_hour integer not null
  time_zone text not null
  state text not null default 'Open'::text
  review_started_at timestamp with time zone
  held text
  constraint billing_period_check CHECK ((to_hour > from_hour))
  constraint billing_period_state_check CHECK ((state = ANY (ARRAY['Open'::text, 'InReview'::text, 'Issued'::text])))
  constraint billing_period_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint billing_period_pkey PRIMARY KEY (period)
  constraint billing_period_account_id_from_hour_key UNIQUE (account_id, from_hour)
  constraint billing_period_account_id_name_key UNIQUE (account_id, name)
  CREATE INDEX billing_period_unissued ON public.billing_period USING btree (to_hour) WHERE (state <> 'Issued'::text)
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))

table billing_problem
  account_id uuid not null
  period integer not null
  code text not null
  message text not null
  attempts integer not null
  since timestamp with time zone not null
  last_attempt_at timestamp with time zone not null
  next_attempt_at timestamp with time zone not null
  constraint billing_problem_attempts_check CHECK ((attempts > 0))
  constraint billing_problem_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint billing_problem_pkey PRIMARY KEY (account_id, period)

table bridge_key
  key_id uuid not null
  state text not null
  private_jwk text not null
  public_jwk text not null
  thumbprint text not null
  created_at timestamp with time zone not null
  constraint bridge_key_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'retired'::text])))
  constraint bridge_key_pkey PRIMARY KEY (key_id)
  constraint bridge_key_thumbprint_key UNIQUE (thumbprint)
  CREATE UNIQUE INDEX bridge_key_active ON public.bridge_key USING btree ((true)) WHERE (state = 'active'::text)

table bridge_progress
  registration_id uuid not null
  first_window integer not null
  next_window integer not null
  first_activated_at timestamp with time zone not null
  released_before integer
  without_receipt integer not null default 0
  last_sent_at timestamp with time zone
  failures integer not null default 0
  failing_since timestamp with time zone
  retry_at timestamp with time zone
  trouble text
  error_code text
  error_message text
  constraint bridge_progress_check CHECK (((failures = 0) = (failing_since IS NULL)))
  constraint bridge_progress_check1 CHECK (((trouble IS NULL) = (error_code IS NULL)))
  constraint bridge_progress_trouble_check CHECK ((trouble = ANY (ARRAY['unreachable'::text, 'refused'::text, 'ended'::text, 'off'::text, 'unfit'::text, 'internal'::text])))
  constraint bridge_progress_pkey PRIMARY KEY (registration_id)

table bridge_window
  registration_id uuid not null
  reported_hour integer not null
  batches integer not null
  rows bigint not null
  receipt text not null
  sent_at timestamp with time zone not null
  constraint bridge_window_pkey PRIMARY KEY (registration_id, reported_hour)

table budget
  budget_id uuid not null
  account_id uuid not null
  name text not null
  amount numeric not null
  grain text not null
  view text not null
  filters text not null
  alerts text not null
  alert_since timestamp with time zone[] not null
  version integer not null
  etag uuid not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  evaluated_at timestamp with time zone
  evaluated_version integer
  evaluated_run bigint
  from_hour integer
  to_hour integer
  spent numeric
  unpriced integer
  forecast numeric
  forecast_low numeric
  forecast_high numeric
  other_currencies text
  problem text
  constraint budget_amount_check CHECK ((amount > (0)::numeric))
  constraint budget_grain_check CHECK ((grain = ANY (ARRAY['BillingPeriod'::text, 'Month'::text, 'Quarter'::text, 'Year'::text])))
  constraint budget_version_check CHECK ((version > 0))
  constraint budget_view_check CHECK ((view = ANY (ARRAY['buying'::text, 'selling'::text])))
  constraint budget_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint budget_pkey PRIMARY KEY (budget_id)
  CREATE INDEX budget_by_evaluation ON public.budget USING btree (evaluated_at NULLS FIRST)
  CREATE UNIQUE INDEX budget_by_name ON public.budget USING btree (account_id, lower(name))

table budget_firing
  budget_id uuid not null
  version integer not null
  from_hour integer not null
  to_hour integer not null
  of text not null
  unit text not null
  threshold numeric not null
  amount numeric not null
  spent numeric not null
  forecast numeric
  mails integer not null
  mails_withheld integer not null
  webhook boolean not null
  fired_at timestamp with time zone not null
  constraint budget_firing_of_check CHECK ((of = ANY (ARRAY['actual'::text, 'forecast'::text])))
  constraint budget_firing_unit_check CHECK ((unit = ANY (ARRAY['percent'::text, 'amount'::text])))
  constraint budget_firing_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES budget(budget_id) ON DELETE CASCADE
  constraint budget_firing_pkey PRIMARY KEY (budget_id, version, from_hour, of, unit, threshold)
  CREATE INDEX budget_firing_by_time ON public.budget_firing USING btree (budget_id, fired_at)

table charge with (fillfactor=60) row level security
  charge bigint not null generated always as identity
  account_id uuid not null
  period integer not null
  plan integer not null
  customer_subscription_id uuid not null
  subscription_id uuid not null
  meter integer not null
  billable boolean not null
  quantity numeric not null
  amount numeric
  problem text
  invoiced_quantity numeric not null default 0
  invoiced_amount numeric not null default 0
  constraint charge_check CHECK (((problem IS NULL) OR (amount IS NULL)))
  constraint charge_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint charge_meter_fkey FOREIGN KEY (meter) REFERENCES commerce_meter(meter)
  constraint charge_period_fkey FOREIGN KEY (period) REFERENCES billing_period(period)
  constraint charge_plan_fkey FOREIGN KEY (plan) REFERENCES price_plan(plan)
  constraint charge_pkey PRIMARY KEY (charge)
  constraint charge_period_plan_customer_subscription_id_subscription_id_key UNIQUE (period, plan, customer_subscription_id, subscription_id, meter, billable)
  CREATE INDEX charge_by_account ON public.charge USING btree (account_id, period)
  CREATE INDEX charge_uninvoiced ON public.charge USING btree (account_id) WHERE ((quantity <> invoiced_quantity) OR (amount IS DISTINCT FROM invoiced_amount))
  policy account for select to stackmeter_customer_reader using ((account_id = (NULLIF(current_setting('stackmeter.account'::text, true), ''::text))::uuid))
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table charge_version
  run bigint not null
  charge bigint not null
  quantity numeric not null
  amount numeric
  constraint charge_version_charge_fkey FOREIGN KEY (charge) REFERENCES charge(charge)
  constraint charge_version_run_fkey FOREIGN KEY (run) REFERENCES rating_run(run)
  constraint charge_version_pkey PRIMARY KEY (run, charge)
  CREATE TRIGGER charge_version_append_only BEFORE DELETE OR UPDATE ON public.charge_version FOR EACH ROW EXECUTE FUNCTION refuse_change()

table client_credential
  credential_id uuid not null
  principal_id uuid not null
  kind text not null
  name text not null
  secret_hash bytea
  public_jwk text
  thumbprint text
  created_at timestamp with time zone not null
  expires_at timestamp with time zone
  constraint client_credential_check CHECK (((secret_hash IS NOT NULL) = (kind = 'secret'::text)))
  constraint client_credential_check1 CHECK (((public_jwk IS NOT NULL) = (kind = 'certificate'::text)))
  constraint client_credential_check2 CHECK (((thumbprint IS NOT NULL) = (kind = 'certificate'::text)))
  constraint client_credential_kind_check CHECK ((kind = ANY (ARRAY['secret'::text, 'certificate'::text])))
  constraint client_credential_principal_id_fkey FOREIGN KEY (principal_id) REFERENCES principal(principal_id) ON DELETE CASCADE
  constraint client_credential_pkey PRIMARY KEY (credential_id)
  CREATE INDEX client_credential_by_principal ON public.client_credential USING btree (principal_id)
  CREATE TRIGGER client_credential_version AFTER INSERT OR DELETE OR UPDATE ON public.client_credential FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table commerce_meter
  meter integer not null generated always as identity
  local_meter_key text not null
  local_meter_id text not null
  version integer not null
  commerce_meter_id text not null
  name text not null
  category text not null
  sub_category text not null
  region text not null
  unit text not null
  paid boolean not null
  origin text not null
  created_at timestamp with time zone not null
  constraint commerce_meter_check CHECK ((local_meter_key = lower(local_meter_id)))
  constraint commerce_meter_origin_check CHECK ((origin = ANY (ARRAY['reference'::text, 'operator'::text, 'unlisted'::text])))
  constraint commerce_meter_version_check CHECK ((version > 0))
  constraint commerce_meter_pkey PRIMARY KEY (meter)
  constraint commerce_meter_local_meter_key_version_key UNIQUE (local_meter_key, version)
  grant select to stackmeter_cost_reader
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table commerce_subscription
  subscription_id uuid not null
  display_name text not null
  kind text not null
  partner_id text
  tenant_id uuid
  multitenancy_approved boolean not null default false
  state text not null default 'Enabled'::text
  created_at timestamp with time zone not null
  constraint commerce_subscription_check CHECK (((partner_id IS NOT NULL) = (kind = ANY (ARRAY['CSP'::text, 'CSPSharedServices'::text]))))
  constraint commerce_subscription_check1 CHECK (((NOT multitenancy_approved) OR (kind = ANY (ARRAY['CSP'::text, 'CSPSharedServices'::text]))))
  constraint commerce_subscription_kind_check CHECK ((kind = ANY (ARRAY['EnterpriseAgreement'::text, 'CSP'::text, 'CSPSharedServices'::text, 'PayAsYouGo'::text, 'MSDN'::text])))
  constraint commerce_subscription_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text])))
  constraint commerce_subscription_pkey PRIMARY KEY (subscription_id)
  CREATE TRIGGER commerce_subscription_claimed BEFORE INSERT ON public.commerce_subscription FOR EACH ROW EXECUTE FUNCTION claim_subscription_id('commerce')

table cost_by_charge with (fillfactor=50) row level security
  scope integer not null
  sale integer not null
  month integer not null
  charge bigint not null
  meter integer not null
  total numeric not null generated always as ((((((((((((((((((((((((((((((COALESCE(d1, (0)::numeric) + COALESCE(d2, (0)::numeric)) + COALESCE(d3, (0)::numeric)) + COALESCE(d4, (0)::numeric)) + COALESCE(d5, (0)::numeric)) + COALESCE(d6, (0)::numeric)) + COALESCE(d7, (0)::numeric)) + COALESCE(d8, (0)::numeric)) + COALESCE(d9, (0)::numeric)) + COALESCE(d10, (0)::numeric)) + COALESCE(d11, (0)::numeric)) + COALESCE(d12, (0)::numeric)) + COALESCE(d13, (0)::numeric)) + COALESCE(d14, (0)::numeric)) + COALESCE(d15, (0)::numeric)) + COALESCE(d16, (0)::numeric)) + COALESCE(d17, (0)::numeric)) + COALESCE(d18, (0)::numeric)) + COALESCE(d19, (0)::numeric)) + COALESCE(d20, (0)::numeric)) + COALESCE(d21, (0)::numeric)) + COALESCE(d22, (0)::numeric)) + COALESCE(d23, (0)::numeric)) + COALESCE(d24, (0)::numeric)) + COALESCE(d25, (0)::numeric)) + COALESCE(d26, (0)::numeric)) + COALESCE(d27, (0)::numeric)) + COALESCE(d28, (0)::numeric)) + COALESCE(d29, (0)::numeric)) + COALESCE(d30, (0)::numeric)) + COALESCE(d31, (0)::numeric))
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint cost_by_charge_pkey PRIMARY KEY (scope, month, charge)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_by_charge_place with (fillfactor=50) row level security
  scope integer not null
  sale integer not null
  month integer not null
  charge bigint not null
  meter integer not null
  place integer not null
  total numeric not null generated always as ((((((((((((((((((((((((((((((COALESCE(d1, (0)::numeric) + COALESCE(d2, (0)::numeric)) + COALESCE(d3, (0)::numeric)) + COALESCE(d4, (0)::numeric)) + COALESCE(d5, (0)::numeric)) + COALESCE(d6, (0)::numeric)) + COALESCE(d7, (0)::numeric)) + COALESCE(d8, (0)::numeric)) + COALESCE(d9, (0)::numeric)) + COALESCE(d10, (0)::numeric)) + COALESCE(d11, (0)::numeric)) + COALESCE(d12, (0)::numeric)) + COALESCE(d13, (0)::numeric)) + COALESCE(d14, (0)::numeric)) + COALESCE(d15, (0)::numeric)) + COALESCE(d16, (0)::numeric)) + COALESCE(d17, (0)::numeric)) + COALESCE(d18, (0)::numeric)) + COALESCE(d19, (0)::numeric)) + COALESCE(d20, (0)::numeric)) + COALESCE(d21, (0)::numeric)) + COALESCE(d22, (0)::numeric)) + COALESCE(d23, (0)::numeric)) + COALESCE(d24, (0)::numeric)) + COALESCE(d25, (0)::numeric)) + COALESCE(d26, (0)::numeric)) + COALESCE(d27, (0)::numeric)) + COALESCE(d28, (0)::numeric)) + COALESCE(d29, (0)::numeric)) + COALESCE(d30, (0)::numeric)) + COALESCE(d31, (0)::numeric))
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint cost_by_charge_place_pkey PRIMARY KEY (scope, meter, month, charge, place)
  CREATE INDEX cost_by_charge_place_by_place ON public.cost_by_charge_place USING btree (place, month)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_by_place with (fillfactor=50) row level security
  scope integer not null
  sale integer not null
  month integer not null
  place integer not null
  total numeric not null generated always as ((((((((((((((((((((((((((((((COALESCE(d1, (0)::numeric) + COALESCE(d2, (0)::numeric)) + COALESCE(d3, (0)::numeric)) + COALESCE(d4, (0)::numeric)) + COALESCE(d5, (0)::numeric)) + COALESCE(d6, (0)::numeric)) + COALESCE(d7, (0)::numeric)) + COALESCE(d8, (0)::numeric)) + COALESCE(d9, (0)::numeric)) + COALESCE(d10, (0)::numeric)) + COALESCE(d11, (0)::numeric)) + COALESCE(d12, (0)::numeric)) + COALESCE(d13, (0)::numeric)) + COALESCE(d14, (0)::numeric)) + COALESCE(d15, (0)::numeric)) + COALESCE(d16, (0)::numeric)) + COALESCE(d17, (0)::numeric)) + COALESCE(d18, (0)::numeric)) + COALESCE(d19, (0)::numeric)) + COALESCE(d20, (0)::numeric)) + COALESCE(d21, (0)::numeric)) + COALESCE(d22, (0)::numeric)) + COALESCE(d23, (0)::numeric)) + COALESCE(d24, (0)::numeric)) + COALESCE(d25, (0)::numeric)) + COALESCE(d26, (0)::numeric)) + COALESCE(d27, (0)::numeric)) + COALESCE(d28, (0)::numeric)) + COALESCE(d29, (0)::numeric)) + COALESCE(d30, (0)::numeric)) + COALESCE(d31, (0)::numeric))
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint cost_by_place_pkey PRIMARY KEY (scope, month, place)
  CREATE INDEX cost_by_place_by_place ON public.cost_by_place USING btree (place, month)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_by_resource with (fillfactor=50) row level security
  scope integer not null
  sale integer not null
  month integer not null
  resource integer not null
  place integer not null
  total numeric not null generated always as ((((((((((((((((((((((((((((((COALESCE(d1, (0)::numeric) + COALESCE(d2, (0)::numeric)) + COALESCE(d3, (0)::numeric)) + COALESCE(d4, (0)::numeric)) + COALESCE(d5, (0)::numeric)) + COALESCE(d6, (0)::numeric)) + COALESCE(d7, (0)::numeric)) + COALESCE(d8, (0)::numeric)) + COALESCE(d9, (0)::numeric)) + COALESCE(d10, (0)::numeric)) + COALESCE(d11, (0)::numeric)) + COALESCE(d12, (0)::numeric)) + COALESCE(d13, (0)::numeric)) + COALESCE(d14, (0)::numeric)) + COALESCE(d15, (0)::numeric)) + COALESCE(d16, (0)::numeric)) + COALESCE(d17, (0)::numeric)) + COALESCE(d18, (0)::numeric)) + COALESCE(d19, (0)::numeric)) + COALESCE(d20, (0)::numeric)) + COALESCE(d21, (0)::numeric)) + COALESCE(d22, (0)::numeric)) + COALESCE(d23, (0)::numeric)) + COALESCE(d24, (0)::numeric)) + COALESCE(d25, (0)::numeric)) + COALESCE(d26, (0)::numeric)) + COALESCE(d27, (0)::numeric)) + COALESCE(d28, (0)::numeric)) + COALESCE(d29, (0)::numeric)) + COALESCE(d30, (0)::numeric)) + COALESCE(d31, (0)::numeric))
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint cost_by_resource_pkey PRIMARY KEY (scope, month, resource)
  CREATE INDEX cost_by_resource_by_resource ON public.cost_by_resource USING btree (resource, month)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_charge with (fillfactor=80) row level security
  charge bigint not null
  scope integer not null
  sale integer not null
  meter integer not null
  quantity numeric not null
  amount numeric
  rate numeric
  constraint cost_charge_pkey PRIMARY KEY (charge)
  CREATE INDEX cost_charge_by_scope ON public.cost_charge USING btree (scope)
  CREATE INDEX cost_charge_unpriced ON public.cost_charge USING btree (scope) WHERE (amount IS NULL)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_place row level security
  place integer not null generated always as identity
  sale integer not null
  subscription_id uuid not null
  resource_group text not null
  group_key text not null
  resource_type text not null
  type_key text not null
  location text not null
  location_key text not null
  tags jsonb not null
  digest bytea not null
  constraint cost_place_pkey PRIMARY KEY (place)
  constraint cost_place_sale_digest_key UNIQUE (sale, digest)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_progress
  single boolean not null default true
  summarized_to integer not null
  constraint cost_progress_single_check CHECK (single)
  constraint cost_progress_pkey PRIMARY KEY (single)

table cost_quantity with (fillfactor=50) row level security
  scope integer not null
  sale integer not null
  month integer not null
  charge bigint not null
  meter integer not null
  resource integer not null
  place integer not null
  total numeric not null generated always as ((((((((((((((((((((((((((((((COALESCE(d1, (0)::numeric) + COALESCE(d2, (0)::numeric)) + COALESCE(d3, (0)::numeric)) + COALESCE(d4, (0)::numeric)) + COALESCE(d5, (0)::numeric)) + COALESCE(d6, (0)::numeric)) + COALESCE(d7, (0)::numeric)) + COALESCE(d8, (0)::numeric)) + COALESCE(d9, (0)::numeric)) + COALESCE(d10, (0)::numeric)) + COALESCE(d11, (0)::numeric)) + COALESCE(d12, (0)::numeric)) + COALESCE(d13, (0)::numeric)) + COALESCE(d14, (0)::numeric)) + COALESCE(d15, (0)::numeric)) + COALESCE(d16, (0)::numeric)) + COALESCE(d17, (0)::numeric)) + COALESCE(d18, (0)::numeric)) + COALESCE(d19, (0)::numeric)) + COALESCE(d20, (0)::numeric)) + COALESCE(d21, (0)::numeric)) + COALESCE(d22, (0)::numeric)) + COALESCE(d23, (0)::numeric)) + COALESCE(d24, (0)::numeric)) + COALESCE(d25, (0)::numeric)) + COALESCE(d26, (0)::numeric)) + COALESCE(d27, (0)::numeric)) + COALESCE(d28, (0)::numeric)) + COALESCE(d29, (0)::numeric)) + COALESCE(d30, (0)::numeric)) + COALESCE(d31, (0)::numeric))
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint cost_quantity_pkey PRIMARY KEY (scope, meter, month, charge, resource)
  CREATE INDEX cost_quantity_by_resource ON public.cost_quantity USING btree (resource, month)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_resource row level security
  resource integer not null generated always as identity
  sale integer not null
  customer_subscription_id uuid not null
  resource_key uuid not null
  place integer not null
  uri text not null
  uri_key text not null
  identity uuid not null
  constraint cost_resource_pkey PRIMARY KEY (resource)
  constraint cost_resource_sale_customer_subscription_id_resource_key_key UNIQUE (sale, customer_subscription_id, resource_key)
  CREATE INDEX cost_resource_by_identity ON public.cost_resource USING btree (identity)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table cost_sale row level security
  sale integer not null generated always as identity
  account_id uuid not null
  seller_id uuid not null
  constraint cost_sale_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint cost_sale_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES billing_account(account_id)
  constraint cost_sale_pkey PRIMARY KEY (sale)
  constraint cost_sale_account_id_key UNIQUE (account_id)
  CREATE INDEX cost_sale_by_seller ON public.cost_sale USING btree (seller_id)
  policy viewpoint for select to stackmeter_cost_reader using (((account_id = (NULLIF(current_setting('stackmeter.account'::text, true), ''::text))::uuid) OR (seller_id = (NULLIF(current_setting('stackmeter.seller'::text, true), ''::text))::uuid)))
  grant select to stackmeter_cost_reader

table cost_scope row level security
  scope integer not null generated always as identity
  sale integer not null
  customer_subscription_id uuid not null
  subscription_id uuid not null
  period_from integer not null
  period_to integer not null
  constraint cost_scope_pkey PRIMARY KEY (scope)
  constraint cost_scope_sale_customer_subscription_id_subscription_id_pe_key UNIQUE (sale, customer_subscription_id, subscription_id, period_from)
  policy viewpoint for select to stackmeter_cost_reader using ((sale IN ( SELECT cost_sale.sale
   FROM cost_sale)))
  grant select to stackmeter_cost_reader

table credit_allocation
  credit_id uuid not null
  invoice_id uuid not null
  amount numeric not null
  constraint credit_allocation_amount_check CHECK ((amount > (0)::numeric))
  constraint credit_allocation_credit_id_fkey FOREIGN KEY (credit_id) REFERENCES invoice(invoice_id)
  constraint credit_allocation_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint credit_allocation_pkey PRIMARY KEY (credit_id, invoice_id)
  CREATE INDEX credit_allocation_by_invoice ON public.credit_allocation USING btree (invoice_id)

table customer_mapping
  mapping integer not null generated always as identity
  registration_number integer not null
  shared_with_partner text
  tenant_id uuid not null
  customer_subscription_id uuid not null
  version integer not null
  effective_from timestamp with time zone not null
  effective_to timestamp with time zone
  etag uuid not null
  created_at timestamp with time zone not null
  constraint customer_mapping_check CHECK ((effective_to >= effective_from))
  constraint customer_mapping_version_check CHECK ((version > 0))
  constraint customer_mapping_customer_subscription_id_fkey FOREIGN KEY (customer_subscription_id) REFERENCES commerce_subscription(subscription_id)
  constraint customer_mapping_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint customer_mapping_pkey PRIMARY KEY (mapping)
  constraint customer_mapping_registration_number_tenant_id_version_key UNIQUE (registration_number, tenant_id, version)
  CREATE INDEX customer_mapping_by_customer ON public.customer_mapping USING btree (customer_subscription_id)
  CREATE INDEX customer_mapping_in_force ON public.customer_mapping USING btree (registration_number, tenant_id, effective_from)
  CREATE INDEX customer_mapping_shared ON public.customer_mapping USING btree (shared_with_partner, tenant_id) WHERE (shared_with_partner IS NOT NULL)

table directory_tenant
  tenant_id uuid not null
  name text not null
  resource_group text
  location text
  constraint directory_tenant_pkey PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX directory_tenant_name ON public.directory_tenant USING btree (lower(name))

table directory_version
  singleton boolean not null default true
  version bigint not null default 0
  constraint directory_version_singleton_check CHECK (singleton)
  constraint directory_version_pkey PRIMARY KEY (singleton)

table emitter_activity
  principal_id uuid not null
  principal_tenant_id uuid not null
  provider text not null
  reported_hour integer not null
  records bigint not null
  last_at timestamp with time zone not null
  constraint emitter_activity_records_check CHECK ((records > 0))
  constraint emitter_activity_pkey PRIMARY KEY (principal_id, principal_tenant_id, provider, reported_hour)

table exchange_rate
  from_currency text not null
  to_currency text not null
  from_day integer not null
  version integer not null
  rate numeric not null
  source text not null
  created_at timestamp with time zone not null
  constraint exchange_rate_check CHECK ((to_currency <> from_currency))
  constraint exchange_rate_rate_check CHECK ((rate > (0)::numeric))
  constraint exchange_rate_version_check CHECK ((version > 0))
  constraint exchange_rate_pkey PRIMARY KEY (from_currency, to_currency, from_day, version)

table export_definition
  export_id uuid not null
  account_id uuid not null
  name text not null
  view text not null
  dataset text not null
  format text not null
  layout text not null
  delivery text not null
  schedule text not null
  granularity text not null
  destination_kind text not null
  destination text not null
  place text not null
  reach text not null
  secret text
  state text not null
  next_run_at timestamp with time zone
  created_at timestamp with time zone not null
  constraint export_definition_check CHECK (((secret IS NULL) = (destination_kind = 'folder'::text)))
  constraint export_definition_check1 CHECK (((next_run_at IS NULL) = (schedule = 'none'::text)))
  constraint export_definition_dataset_check CHECK ((dataset = ANY (ARRAY['focus-1.4'::text, 'focus-1.2'::text, 'usage-summary'::text, 'journal'::text])))
  constraint export_definition_delivery_check CHECK ((delivery = ANY (ARRAY['overwrite'::text, 'new-version'::text])))
  constraint export_definition_destination_kind_check CHECK ((destination_kind = ANY (ARRAY['folder'::text, 's3'::text])))
  constraint export_definition_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'csv.gz'::text, 'parquet'::text, 'ndjson'::text])))
  constraint export_definition_granularity_check CHECK ((granularity = ANY (ARRAY['hourly'::text, 'daily'::text])))
  constraint export_definition_layout_check CHECK ((layout = ANY (ARRAY['plain'::text, 'finops-hub'::text])))
  constraint export_definition_reach_check CHECK ((reach = ANY (ARRAY['public'::text, 'network'::text])))
  constraint export_definition_schedule_check CHECK ((schedule = ANY (ARRAY['none'::text, 'daily'::text, 'monthly'::text])))
  constraint export_definition_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text])))
  constraint export_definition_view_check CHECK ((view = ANY (ARRAY['buying'::text, 'selling'::text])))
  constraint export_definition_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint export_definition_pkey PRIMARY KEY (export_id)
  CREATE INDEX export_definition_by_account ON public.export_definition USING btree (account_id)
  CREATE INDEX export_definition_due ON public.export_definition USING btree (next_run_at) WHERE ((state = 'Enabled'::text) AND (next_run_at IS NOT NULL))
  CREATE UNIQUE INDEX export_definition_place ON public.export_definition USING btree (place)

table export_leftover
  export_id uuid not null
  account_id uuid not null
  place text not null
  bytes bigint not null
  constraint export_leftover_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint export_leftover_pkey PRIMARY KEY (export_id)

table export_run
  run_id uuid not null
  export_id uuid not null
  cause text not null
  state text not null
  wanted text[]
  partitions text[]
  delivered integer not null default 0
  rows bigint not null default 0
  attempts integer not null default 0
  next_attempt_at timestamp with time zone
  problem_code text
  problem text
  created_at timestamp with time zone not null
  finished_at timestamp with time zone
  constraint export_run_cause_check CHECK ((cause = ANY (ARRAY['schedule'::text, 'request'::text])))
  constraint export_run_check CHECK (((state = ANY (ARRAY['Queued'::text, 'Running'::text])) = (next_attempt_at IS NOT NULL)))
  constraint export_run_check1 CHECK (((state = ANY (ARRAY['Succeeded'::text, 'Failed'::text])) = (finished_at IS NOT NULL)))
  constraint export_run_state_check CHECK ((state = ANY (ARRAY['Queued'::text, 'Running'::text, 'Succeeded'::text, 'Failed'::text])))
  constraint export_run_export_id_fkey FOREIGN KEY (export_id) REFERENCES export_definition(export_id) ON DELETE CASCADE
  constraint export_run_pkey PRIMARY KEY (run_id)
  CREATE UNIQUE INDEX export_run_active ON public.export_run USING btree (export_id) WHERE (state = ANY (ARRAY['Queued'::text, 'Running'::text]))
  CREATE INDEX export_run_by_export ON public.export_run USING btree (export_id, created_at)
  CREATE INDEX export_run_due ON public.export_run USING btree (next_attempt_at) WHERE (state = ANY (ARRAY['Queued'::text, 'Running'::text]))

table export_version
  export_id uuid not null
  partition text not null
  version integer not null
  run_id uuid not null
  state text not null
  mark text not null
  closed boolean not null
  form text not null
  place text not null
  bytes bigint not null default 0
  files text
  manifest_path text
  manifest text
  constraint export_version_check CHECK (((state = ANY (ARRAY['Writing'::text, 'Removed'::text])) = (manifest IS NULL)))
  constraint export_version_state_check CHECK ((state = ANY (ARRAY['Writing'::text, 'Written'::text, 'Delivered'::text, 'Removed'::text])))
  constraint export_version_version_check CHECK ((version > 0))
  constraint export_version_export_id_fkey FOREIGN KEY (export_id) REFERENCES export_definition(export_id) ON DELETE CASCADE
  constraint export_version_run_id_fkey FOREIGN KEY (run_id) REFERENCES export_run(run_id) ON DELETE CASCADE
  constraint export_version_pkey PRIMARY KEY (export_id, partition, version)
  CREATE UNIQUE INDEX export_version_by_run ON public.export_version USING btree (run_id, partition)

table invoice row level security
  invoice_id uuid not null
  issuer_id uuid not null
  account_id uuid not null
  period integer not null
  kind text not null
  series text not null
  sequence integer not null
  number text not null
  issue_date text not null
  due_date text not null
  issued_at timestamp with time zone not null
  currency text not null
  net numeric not null
  tax numeric not null
  gross numeric not null
  corrects uuid
  reason text
  parties text not null
  constraint invoice_check CHECK ((gross = (net + tax)))
  constraint invoice_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit-note'::text, 'debit-note'::text])))
  constraint invoice_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint invoice_corrects_fkey FOREIGN KEY (corrects) REFERENCES invoice(invoice_id)
  constraint invoice_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES billing_account(account_id)
  constraint invoice_period_fkey FOREIGN KEY (period) REFERENCES billing_period(period)
  constraint invoice_pkey PRIMARY KEY (invoice_id)
  constraint invoice_issuer_id_series_sequence_key UNIQUE (issuer_id, series, sequence)
  constraint invoice_number_key UNIQUE (number)
  CREATE INDEX invoice_by_account ON public.invoice USING btree (account_id, issued_at)
  CREATE INDEX invoice_by_corrected ON public.invoice USING btree (corrects) WHERE (corrects IS NOT NULL)
  CREATE INDEX invoice_by_issuer ON public.invoice USING btree (issuer_id, issued_at)
  CREATE TRIGGER invoice_final BEFORE DELETE OR UPDATE ON public.invoice FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_no_truncate BEFORE TRUNCATE ON public.invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  policy account for select to stackmeter_customer_reader using ((account_id = (NULLIF(current_setting('stackmeter.account'::text, true), ''::text))::uuid))
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table invoice_balance
  invoice_id uuid not null
  issuer_id uuid not null
  account_id uuid not null
  currency text not null
  due_date text not null
  open_amount numeric not null
  constraint invoice_balance_open_amount_check CHECK ((open_amount >= (0)::numeric))
  constraint invoice_balance_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint invoice_balance_pkey PRIMARY KEY (invoice_id)
  CREATE INDEX invoice_balance_due ON public.invoice_balance USING btree (due_date) WHERE (open_amount <> (0)::numeric)
  CREATE INDEX invoice_balance_open ON public.invoice_balance USING btree (account_id, due_date) WHERE (open_amount <> (0)::numeric)

table invoice_document
  invoice_id uuid not null
  kind text not null
  media_type text not null
  file_name text not null
  sha256 bytea not null
  content bytea not null
  created_at timestamp with time zone not null
  constraint invoice_document_kind_check CHECK ((kind = ANY (ARRAY['pdf'::text, 'ubl'::text, 'csv'::text])))
  constraint invoice_document_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint invoice_document_pkey PRIMARY KEY (invoice_id, kind)
  CREATE TRIGGER invoice_document_final BEFORE DELETE OR UPDATE ON public.invoice_document FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_document_no_truncate BEFORE TRUNCATE ON public.invoice_document FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table invoice_document_due
  invoice_id uuid not null
  attempts integer not null default 0
  problem text
  next_attempt_at timestamp with time zone not null
  constraint invoice_document_due_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint invoice_document_due_pkey PRIMARY KEY (invoice_id)

table invoice_line row level security
  invoice_id uuid not null
  line integer not null
  account_id uuid not null
  kind text not null
  charge bigint
  term_id uuid
  cancels integer
  customer_subscription_id uuid
  subscription_id uuid
  meter_id text
  description text not null
  service text not null
  unit text not null
  quantity numeric not null
  unit_price numeric
  exact_amount numeric not null
  amount numeric not null
  tax_category text not null
  tax_percent numeric not null
  corrects_period text
  constraint invoice_line_kind_check CHECK ((kind = ANY (ARRAY['usage'::text, 'correction'::text, 'fee'::text, 'discount'::text, 'credit'::text, 'commitment'::text, 'cancellation'::text])))
  constraint invoice_line_line_check CHECK ((line > 0))
  constraint invoice_line_charge_fkey FOREIGN KEY (charge) REFERENCES charge(charge)
  constraint invoice_line_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint invoice_line_term_id_fkey FOREIGN KEY (term_id) REFERENCES account_term(term_id)
  constraint invoice_line_pkey PRIMARY KEY (invoice_id, line)
  CREATE INDEX invoice_line_by_charge ON public.invoice_line USING btree (charge) WHERE (charge IS NOT NULL)
  CREATE INDEX invoice_line_by_term ON public.invoice_line USING btree (term_id) WHERE (term_id IS NOT NULL)
  CREATE INDEX invoice_line_of_terms ON public.invoice_line USING btree (invoice_id) WHERE (term_id IS NOT NULL)
  CREATE TRIGGER invoice_line_final BEFORE DELETE OR UPDATE ON public.invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_line_no_truncate BEFORE TRUNCATE ON public.invoice_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  policy account for select to stackmeter_customer_reader using ((account_id = (NULLIF(current_setting('stackmeter.account'::text, true), ''::text))::uuid))
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table invoice_series
  issuer_id uuid not null
  series text not null
  next_number integer not null
  constraint invoice_series_next_number_check CHECK ((next_number > 0))
  constraint invoice_series_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES billing_account(account_id)
  constraint invoice_series_pkey PRIMARY KEY (issuer_id, series)

table invoice_tax
  invoice_id uuid not null
  category text not null
  percent numeric not null
  base numeric not null
  amount numeric not null
  reason text
  constraint invoice_tax_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint invoice_tax_pkey PRIMARY KEY (invoice_id, category, percent)
  CREATE TRIGGER invoice_tax_final BEFORE DELETE OR UPDATE ON public.invoice_tax FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_tax_no_truncate BEFORE TRUNCATE ON public.invoice_tax FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table ledger_entry
  entry bigint not null generated always as identity
  book uuid not null
  kind text not null
  reference text not null
  occurred_at timestamp with time zone not null
  constraint ledger_entry_kind_check CHECK ((kind = ANY (ARRAY['usage'::text, 'rerating'::text, 'invoice'::text, 'credit-note'::text, 'debit-note'::text, 'payment'::text, 'write-off'::text])))
  constraint ledger_entry_book_fkey FOREIGN KEY (book) REFERENCES billing_account(account_id)
  constraint ledger_entry_pkey PRIMARY KEY (entry)
  constraint ledger_entry_balanced TRIGGER DEFERRABLE INITIALLY DEFERRED
  CREATE INDEX ledger_entry_by_book ON public.ledger_entry USING btree (book, entry)
  CREATE INDEX ledger_entry_by_reference ON public.ledger_entry USING btree (reference)
  CREATE TRIGGER ledger_entry_append_only BEFORE DELETE OR UPDATE ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance()
  CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table ledger_posting
  entry bigint not null
  posting integer not null
  account text not null
  party uuid not null
  currency text not null
  amount numeric not null
  constraint ledger_posting_account_check CHECK ((account = ANY (ARRAY['unbilled'::text, 'receivable'::text, 'revenue'::text, 'fees'::text, 'commitments'::text, 'discounts'::text, 'credits'::text, 'tax'::text, 'rounding'::text, 'cash'::text])))
  constraint ledger_posting_amount_check CHECK ((amount <> (0)::numeric))
  constraint ledger_posting_posting_check CHECK ((posting > 0))
  constraint ledger_posting_entry_fkey FOREIGN KEY (entry) REFERENCES ledger_entry(entry)
  constraint ledger_posting_party_fkey FOREIGN KEY (party) REFERENCES billing_account(account_id)
  constraint ledger_posting_pkey PRIMARY KEY (entry, posting)
  constraint ledger_posting_balanced TRIGGER DEFERRABLE INITIALLY DEFERRED
  CREATE INDEX ledger_posting_by_party ON public.ledger_posting USING btree (party, account, currency) INCLUDE (amount)
  CREATE TRIGGER ledger_posting_append_only BEFORE DELETE OR UPDATE ON public.ledger_posting FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON public.ledger_posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance()
  CREATE TRIGGER ledger_posting_no_truncate BEFORE TRUNCATE ON public.ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table long_operation
  operation_id uuid not null
  kind text not null
  input jsonb not null
  subscription_id uuid not null
  principal_kind text not null
  principal_id uuid not null
  principal_tenant_id uuid not null
  status text not null default 'InProgress'::text
  attempts integer not null default 0
  started_at timestamp with time zone not null
  ended_at timestamp with time zone
  error_code text
  error_message text
  constraint long_operation_check CHECK (((status = 'InProgress'::text) = (ended_at IS NULL)))
  constraint long_operation_check1 CHECK (((status = 'Failed'::text) = ((error_code IS NOT NULL) AND (error_message IS NOT NULL))))
  constraint long_operation_principal_kind_check CHECK ((principal_kind = ANY (ARRAY['client'::text, 'user'::text, 'external'::text])))
  constraint long_operation_status_check CHECK ((status = ANY (ARRAY['InProgress'::text, 'Succeeded'::text, 'Failed'::text])))
  constraint long_operation_pkey PRIMARY KEY (operation_id)
  CREATE INDEX long_operation_in_progress ON public.long_operation USING btree (started_at) WHERE (status = 'InProgress'::text)

table mail_message
  message_id uuid not null
  message_domain text
  account_id uuid not null
  recipient text not null
  template text not null
  language text not null
  subject text not null
  body_text text not null
  body_html text not null
  occurred_at timestamp with time zone not null
  state text not null
  attempts integer not null default 0
  next_attempt_at timestamp with time zone
  last_status integer
  last_problem text
  sent_at timestamp with time zone
  constraint mail_message_check CHECK (((state = 'Pending'::text) = (next_attempt_at IS NOT NULL)))
  constraint mail_message_check1 CHECK (((state = 'Sent'::text) = (sent_at IS NOT NULL)))
  constraint mail_message_language_check CHECK ((language = ANY (ARRAY['en'::text, 'fr'::text])))
  constraint mail_message_state_check CHECK ((state = ANY (ARRAY['Pending'::text, 'Sent'::text, 'Dead'::text, 'Undeliverable'::text])))
  constraint mail_message_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint mail_message_pkey PRIMARY KEY (message_id)
  CREATE INDEX mail_message_by_account ON public.mail_message USING btree (account_id, occurred_at)
  CREATE INDEX mail_message_by_time ON public.mail_message USING btree (occurred_at, message_id)
  CREATE INDEX mail_message_due ON public.mail_message USING btree (next_attempt_at) WHERE (state = 'Pending'::text)
  CREATE INDEX mail_message_unsent ON public.mail_message USING btree (state, occurred_at) WHERE (state <> 'Sent'::text)

table meter
  meter smallint not null generated always as identity
  meter_id text not null
  meter_key text not null
  name text not null
  unit text not null
  unit_kind text not null
  resource_provider text not null
  category text not null
  origin text not null
  constraint meter_check CHECK ((meter_key = lower(meter_id)))
  constraint meter_origin_check CHECK ((origin = ANY (ARRAY['reference'::text, 'operator'::text])))
  constraint meter_pkey PRIMARY KEY (meter)
  constraint meter_meter_key_key UNIQUE (meter_key)
  CREATE TRIGGER meter_version AFTER INSERT OR DELETE OR UPDATE ON public.meter FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table meter_spelling
  spelling integer not null generated always as identity
  meter smallint not null
  spelled text not null
  constraint meter_spelling_meter_fkey FOREIGN KEY (meter) REFERENCES meter(meter)
  constraint meter_spelling_pkey PRIMARY KEY (spelling)
  constraint meter_spelling_spelled_key UNIQUE (spelled)
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table offer
  offer_key uuid not null default gen_random_uuid()
  provider_subscription_id uuid not null
  resource_group text not null
  name text not null
  display_name text not null
  description text not null default ''::text
  external_reference_id text not null default ''::text
  state text not null
  max_subscriptions_per_account integer not null default 0
  location text
  source_offer_key uuid
  delegation_name text
  root_offer_key uuid not null
  created_at timestamp with time zone not null
  constraint offer_check CHECK (((delegation_name IS NULL) = (source_offer_key IS NULL)))
  constraint offer_check1 CHECK (((source_offer_key IS NULL) = (root_offer_key = offer_key)))
  constraint offer_max_subscriptions_per_account_check CHECK ((max_subscriptions_per_account >= 0))
  constraint offer_state_check1 CHECK ((state = ANY (ARRAY['Private'::text, 'Public'::text, 'Decommissioned'::text])))
  constraint offer_provider_subscription_id_fkey FOREIGN KEY (provider_subscription_id) REFERENCES subscription(subscription_id)
  constraint offer_root_offer_key_fkey FOREIGN KEY (root_offer_key) REFERENCES offer(offer_key)
  constraint offer_source_offer_key_fkey FOREIGN KEY (source_offer_key) REFERENCES offer(offer_key)
  constraint offer_pkey PRIMARY KEY (offer_key)
  CREATE INDEX offer_by_root ON public.offer USING btree (root_offer_key)
  CREATE UNIQUE INDEX offer_delegation_name ON public.offer USING btree (source_offer_key, lower(delegation_name))
  CREATE UNIQUE INDEX offer_name ON public.offer USING btree (provider_subscription_id, lower(name))

table offer_plan
  offer_key uuid not null
  plan_key uuid not null
  kind text not null
  max_acquisition_count integer not null default 1
  position smallint not null
  constraint offer_plan_kind_check CHECK ((kind = ANY (ARRAY['base'::text, 'addon'::text])))
  constraint offer_plan_max_acquisition_count_check CHECK ((max_acquisition_count >= 0))
  constraint offer_plan_offer_key_fkey FOREIGN KEY (offer_key) REFERENCES offer(offer_key) ON DELETE CASCADE
  constraint offer_plan_plan_key_fkey FOREIGN KEY (plan_key) REFERENCES plan(plan_key)
  constraint offer_plan_pkey PRIMARY KEY (offer_key, plan_key)
  CREATE INDEX offer_plan_by_plan ON public.offer_plan USING btree (plan_key)

table payment
  payment_id uuid not null
  issuer_id uuid not null
  account_id uuid not null
  currency text not null
  amount numeric not null
  received_on text not null
  reference text not null
  created_at timestamp with time zone not null
  constraint payment_amount_check CHECK ((amount <> (0)::numeric))
  constraint payment_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing_account(account_id)
  constraint payment_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES billing_account(account_id)
  constraint payment_pkey PRIMARY KEY (payment_id)
  constraint payment_issuer_id_account_id_reference_key UNIQUE (issuer_id, account_id, reference)
  CREATE INDEX payment_by_account ON public.payment USING btree (account_id, created_at)

table payment_allocation
  payment_id uuid not null
  invoice_id uuid not null
  amount numeric not null
  constraint payment_allocation_amount_check CHECK ((amount <> (0)::numeric))
  constraint payment_allocation_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint payment_allocation_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(payment_id)
  constraint payment_allocation_pkey PRIMARY KEY (payment_id, invoice_id)
  CREATE INDEX payment_allocation_by_invoice ON public.payment_allocation USING btree (invoice_id)

table period_exchange_rate
  period integer not null
  from_currency text not null
  rate numeric not null
  constraint period_exchange_rate_rate_check CHECK ((rate > (0)::numeric))
  constraint period_exchange_rate_period_fkey FOREIGN KEY (period) REFERENCES billing_period(period)
  constraint period_exchange_rate_pkey PRIMARY KEY (period, from_currency)

table plan
  plan_key uuid not null default gen_random_uuid()
  resource_group text not null
  name text not null
  display_name text not null
  description text not null default ''::text
  external_reference_id text not null default ''::text
  location text
  quota_ids text[] not null default '{}'::text[]
  created_at timestamp with time zone not null
  constraint plan_pkey PRIMARY KEY (plan_key)
  CREATE UNIQUE INDEX plan_name ON public.plan USING btree (lower(name))

table price_change
  change bigint not null generated always as identity
  account_id uuid
  price_list_id text
  alone boolean not null default false
  from_hour integer not null
  reason text not null
  created_at timestamp with time zone not null
  constraint price_change_check CHECK (((account_id IS NULL) <> (price_list_id IS NULL)))
  constraint price_change_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(price_list_id)
  constraint price_change_pkey PRIMARY KEY (change)

table price_list
  price_list_id text not null
  name text not null
  currency text not null
  created_at timestamp with time zone not null
  constraint price_list_pkey PRIMARY KEY (price_list_id)

table price_list_version
  price_list_id text not null
  version integer not null
  effective_from integer not null
  sample boolean not null
  note text not null
  content text not null
  published_at timestamp with time zone not null
  constraint price_list_version_version_check CHECK ((version > 0))
  constraint price_list_version_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(price_list_id)
  constraint price_list_version_pkey PRIMARY KEY (price_list_id, version)
  CREATE TRIGGER price_list_version_append_only BEFORE DELETE OR UPDATE ON public.price_list_version FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER price_list_version_no_truncate BEFORE TRUNCATE ON public.price_list_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table price_plan
  plan integer not null generated always as identity
  price_list_id text
  price_list_version integer
  problem text
  effective_from integer not null
  factor numeric not null
  exchange_rate numeric not null
  chain text not null
  digest bytea not null
  constraint price_plan_check CHECK (((problem IS NULL) = (price_list_id IS NOT NULL)))
  constraint price_plan_exchange_rate_check CHECK ((exchange_rate > (0)::numeric))
  constraint price_plan_factor_check CHECK ((factor >= (0)::numeric))
  constraint price_plan_price_list_id_price_list_version_fkey FOREIGN KEY (price_list_id, price_list_version) REFERENCES price_list_version(price_list_id, version)
  constraint price_plan_pkey PRIMARY KEY (plan)
  constraint price_plan_digest_key UNIQUE (digest)
  grant select to stackmeter_customer_reader

table principal
  principal_id uuid not null
  kind text not null
  tenant_id uuid not null
  name text not null
  created_at timestamp with time zone not null
  disabled_at timestamp with time zone
  constraint principal_kind_check CHECK ((kind = ANY (ARRAY['client'::text, 'user'::text])))
  constraint principal_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory_tenant(tenant_id)
  constraint principal_pkey PRIMARY KEY (principal_id)
  CREATE TRIGGER principal_version AFTER INSERT OR DELETE OR UPDATE ON public.principal FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table quarantine
  quarantine_id bigint not null generated always as identity
  first_received_at timestamp with time zone not null
  last_received_at timestamp with time zone not null
  occurrences bigint not null default 1
  principal_id uuid not null
  code text not null
  message text not null
  source text
  record_id text
  body bytea not null
  fingerprint uuid not null
  state text not null default 'held'::text
  resolved_at timestamp with time zone
  resolved_by uuid
  resolution text
  constraint quarantine_check CHECK (((state = 'held'::text) = (resolved_at IS NULL)))
  constraint quarantine_state_check CHECK ((state = ANY (ARRAY['held'::text, 'replayed'::text, 'discarded'::text])))
  constraint quarantine_pkey PRIMARY KEY (quarantine_id)
  CREATE INDEX quarantine_by_state ON public.quarantine USING btree (state, quarantine_id)
  CREATE UNIQUE INDEX quarantine_held ON public.quarantine USING btree (fingerprint) WHERE (state = 'held'::text)

table rated_change
  charge bigint not null
  usage_day integer
  CREATE INDEX rated_change_by_charge ON public.rated_change USING btree (charge)

table rated_line with (fillfactor=60) row level security
  account_id uuid not null
  charge bigint not null
  usage_day integer not null
  resource_key uuid not null
  quantity numeric not null
  rows integer not null
  first_reported integer not null
  last_reported integer not null
  constraint rated_line_pkey PRIMARY KEY (charge, usage_day, resource_key)
  CREATE INDEX rated_line_by_account ON public.rated_line USING btree (account_id, usage_day, resource_key)
  policy account for select to stackmeter_customer_reader using ((account_id = (NULLIF(current_setting('stackmeter.account'::text, true), ''::text))::uuid))
  policy feed for select to stackmeter_feed_reader using ((account_id = ANY (( SELECT feed_account_ids() AS feed_account_ids)::uuid[])))
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table rated_line_version
  run bigint not null
  charge bigint not null
  usage_day integer not null
  resource_key uuid not null
  quantity numeric not null
  rows integer not null
  first_reported integer not null
  last_reported integer not null
  constraint rated_line_version_run_fkey FOREIGN KEY (run) REFERENCES rating_run(run)
  constraint rated_line_version_pkey PRIMARY KEY (run, charge, usage_day, resource_key)
  CREATE TRIGGER rated_line_version_append_only BEFORE DELETE OR UPDATE ON public.rated_line_version FOR EACH ROW EXECUTE FUNCTION refuse_change()

table rating_progress
  registration_number integer not null
  last_window integer not null
  constraint rating_progress_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint rating_progress_pkey PRIMARY KEY (registration_number)

table rating_run
  run bigint not null generated always as identity
  kind text not null
  reason text not null
  started_at timestamp with time zone not null
  constraint rating_run_kind_check CHECK ((kind = ANY (ARRAY['incremental'::text, 'rerating'::text])))
  constraint rating_run_pkey PRIMARY KEY (run)

table received_window
  registration_number integer not null
  reported_hour integer not null
  batches integer not null
  rows bigint not null
  content text not null
  previous_hash bytea not null
  hash bytea not null
  accepted_at timestamp with time zone not null
  constraint received_window_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint received_window_pkey PRIMARY KEY (registration_number, reported_hour)
  CREATE TRIGGER received_window_append_only BEFORE DELETE OR UPDATE ON public.received_window FOR EACH ROW EXECUTE FUNCTION refuse_received_window_change()
  CREATE TRIGGER received_window_no_truncate BEFORE TRUNCATE ON public.received_window FOR EACH STATEMENT EXECUTE FUNCTION refuse_received_window_change()

table record_identity
  record_key uuid not null
  content uuid not null
  constraint record_identity_pkey PRIMARY KEY (record_key)

table registration
  registration_id uuid not null
  registration_number integer not null generated always as identity
  subscription_id uuid not null
  resource_group text not null
  name text not null
  cloud_id uuid not null
  billing_model text not null
  usage_reporting boolean not null
  marketplace_syndication boolean not null
  agreement_number text
  asset_tag text
  principal_id uuid not null
  token_issued_at timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone
  state text not null default 'Active'::text
  etag uuid not null
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  expires_at timestamp with time zone
  removed_at timestamp with time zone
  constraint registration_billing_model_check CHECK ((billing_model = ANY (ARRAY['PayAsYouUse'::text, 'Capacity'::text, 'Development'::text, 'Custom'::text, 'Ruggedized'::text])))
  constraint registration_check CHECK (((state = 'Removed'::text) = (removed_at IS NOT NULL)))
  constraint registration_state_check CHECK ((state = ANY (ARRAY['Active'::text, 'Reset'::text, 'Removed'::text])))
  constraint registration_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES commerce_subscription(subscription_id)
  constraint registration_pkey PRIMARY KEY (registration_id)
  constraint registration_registration_number_key UNIQUE (registration_number)
  CREATE INDEX registration_by_principal ON public.registration USING btree (principal_id)
  CREATE UNIQUE INDEX registration_cloud ON public.registration USING btree (cloud_id) WHERE (state <> 'Removed'::text)
  CREATE UNIQUE INDEX registration_name ON public.registration USING btree (subscription_id, lower(name)) WHERE (state <> 'Removed'::text)

table registration_base
  registration_number integer not null
  subscription_id uuid not null
  constraint registration_base_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint registration_base_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES commerce_subscription(subscription_id)
  constraint registration_base_pkey PRIMARY KEY (subscription_id, registration_number)
  CREATE INDEX registration_base_by_number ON public.registration_base USING btree (registration_number)

table reminder
  invoice_id uuid not null
  level integer not null
  created_at timestamp with time zone not null
  constraint reminder_level_check CHECK ((level > 0))
  constraint reminder_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(invoice_id)
  constraint reminder_pkey PRIMARY KEY (invoice_id, level)

table reported_batch
  registration_number integer not null
  reported_hour integer not null
  sequence integer not null
  rows integer not null
  digest bytea not null
  received_at timestamp with time zone not null
  constraint reported_batch_rows_check CHECK ((rows > 0))
  constraint reported_batch_sequence_check CHECK ((sequence > 0))
  constraint reported_batch_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint reported_batch_pkey PRIMARY KEY (registration_number, reported_hour, sequence)

table reported_resource row level security
  customer_subscription_id uuid not null
  resource_key uuid not null
  subscription_id uuid not null
  resource_uri text not null
  location text not null
  tags text not null
  additional_info text not null
  constraint reported_resource_pkey PRIMARY KEY (customer_subscription_id, resource_key)
  policy customer for select to stackmeter_customer_reader using ((customer_subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  policy feed for select to stackmeter_feed_reader using ((customer_subscription_id IN ( SELECT a.subscription_id
   FROM billing_account a)))
  grant select to stackmeter_customer_reader
  grant select to stackmeter_feed_reader

table reported_usage partition by RANGE (reported_hour) row level security
  registration_number integer not null
  reported_hour integer not null
  subscription_id uuid not null
  usage_hour integer not null
  resource_key uuid not null
  meter integer not null
  sequence integer not null
  quantity numeric not null
  tenant_id uuid not null
  mapping integer
  customer_subscription_id uuid not null
  billable boolean not null
  constraint reported_usage_pkey PRIMARY KEY (reported_hour, registration_number, subscription_id, usage_hour, resource_key, meter)
  CREATE INDEX reported_usage_by_customer ON ONLY public.reported_usage USING btree (customer_subscription_id, reported_hour, usage_hour, resource_key, meter)
  policy customer for select to stackmeter_customer_reader using ((customer_subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_customer_reader

table reported_window
  granularity text not null
  number integer not null
  state text not null
  origin text not null
  opened_at timestamp with time zone not null
  closed_at timestamp with time zone
  expired_at timestamp with time zone
  records_expired_at timestamp with time zone
  rows bigint
  records bigint
  quantity numeric
  hash numeric
  constraint reported_window_check CHECK (((state = 'closed'::text) = ((closed_at IS NOT NULL) AND (rows IS NOT NULL) AND (records IS NOT NULL) AND (quantity IS NOT NULL) AND (hash IS NOT NULL))))
  constraint reported_window_granularity_check CHECK ((granularity = ANY (ARRAY['hour'::text, 'day'::text])))
  constraint reported_window_origin_check CHECK ((origin = ANY (ARRAY['own'::text, 'imported'::text])))
  constraint reported_window_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closing'::text, 'closed'::text])))
  constraint reported_window_pkey PRIMARY KEY (granularity, number)
  CREATE INDEX reported_window_expired ON public.reported_window USING btree (granularity, number) WHERE (expired_at IS NOT NULL)
  CREATE INDEX reported_window_not_closed ON public.reported_window USING btree (granularity, number) WHERE (state <> 'closed'::text)
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table reporting_period
  registration_number integer not null
  from_window integer not null
  next_window integer not null
  started_at timestamp with time zone not null
  ended_at timestamp with time zone
  end_reason text
  constraint reporting_period_check CHECK ((next_window >= from_window))
  constraint reporting_period_check1 CHECK (((ended_at IS NULL) = (end_reason IS NULL)))
  constraint reporting_period_end_reason_check CHECK ((end_reason = ANY (ARRAY['ReportingOff'::text, 'Removed'::text])))
  constraint reporting_period_registration_number_fkey FOREIGN KEY (registration_number) REFERENCES registration(registration_number)
  constraint reporting_period_pkey PRIMARY KEY (registration_number, from_window)
  CREATE UNIQUE INDEX reporting_period_open ON public.reporting_period USING btree (registration_number) WHERE (ended_at IS NULL)

table resource row level security
  subscription_id uuid not null
  resource_key uuid not null
  resource_uri text not null
  location text not null
  tags text not null
  additional_info text not null
  constraint resource_pkey PRIMARY KEY (subscription_id, resource_key)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR ((subscription_id, resource_key) IN ( SELECT r.subscription_id,
    r.resource_key
   FROM analysis_resources() r(subscription_id, resource_key)))))
  policy resource_group for select to stackmeter_group_reader using (((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid) AND (resource_key IN ( SELECT visible_resources() AS visible_resources))))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table role_assignment
  assignment_id uuid not null
  principal_id uuid not null
  principal_tenant_id uuid not null
  principal_type text not null
  role text not null
  scope text not null
  providers text[]
  created_at timestamp with time zone not null
  created_by uuid
  constraint role_assignment_principal_type_check CHECK ((principal_type = ANY (ARRAY['ServicePrincipal'::text, 'User'::text, 'Unknown'::text])))
  constraint role_assignment_role_check1 CHECK ((role = ANY (ARRAY['Operator'::text, 'DelegatedProvider'::text, 'Owner'::text, 'Contributor'::text, 'Reader'::text, 'BillingReader'::text, 'Auditor'::text, 'Emitter'::text])))
  constraint role_assignment_scope_check1 CHECK (((scope = '/'::text) OR (scope ~ '^/subscriptions/[0-9a-f-]{36}(/resourceGroups/[^/A-Z]+)?$'::text)))
  constraint role_assignment_pkey PRIMARY KEY (assignment_id)
  constraint role_assignment_principal_id_principal_tenant_id_role_scope_key UNIQUE (principal_id, principal_tenant_id, role, scope)
  CREATE INDEX role_assignment_by_scope ON public.role_assignment USING btree (scope)
  CREATE TRIGGER role_assignment_version AFTER INSERT OR DELETE OR UPDATE ON public.role_assignment FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()

table schema_migration
  number integer not null
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null
  constraint schema_migration_pkey PRIMARY KEY (number)

table signing_key
  name text not null
  value bytea not null
  constraint signing_key_pkey PRIMARY KEY (name)

table stamp_identity
  singleton boolean not null default true
  cloud_id uuid not null
  constraint stamp_identity_singleton_check CHECK (singleton)
  constraint stamp_identity_pkey PRIMARY KEY (singleton)

table stamp_state
  singleton boolean not null default true
  open_hour integer
  first_hour integer
  constraint stamp_state_singleton_check CHECK (singleton)
  constraint stamp_state_pkey PRIMARY KEY (singleton)
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table statement_key
  kid text not null
  private_jwk text not null
  public_jwk text not null
  created_at timestamp with time zone not null
  constraint statement_key_pkey PRIMARY KEY (kid)

table subscription row level security
  subscription_id uuid not null
  display_name text not null
  owner text not null
  tenant_id uuid not null
  delegated_provider_subscription_id uuid
  routing_resource_manager_type text not null default 'Default'::text
  state text not null default 'Enabled'::text
  origin text not null default 'created'::text
  created_at timestamp with time zone not null
  offer_key uuid
  external_reference_id text
  owner_principal_id uuid
  constraint subscription_origin_check CHECK ((origin = ANY (ARRAY['created'::text, 'imported'::text, 'simulated'::text])))
  constraint subscription_routing_resource_manager_type_check CHECK ((routing_resource_manager_type = ANY (ARRAY['Default'::text, 'Admin'::text])))
  constraint subscription_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text, 'Deleting'::text, 'PartiallyDeleted'::text, 'Deleted'::text, 'Warned'::text, 'PastDue'::text])))
  constraint subscription_delegated_provider_subscription_id_fkey FOREIGN KEY (delegated_provider_subscription_id) REFERENCES subscription(subscription_id)
  constraint subscription_offer_key_fkey FOREIGN KEY (offer_key) REFERENCES offer(offer_key)
  constraint subscription_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory_tenant(tenant_id)
  constraint subscription_pkey PRIMARY KEY (subscription_id)
  CREATE INDEX subscription_by_offer ON public.subscription USING btree (offer_key)
  CREATE INDEX subscription_by_provider ON public.subscription USING btree (delegated_provider_subscription_id)
  CREATE UNIQUE INDEX subscription_root ON public.subscription USING btree ((true)) WHERE (delegated_provider_subscription_id IS NULL)
  CREATE TRIGGER subscription_claimed BEFORE INSERT ON public.subscription FOR EACH ROW EXECUTE FUNCTION claim_subscription_id('stamp')
  CREATE TRIGGER subscription_state_version AFTER UPDATE ON public.subscription FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION bump_directory_version()
  CREATE TRIGGER subscription_version AFTER INSERT OR DELETE ON public.subscription FOR EACH STATEMENT EXECUTE FUNCTION bump_directory_version()
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR (subscription_id IN ( SELECT ((seen.value ->> 0))::uuid AS uuid
   FROM jsonb_array_elements((analysis_reach() -> 'groups'::text)) seen(value)))))

table subscription_claim
  subscription_id uuid not null
  wing text not null
  constraint subscription_claim_wing_check CHECK ((wing = ANY (ARRAY['stamp'::text, 'commerce'::text])))
  constraint subscription_claim_pkey PRIMARY KEY (subscription_id)

table tax_rate
  tax_rate integer not null generated always as identity
  seller_country text not null
  buyer_country text not null
  business_only boolean not null
  category text not null
  percent numeric not null
  reason text
  from_day integer not null
  created_at timestamp with time zone not null
  constraint tax_rate_category_check CHECK ((category = ANY (ARRAY['S'::text, 'Z'::text, 'E'::text, 'AE'::text, 'G'::text, 'O'::text])))
  constraint tax_rate_check CHECK (((percent >= (0)::numeric) AND (percent <= (100)::numeric) AND ((percent > (0)::numeric) = (category = 'S'::text))))
  constraint tax_rate_check1 CHECK (((category = ANY (ARRAY['S'::text, 'Z'::text])) OR (reason IS NOT NULL)))
  constraint tax_rate_pkey PRIMARY KEY (tax_rate)

table usage_daily partition by RANGE (reported_day) row level security
  reported_day integer not null
  subscription_id uuid not null
  usage_day integer not null
  resource_key uuid not null
  meter smallint not null
  spelling integer not null
  records integer not null
  quantity numeric not null
  constraint usage_daily_pkey PRIMARY KEY (reported_day, subscription_id, usage_day, resource_key, meter)
  CREATE INDEX usage_daily_by_subscription ON ONLY public.usage_daily USING btree (subscription_id, reported_day, usage_day, resource_key, meter)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR ((subscription_id, resource_key) IN ( SELECT r.subscription_id,
    r.resource_key
   FROM analysis_resources() r(subscription_id, resource_key)))))
  policy resource_group for select to stackmeter_group_reader using (((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid) AND (resource_key IN ( SELECT visible_resources() AS visible_resources))))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table usage_days_by_meter with (fillfactor=50) row level security
  meter smallint not null
  month integer not null
  location text not null
  total numeric not null
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint usage_days_by_meter_pkey PRIMARY KEY (meter, month, location)
  policy reach for select to stackmeter_analysis_reader using (( SELECT analysis_reaches_all() AS analysis_reaches_all))
  grant select to stackmeter_analysis_reader

table usage_days_by_place with (fillfactor=50) row level security
  meter smallint not null
  month integer not null
  place integer not null
  subscription_id uuid not null
  total numeric not null
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint usage_days_by_place_pkey PRIMARY KEY (meter, month, place)
  CREATE INDEX usage_days_by_place_first ON public.usage_days_by_place USING btree (place, meter, month)
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR (place IN ( SELECT analysis_places() AS analysis_places))))
  grant select to stackmeter_analysis_reader

table usage_days_by_subscription with (fillfactor=50) row level security
  meter smallint not null
  month integer not null
  subscription_id uuid not null
  location text not null
  total numeric not null
  d1 numeric
  d2 numeric
  d3 numeric
  d4 numeric
  d5 numeric
  d6 numeric
  d7 numeric
  d8 numeric
  d9 numeric
  d10 numeric
  d11 numeric
  d12 numeric
  d13 numeric
  d14 numeric
  d15 numeric
  d16 numeric
  d17 numeric
  d18 numeric
  d19 numeric
  d20 numeric
  d21 numeric
  d22 numeric
  d23 numeric
  d24 numeric
  d25 numeric
  d26 numeric
  d27 numeric
  d28 numeric
  d29 numeric
  d30 numeric
  d31 numeric
  constraint usage_days_by_subscription_pkey PRIMARY KEY (meter, month, subscription_id, location)
  CREATE INDEX usage_days_by_subscription_first ON public.usage_days_by_subscription USING btree (subscription_id, month)
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions))))
  grant select to stackmeter_analysis_reader

table usage_hourly partition by RANGE (reported_hour) row level security
  reported_hour integer not null
  subscription_id uuid not null
  usage_hour integer not null
  resource_key uuid not null
  meter smallint not null
  spelling integer not null
  records integer not null
  quantity numeric not null
  constraint usage_hourly_pkey PRIMARY KEY (reported_hour, subscription_id, usage_hour, resource_key, meter)
  CREATE INDEX usage_hourly_by_subscription ON ONLY public.usage_hourly USING btree (subscription_id, reported_hour, usage_hour, resource_key, meter)
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR ((subscription_id, resource_key) IN ( SELECT r.subscription_id,
    r.resource_key
   FROM analysis_resources() r(subscription_id, resource_key)))))
  policy resource_group for select to stackmeter_group_reader using (((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid) AND (resource_key IN ( SELECT visible_resources() AS visible_resources))))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_analysis_reader
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table usage_hours_by_meter with (fillfactor=50) row level security
  meter smallint not null
  day integer not null
  location text not null
  h0 numeric
  h1 numeric
  h2 numeric
  h3 numeric
  h4 numeric
  h5 numeric
  h6 numeric
  h7 numeric
  h8 numeric
  h9 numeric
  h10 numeric
  h11 numeric
  h12 numeric
  h13 numeric
  h14 numeric
  h15 numeric
  h16 numeric
  h17 numeric
  h18 numeric
  h19 numeric
  h20 numeric
  h21 numeric
  h22 numeric
  h23 numeric
  constraint usage_hours_by_meter_pkey PRIMARY KEY (meter, day, location)
  policy reach for select to stackmeter_analysis_reader using (( SELECT analysis_reaches_all() AS analysis_reaches_all))
  grant select to stackmeter_analysis_reader

table usage_hours_by_place with (fillfactor=50) row level security
  meter smallint not null
  day integer not null
  place integer not null
  subscription_id uuid not null
  h0 numeric
  h1 numeric
  h2 numeric
  h3 numeric
  h4 numeric
  h5 numeric
  h6 numeric
  h7 numeric
  h8 numeric
  h9 numeric
  h10 numeric
  h11 numeric
  h12 numeric
  h13 numeric
  h14 numeric
  h15 numeric
  h16 numeric
  h17 numeric
  h18 numeric
  h19 numeric
  h20 numeric
  h21 numeric
  h22 numeric
  h23 numeric
  constraint usage_hours_by_place_pkey PRIMARY KEY (meter, day, place)
  CREATE INDEX usage_hours_by_place_first ON public.usage_hours_by_place USING btree (place, meter, day)
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR (place IN ( SELECT analysis_places() AS analysis_places))))
  grant select to stackmeter_analysis_reader

table usage_hours_by_subscription with (fillfactor=50) row level security
  meter smallint not null
  day integer not null
  subscription_id uuid not null
  location text not null
  h0 numeric
  h1 numeric
  h2 numeric
  h3 numeric
  h4 numeric
  h5 numeric
  h6 numeric
  h7 numeric
  h8 numeric
  h9 numeric
  h10 numeric
  h11 numeric
  h12 numeric
  h13 numeric
  h14 numeric
  h15 numeric
  h16 numeric
  h17 numeric
  h18 numeric
  h19 numeric
  h20 numeric
  h21 numeric
  h22 numeric
  h23 numeric
  constraint usage_hours_by_subscription_pkey PRIMARY KEY (meter, day, subscription_id, location)
  CREATE INDEX usage_hours_by_subscription_first ON public.usage_hours_by_subscription USING btree (subscription_id, day)
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions))))
  grant select to stackmeter_analysis_reader

table usage_place row level security
  place integer not null generated always as identity
  subscription_id uuid not null
  resource_key uuid not null
  resource uuid not null
  uri_key text not null
  name text not null
  name_key text not null
  resource_group text not null
  resource_group_id uuid not null
  resource_group_name text not null
  resource_type text not null
  resource_type_name text not null
  location text not null
  tags jsonb not null
  constraint usage_place_pkey PRIMARY KEY (place)
  constraint usage_place_subscription_id_resource_key_key UNIQUE (subscription_id, resource_key)
  CREATE INDEX usage_place_by_group ON public.usage_place USING btree (resource_group_id)
  CREATE INDEX usage_place_by_resource ON public.usage_place USING btree (resource)
  CREATE INDEX usage_place_by_subscription ON public.usage_place USING btree (subscription_id, resource_group)
  policy reach for select to stackmeter_analysis_reader using ((( SELECT analysis_reaches_all() AS analysis_reaches_all) OR (subscription_id IN ( SELECT analysis_subscriptions() AS analysis_subscriptions)) OR (place IN ( SELECT analysis_places() AS analysis_places))))
  grant select to stackmeter_analysis_reader

table usage_record partition by RANGE (reported_hour) row level security
  reported_hour integer not null
  usage_hour integer not null
  usage_start timestamp with time zone not null
  usage_end timestamp with time zone not null
  subscription_id uuid not null
  resource_key uuid not null
  record_key uuid not null
  spelling integer not null
  quantity numeric not null
  CREATE INDEX usage_record_reported ON ONLY public.usage_record USING brin (reported_hour) WITH (pages_per_range='32')
  policy provider for select to stackmeter_provider_reader using ((subscription_id IN ( SELECT visible_subscriptions() AS visible_subscriptions)))
  policy resource_group for select to stackmeter_group_reader using (((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid) AND (resource_key IN ( SELECT visible_resources() AS visible_resources))))
  policy tenant for select to stackmeter_tenant_reader using ((subscription_id = (NULLIF(current_setting('stackmeter.subscription'::text, true), ''::text))::uuid))
  grant select to stackmeter_group_reader
  grant select to stackmeter_provider_reader
  grant select to stackmeter_tenant_reader

table usage_summarized
  reported_hour integer not null
  constraint usage_summarized_pkey PRIMARY KEY (reported_hour)
  grant select to stackmeter_analysis_reader

table user_account
  principal_id uuid not null
  user_name text not null
  password_hash text not null
  constraint user_account_principal_id_fkey FOREIGN KEY (principal_id) REFERENCES principal(principal_id) ON DELETE CASCADE
  constraint user_account_pkey PRIMARY KEY (principal_id)
  CREATE UNIQUE INDEX user_account_name ON public.user_account USING btree (lower(user_name))

table webhook_delivery
  message_id uuid not null
  endpoint_id uuid not null
  state text not null
  attempts integer not null default 0
  next_attempt_at timestamp with time zone
  last_status integer
  last_problem text
  delivered_at timestamp with time zone
  constraint webhook_delivery_check CHECK (((state = 'Pending'::text) = (next_attempt_at IS NOT NULL)))
  constraint webhook_delivery_state_check CHECK ((state = ANY (ARRAY['Pending'::text, 'Delivered'::text, 'Dead'::text])))
  constraint webhook_delivery_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint(endpoint_id) ON DELETE CASCADE
  constraint webhook_delivery_message_id_fkey FOREIGN KEY (message_id) REFERENCES webhook_message(message_id) ON DELETE CASCADE
  constraint webhook_delivery_pkey PRIMARY KEY (endpoint_id, message_id)
  CREATE INDEX webhook_delivery_by_message ON public.webhook_delivery USING btree (message_id)
  CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (next_attempt_at) WHERE (state = 'Pending'::text)

table webhook_endpoint
  endpoint_id uuid not null
  account_id uuid not null
  url text not null
  ca text
  secret bytea not null
  previous_secret bytea
  previous_until timestamp with time zone
  event_types text[] not null
  state text not null
  description text not null
  created_at timestamp with time zone not null
  constraint webhook_endpoint_state_check CHECK ((state = ANY (ARRAY['Enabled'::text, 'Disabled'::text])))
  constraint webhook_endpoint_pkey PRIMARY KEY (endpoint_id)

table webhook_message
  message_id uuid not null
  type text not null
  account_ids uuid[] not null
  occurred_at timestamp with time zone not null
  payload text not null
  constraint webhook_message_pkey PRIMARY KEY (message_id)
  CREATE INDEX webhook_message_by_time ON public.webhook_message USING btree (occurred_at)

-- Functions

CREATE OR REPLACE FUNCTION public.analysis_names()
 RETURNS TABLE(subscription_id uuid, name text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
 SET search_path TO '$user', 'public'
AS $function$
begin
  return query
    select s.subscription_id, s.display_name from subscription s
    where analysis_reaches_all()
       or s.subscription_id in (select analysis_subscriptions())
       or s.subscription_id in (
         select (seen ->> 0)::uuid from jsonb_array_elements(analysis_reach() -> 'groups') as seen);
end
$function$
grant execute to stackmeter_analysis_reader

CREATE OR REPLACE FUNCTION public.analysis_places()
 RETURNS SETOF integer
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
 SET search_path TO '$user', 'public'
AS $function$
begin
  return query
    select p.place from jsonb_array_elements(analysis_reach() -> 'groups') as seen
    join usage_place p on p.subscription_id = (seen ->> 0)::uuid and p.resource_group = seen ->> 1;
end
$function$
grant execute to stackmeter_analysis_reader

CREATE OR REPLACE FUNCTION public.analysis_reach()
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(nullif(current_setting('stackmeter.analysis_reach', true), '')::jsonb, '{}')
$function$

CREATE OR REPLACE FUNCTION public.analysis_reaches_all()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO '$user', 'public'
AS $function$
begin
  return coalesce((analysis_reach() ->> 'everywhere')::boolean, false);
end
$function$

CREATE OR REPLACE FUNCTION public.analysis_resources()
 RETURNS TABLE(subscription_id uuid, resource_key uuid)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  return query
    select r.subscription_id, r.resource_key from jsonb_array_elements(analysis_reach() -> 'groups') as seen
    join resource r on r.subscription_id = (seen ->> 0)::uuid
      and lower(split_part(r.resource_uri, '/', 4)) = 'resourcegroups'
      -- as the program writes names of groups for comparing, with one sigma
      and replace(lower(split_part(r.resource_uri, '/', 5)), 'ς', 'σ') = seen ->> 1;
end
$function$
grant execute to stackmeter_analysis_reader

CREATE OR REPLACE FUNCTION public.analysis_subscriptions()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
 SET search_path TO '$user', 'public'
AS $function$
begin
  return query
    select id::uuid from jsonb_array_elements_text(analysis_reach() -> 'subscriptions') as id
    union
    (with recursive tree as (
       select s.subscription_id from subscription s
       where s.delegated_provider_subscription_id in (
         select id::uuid from jsonb_array_elements_text(analysis_reach() -> 'providers') as id)
       union
       select s.subscription_id from subscription s join tree t on s.delegated_provider_subscription_id = t.subscription_id
     ) select t.subscription_id from tree t);
end
$function$
grant execute to stackmeter_analysis_reader

CREATE OR REPLACE FUNCTION public.append_audit_event(event_at timestamp with time zone, actor_kind text, actor_id uuid, actor_tenant_id uuid, actor_name text, action text, target text, detail text, content text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  head audit_head;
  next_number bigint;
  next_hash bytea;
begin
  select * into head from audit_head for update;
  next_number := head.number + 1;
  next_hash := sha256(head.hash || convert_to(next_number || E'\n' || content, 'UTF8'));
  insert into audit_event values (next_number, event_at, actor_kind, actor_id, actor_tenant_id, actor_name,
    action, target, detail, head.hash, next_hash);
  update audit_head set number = next_number, hash = next_hash;
end
$function$

CREATE OR REPLACE FUNCTION public.bump_directory_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update directory_version set version = version + 1;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION public.check_ledger_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  difference record;
begin
  select currency, sum(amount) as amount into difference from ledger_posting
  where entry = new.entry group by currency having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'entry % of the ledger is out of balance by % %', new.entry, difference.amount, difference.currency
      using errcode = 'check_violation';
  end if;
  if tg_table_name = 'ledger_entry' and not exists (select from ledger_posting where entry = new.entry) then
    raise exception 'entry % of the ledger has no postings', new.entry using errcode = 'check_violation';
  end if;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION public.claim_subscription_id()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  holder text;
begin
  insert into subscription_claim values (new.subscription_id, tg_argv[0]) on conflict do nothing;
  select wing into holder from subscription_claim where subscription_id = new.subscription_id;
  if holder <> tg_argv[0] then
    raise exception 'the id % is that of a subscription of the other wing', new.subscription_id using errcode = 'unique_violation';
  end if;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION public.ensure_reported_partition(hour integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  month date := date_trunc('month', date '1970-01-01' + hour / 24);
  name text := to_char(month, '"reported_usage_"YYYYMM');
begin
  if to_regclass(name) is not null then return; end if;
  -- Attaching takes this lock anyway, and taking it lets this session see what others have made meanwhile; after an
  -- advisory lock the second look would be answered from the session's cache.
  lock table reported_usage in share update exclusive mode;
  if to_regclass(name) is not null then return; end if;
  execute format('create table %I (like reported_usage including all)', name);
  execute format('alter table reported_usage attach partition %I for values from (%s) to (%s)', name,
                 (month - date '1970-01-01') * 24, ((month + interval '1 month')::date - date '1970-01-01') * 24);
end
$function$

CREATE OR REPLACE FUNCTION public.ensure_usage_partitions(hour integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
$function$

CREATE OR REPLACE FUNCTION public.feed_account_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(nullif(current_setting('stackmeter.feed_accounts', true), '')::uuid[], '{}')
$function$

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end
$function$

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$function$

CREATE OR REPLACE FUNCTION public.refuse_received_window_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'received windows are append-only' using errcode = 'insufficient_privilege';
end
$function$

CREATE OR REPLACE FUNCTION public.visible_resources()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
begin
  return query
    select r.resource_key from resource r
    where r.subscription_id = nullif(current_setting('stackmeter.subscription', true), '')::uuid
      and lower(split_part(r.resource_uri, '/', 4)) = 'resourcegroups'
      -- as the program writes names of groups for comparing, with one sigma
      and replace(lower(split_part(r.resource_uri, '/', 5)), 'ς', 'σ') = nullif(current_setting('stackmeter.resource_group', true), '');
end
$function$
grant execute to stackmeter_group_reader

CREATE OR REPLACE FUNCTION public.visible_subscriptions()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO '$user', 'public'
AS $function$
declare
  provider uuid := nullif(current_setting('stackmeter.provider', true), '')::uuid;
begin
  if current_setting('stackmeter.indirect', true) = 'on' then
    return query
      with recursive tree as (
        select s.subscription_id from subscription s where s.delegated_provider_subscription_id = provider
        union
        select s.subscription_id from subscription s join tree t on s.delegated_provider_subscription_id = t.subscription_id
      ) select t.subscription_id from tree t;
  else
    return query
      select s.subscription_id from subscription s where s.delegated_provider_subscription_id = provider;
  end if;
end
$function$
grant execute to stackmeter_provider_reader
