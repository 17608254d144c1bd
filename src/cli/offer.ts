import { fail } from '../kernel/index.ts';
import type { Changing } from '../identity/index.ts';
import type { Tx } from '../platform/index.ts';
import {
  addOffer,
  findOffer,
  findPlan,
  listOffers,
  OFFER_STATES,
  parseOfferState,
  removeOffer,
  setOfferState,
  userOfferId,
  type Offer,
  type PlanId,
} from '../stamp/directory/index.ts';
import { parseArgument, readName, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `offer list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listOffers(database.pool));
  const text = context.json
    ? toJson(all.map(toWire))
    : toTable(
        ['OFFER', 'NAME', 'STATE', 'PLANS', 'SUBSCRIPTIONS', 'ID'],
        all.map((offer) => [
          offer.name,
          offer.displayName,
          offer.state,
          offer.basePlans.map(({ name }) => name).join(', '),
          String(offer.subscriptionCount),
          userOfferId(offer),
        ]),
      );
  await write(context.output.out, text);
}

/** `offer add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const name = readName('NAME', values.operand(0));
  const group = values.optional('resourceGroup') ?? `system.${context.config.region}`;
  const maxSubscriptionsPerAccount = parseArgument(
    '--most-per-account',
    values.required('mostPerAccount'),
    (text) => (/^\d{1,6}$/.test(text) ? Number.parseInt(text, 10) : undefined),
    'it is a whole number from 0 on',
  );
  const wanted = {
    resourceGroup: readName('--resource-group', group),
    name,
    displayName: readText('--name', values.optional('name') ?? name),
    description: values.optional('description') ?? '',
    externalReferenceId: '',
    state: 'Private',
    location: undefined,
    maxSubscriptionsPerAccount,
    addonPlans: [],
  } as const;
  const made = await change(context, async (tx, changing, { stamp }) => {
    const basePlans: PlanId[] = [];
    for (const plan of new Set(values.list('plan') ?? [])) {
      basePlans.push((await requirePlan(tx, plan)).planId);
    }
    const provider = stamp.defaultProviderSubscriptionId;
    return addOffer(tx, provider, { ...wanted, basePlans }, changing);
  });
  await tell(context, made, 'is there');
}

/** `offer set-state` */
export async function setState(context: Context, values: Arguments): Promise<void> {
  const state = parseArgument(
    'STATE',
    values.operand(1),
    parseOfferState,
    `it is one of ${OFFER_STATES.join(', ')}`,
  );
  const changed = await change(context, async (tx, changing, open) =>
    setOfferState(tx, await requireOffer(tx, open, values.operand(0)), state, changing),
  );
  await tell(context, changed, `is ${state}`);
}

/** `offer remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const removed = await change(context, async (tx, changing, open) => {
    const offer = await requireOffer(tx, open, values.operand(0));
    await removeOffer(tx, offer, changing);
    return offer;
  });
  await tell(context, removed, 'is removed');
}

function change<T>(
  context: Context,
  work: (tx: Tx, changing: Changing, open: OpenStamp) => Promise<T>,
): Promise<T> {
  return withStamp(context, (open) =>
    open.database.transaction((tx) =>
      work(tx, { clock: open.clock, actor: commandLineActor() }, open),
    ),
  );
}

/** The commands are the operator's: offers of others are theirs. */
async function requireOffer(tx: Tx, { stamp }: OpenStamp, name: string): Promise<Offer> {
  const offer = await findOffer(tx, stamp.defaultProviderSubscriptionId, name);
  if (offer !== undefined) return offer;
  throw fail('NotFound', { path: `offer ${name}` });
}

async function requirePlan(tx: Tx, name: string): Promise<{ readonly planId: PlanId }> {
  const plan = await findPlan(tx, name);
  if (plan !== undefined) return plan;
  const rule = 'there is no plan of this name';
  throw fail('InvalidProperty', { parameter: '--plan', value: name, rule });
}

async function tell({ json, output }: Context, offer: Offer, what: string): Promise<void> {
  await write(output.out, json ? toJson(toWire(offer)) : `The offer ${offer.name} ${what}.\n`);
}

function toWire(offer: Offer): object {
  const { name, displayName, description, resourceGroup, state } = offer;
  return {
    id: userOfferId(offer),
    name,
    displayName,
    description,
    resourceGroup,
    state,
    maxSubscriptionsPerAccount: offer.maxSubscriptionsPerAccount,
    subscriptionCount: offer.subscriptionCount,
    basePlans: offer.basePlans.map((plan) => plan.name),
    addonPlans: offer.addonPlans.map(({ plan, maxAcquisitionCount }) => ({
      plan: plan.name,
      maxAcquisitionCount,
    })),
  };
}
