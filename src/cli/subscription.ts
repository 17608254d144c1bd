import { randomUUID } from 'node:crypto';
import { fail, parseDirectoryTenantId, type SubscriptionId } from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';
import {
  createSubscription,
  findOffer,
  findSubscription,
  inDirectoryTenant,
  listSubscriptions,
  parseState,
  setSubscriptionState,
  SUBSCRIPTION_STATES,
  tenantOfOwner,
  userOfferId,
  type DirectoryTenant,
  type Offer,
  type Subscription,
} from '../stamp/directory/index.ts';
import { parseArgument, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { readSubscriptionId } from './usage-range.ts';

/** `subscription list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listSubscriptions(database.pool));
  const text = context.json
    ? toJson(all.map(toWire))
    : toTable(
        ['SUBSCRIPTION', 'NAME', 'OWNER', 'STATE', 'ORIGIN'],
        all.map(({ subscriptionId, displayName, owner, state, origin }) => [
          subscriptionId,
          displayName,
          owner,
          state,
          origin,
        ]),
      );
  await write(context.output.out, text);
}

/** `subscription show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const subscriptionId = readSubscriptionId('ID', values.operand(0));
  const found = await withStamp(context, ({ database }) =>
    findSubscription(database.pool, subscriptionId),
  );
  if (found === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  await tell(context, found);
}

/** `subscription add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const id = values.optional('id');
  const subscriptionId = readSubscriptionId('--id', id ?? randomUUID());
  const owner = readText('--owner', values.required('owner'));
  const displayName = readText('--name', values.required('name'));
  const tenant = readTenant(values.optional('tenant'), owner);
  const provider = values.optional('providerSubscription');
  const parent =
    provider === undefined ? undefined : readSubscriptionId('--provider-subscription', provider);
  const added = await withStamp(context, ({ database, clock, stamp }) =>
    database.transaction((tx) => {
      const changing = { clock, actor: commandLineActor() };
      return inDirectoryTenant(tx, tenant, changing, async () => {
        const under = parent ?? stamp.defaultProviderSubscriptionId;
        const offer = await readOffer(tx, under, values.optional('offer'));
        if ((await findSubscription(tx, subscriptionId)) !== undefined) {
          throw fail('Conflict', { reason: `the subscription ${subscriptionId} is there already` });
        }
        const { tenantId } = tenant;
        const wanted = { subscriptionId, displayName, owner, tenantId, provider: under, offer };
        return createSubscription(tx, wanted, changing);
      });
    }),
  );
  await tell(context, added);
}

/** @throws InvalidProperty when the provider has no offer of this name */
export async function readOffer(
  db: Queryable,
  provider: SubscriptionId,
  name: string | undefined,
): Promise<Offer | undefined> {
  if (name === undefined) return undefined;
  const offer = await findOffer(db, provider, name);
  if (offer !== undefined) return offer;
  const rule = 'the provider has no offer of this name';
  throw fail('InvalidProperty', { parameter: '--offer', value: name, rule });
}

function readTenant(text: string | undefined, owner: string): DirectoryTenant {
  const ofOwner = tenantOfOwner(owner);
  if (text === undefined) return ofOwner;
  const tenantId = parseArgument(
    '--tenant',
    text === 'new' ? randomUUID() : text,
    parseDirectoryTenantId,
    'it has to be a GUID, or the word new',
  );
  return { tenantId, name: ofOwner.name };
}

/** `subscription set-state` */
export async function setState(context: Context, values: Arguments): Promise<void> {
  const subscriptionId = readSubscriptionId('ID', values.operand(0));
  const state = parseArgument(
    'STATE',
    values.operand(1),
    parseState,
    `it is one of ${SUBSCRIPTION_STATES.join(', ')}`,
  );
  const found = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      setSubscriptionState(tx, subscriptionId, state, { clock, actor: commandLineActor() }),
    ),
  );
  if (found === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  await tell(context, found);
}

async function tell({ json, output }: Context, subscription: Subscription): Promise<void> {
  const wire = toWire(subscription);
  const lines = Object.entries(wire).map(([name, value]) => `${`${name}:`.padEnd(34)}${value}\n`);
  await write(output.out, json ? toJson(wire) : lines.join(''));
}

function toWire(subscription: Subscription): Readonly<Record<string, string | null>> {
  const { delegatedProviderSubscriptionId, offer, createdAt } = subscription;
  return {
    subscriptionId: subscription.subscriptionId,
    displayName: subscription.displayName,
    owner: subscription.owner,
    tenantId: subscription.tenantId,
    delegatedProviderSubscriptionId: delegatedProviderSubscriptionId ?? null,
    offerId: offer === undefined ? null : userOfferId(offer),
    routingResourceManagerType: subscription.routingResourceManagerType,
    state: subscription.state,
    origin: subscription.origin,
    createdAt: createdAt.toString(),
  };
}
