import { fail } from '../../../kernel/index.ts';
import {
  type Fields,
  invalidProperty,
  propertiesOf,
  type Queryable,
  readCount,
  readFields,
  readList,
  readParsed,
  readText,
  readTexts,
  requireText,
} from '../../../platform/index.ts';
import type { PlanId } from '../plans/plan.ts';
import { findPlanIds } from '../plans/store.ts';
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
        : await readPlans(db, 'basePlanIds', base),
    addonPlans:
      addons === undefined
        ? (before?.addonPlans ?? []).map((addon) => ({ ...addon, plan: addon.plan.planId }))
        : await readAddons(db, addons),
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

async function readPlans(
  db: Queryable,
  parameter: string,
  texts: readonly string[],
): Promise<PlanId[]> {
  const names = texts.map((text) => parsePlanReference(text) ?? '');
  const known = await findPlanIds(db, names);
  return texts.map((text, at) => {
    const plan = known[at];
    if (plan !== undefined) return plan;
    throw invalidProperty(parameter, text, 'it names no plan');
  });
}

async function readAddons(
  db: Queryable,
  items: readonly unknown[],
): Promise<NewOffer['addonPlans']> {
  const all = items.map((item) => readFields(item));
  const texts = all.map((fields) => requireText(fields, 'planId', 500));
  const plans = await readPlans(db, 'addonPlans', texts);
  return plans.map((plan, at) => ({
    plan,
    maxAcquisitionCount: readCount(all[at] ?? {}, 'maxAcquisitionCount') ?? 1,
  }));
}

function requireOnce(plans: readonly string[]): void {
  if (new Set(plans).size === plans.length) return;
  throw invalidProperty(
    'addonPlans',
    plans.length,
    'an offer has each plan once, as base plan or as add-on',
  );
}
