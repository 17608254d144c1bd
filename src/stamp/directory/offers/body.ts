import { fail } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  invalid,
  propertiesOf,
  readCount,
  readFields,
  readList,
  readParsed,
  readText,
  readTexts,
  requireText,
  type Fields,
} from '../fields.ts';
import type { Plan } from '../plans/plan.ts';
import { findPlan } from '../plans/store.ts';
import { sameName } from '../wire.ts';
import { OFFER_STATES, parseOfferState, type NewOffer, type Offer } from './offer.ts';
import { parsePlanReference } from './reference.ts';
import type { OfferChange } from './store.ts';

/**
 * Reads what an offer of the operator is to be. What is left out stays as it is, or is empty for a new one.
 *
 * @throws InvalidProperty, for a plan that is not there too
 */
export async function readOfferBody(
  db: Queryable,
  body: Fields,
  name: string,
  before: Offer | undefined,
): Promise<OfferChange> {
  const fields = propertiesOf(body);
  const base = readTexts(fields, 'basePlanIds');
  const addons = readList(fields, 'addonPlans');
  const change = {
    ...readNaming(fields, before ?? { displayName: name, description: '', state: 'Private' }),
    externalReferenceId:
      readText(fields, 'externalReferenceId') ?? before?.externalReferenceId ?? '',
    location: readText(body, 'location', 90) ?? before?.location,
    maxSubscriptionsPerAccount:
      readCount(fields, 'maxSubscriptionsPerAccount') ?? before?.maxSubscriptionsPerAccount ?? 0,
    basePlans:
      base === undefined
        ? (before?.basePlans ?? []).map(({ planId }) => planId)
        : await readEach(base, (text) => readPlan(db, 'basePlanIds', text)),
    addonPlans:
      addons === undefined
        ? (before?.addonPlans ?? []).map((addon) => ({ ...addon, plan: addon.plan.planId }))
        : await readEach(addons, (item) => readAddon(db, item)),
  };
  requireOnce([...change.basePlans, ...change.addonPlans.map(({ plan }) => plan)]);
  return change;
}

/** What a provider may change of an offer, whosever it is. */
export function readNaming(
  fields: Fields,
  before: Pick<Offer, 'displayName' | 'description' | 'state'>,
): Pick<Offer, 'displayName' | 'description' | 'state'> {
  const rule = `it is one of ${OFFER_STATES.join(', ')}`;
  return {
    displayName: readText(fields, 'displayName') ?? before.displayName,
    description: readText(fields, 'description', 2000) ?? before.description,
    state: readParsed(fields, 'state', parseOfferState, rule) ?? before.state,
  };
}

/**
 * A delegated provider may send the terms of an offer back as it got them, and not otherwise.
 *
 * @throws Conflict
 */
export function requireSameTerms(fields: Fields, offer: Offer): void {
  const base = readTexts(fields, 'basePlanIds')?.map((text) => parsePlanReference(text) ?? text);
  const addons = readList(fields, 'addonPlans')?.length;
  const most = readCount(fields, 'maxSubscriptionsPerAccount');
  const isSame =
    (most ?? offer.maxSubscriptionsPerAccount) === offer.maxSubscriptionsPerAccount &&
    (addons ?? offer.addonPlans.length) === offer.addonPlans.length &&
    (base === undefined ||
      (base.length === offer.basePlans.length &&
        offer.basePlans.every((plan) => base.some((name) => sameName(name, plan.name)))));
  if (isSame) return;
  const reason = `the plans and the limit of the offer ${offer.name} are those of whoever delegated it`;
  throw fail('Conflict', { reason });
}

/** One after the other: they share a connection. */
async function readEach<From, To>(
  items: readonly From[],
  read: (item: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (const item of items) done.push(await read(item));
  return done;
}

async function readPlan(db: Queryable, parameter: string, text: string): Promise<Plan['planId']> {
  const name = parsePlanReference(text);
  const plan = name === undefined ? undefined : await findPlan(db, name);
  if (plan !== undefined) return plan.planId;
  throw invalid(parameter, text, 'it names no plan');
}

async function readAddon(db: Queryable, item: unknown): Promise<NewOffer['addonPlans'][number]> {
  const fields = readFields(item);
  const text = requireText(fields, 'planId', 500);
  return {
    plan: await readPlan(db, 'addonPlans', text),
    maxAcquisitionCount: readCount(fields, 'maxAcquisitionCount') ?? 1,
  };
}

function requireOnce(plans: readonly string[]): void {
  if (new Set(plans).size === plans.length) return;
  throw invalid(
    'addonPlans',
    plans.length,
    'an offer has each plan once, as base plan or as add-on',
  );
}
