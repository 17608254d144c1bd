import { randomUUID } from 'node:crypto';
import { fail, parseDirectoryTenantId, type SubscriptionId } from '../kernel/index.ts';
import {
  ensureDirectoryTenant,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  setSubscriptionState,
  SUBSCRIPTION_STATES,
  tenantOfOwner,
  type DirectoryTenant,
  type Subscription,
} from '../stamp/directory/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
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
  const added = await withStamp(context, async ({ database, clock, stamp }) => {
    const subscription: Subscription = {
      subscriptionId,
      displayName,
      owner,
      tenantId: tenant.tenantId,
      delegatedProviderSubscriptionId: parent ?? stamp.defaultProviderSubscriptionId,
      offerId: values.optional('offer'),
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: clock.now(),
    };
    await database.transaction(async (tx) => {
      if (parent !== undefined) await requireKnown(tx, parent);
      await requireOffer(tx, subscription.offerId);
      await ensureDirectoryTenant(tx, tenant);
      if (!(await insertSubscription(tx, subscription))) {
        throw fail('Conflict', { reason: `the subscription ${subscriptionId} is there already` });
      }
    });
    return subscription;
  });
  await tell(context, added);
}

type Queryable = Parameters<typeof findSubscription>[0];

async function requireKnown(db: Queryable, subscriptionId: SubscriptionId): Promise<void> {
  if ((await findSubscription(db, subscriptionId)) !== undefined) return;
  throw fail('SubscriptionNotFound', { subscriptionId });
}

async function requireOffer(db: Queryable, offerId: string | undefined): Promise<void> {
  if (offerId === undefined) return;
  const { rows } = await db.query('select from offer where offer_id = $1', [offerId]);
  if (rows.length > 0) return;
  throw fail('InvalidProperty', {
    parameter: '--offer',
    value: offerId,
    rule: 'there is no such offer',
  });
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

const LONGEST_TEXT = 200;

function readText(parameter: string, value: string): string {
  return parseArgument(
    parameter,
    value,
    (text) =>
      text.trim() !== '' && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text)
        ? text.trim()
        : undefined,
    `it has 1 to ${LONGEST_TEXT} printable characters`,
  );
}

/** `subscription set-state` */
export async function setState(context: Context, values: Arguments): Promise<void> {
  const subscriptionId = readSubscriptionId('ID', values.operand(0));
  const state = parseArgument(
    'STATE',
    values.operand(1),
    (text) => SUBSCRIPTION_STATES.find((known) => known.toLowerCase() === text.toLowerCase()),
    `it is one of ${SUBSCRIPTION_STATES.join(', ')}`,
  );
  const found = await withStamp(context, async ({ database, stamp }) => {
    if (subscriptionId === stamp.defaultProviderSubscriptionId && state !== 'Enabled') {
      throw fail('Conflict', {
        reason: 'the default provider subscription is that of the stamp itself and stays Enabled',
      });
    }
    await setSubscriptionState(database.pool, subscriptionId, state);
    return findSubscription(database.pool, subscriptionId);
  });
  if (found === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  await tell(context, found);
}

async function tell({ json, output }: Context, subscription: Subscription): Promise<void> {
  const wire = toWire(subscription);
  const lines = Object.entries(wire).map(([name, value]) => `${`${name}:`.padEnd(34)}${value}\n`);
  await write(output.out, json ? toJson(wire) : lines.join(''));
}

function toWire(subscription: Subscription): Readonly<Record<string, string | null>> {
  const { delegatedProviderSubscriptionId, offerId, createdAt } = subscription;
  return {
    subscriptionId: subscription.subscriptionId,
    displayName: subscription.displayName,
    owner: subscription.owner,
    tenantId: subscription.tenantId,
    delegatedProviderSubscriptionId: delegatedProviderSubscriptionId ?? null,
    offerId: offerId ?? null,
    routingResourceManagerType: subscription.routingResourceManagerType,
    state: subscription.state,
    origin: subscription.origin,
    createdAt: createdAt.toString(),
  };
}
