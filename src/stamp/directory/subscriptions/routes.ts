import type { FastifyInstance } from 'fastify';
import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import {
  type Fields,
  invalidProperty,
  type Queryable,
  queryParameters,
  readParsed,
  readText,
  requireText,
  type Tx,
} from '../../../platform/index.ts';
import {
  addAdminRoutes,
  NAMESPACE,
  readTarget,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import type { Offer } from '../offers/offer.ts';
import { parseOfferReference } from '../offers/reference.ts';
import { findOffer } from '../offers/store.ts';
import { findBelow, holdTreeAlone, holdTreeFor } from '../tree/tree.ts';
import { changeSubscription, deleteSubscription, type SubscriptionChange } from './change.ts';
import { createSubscription } from './create.ts';
import { parseFilter } from './filter.ts';
import { subscriptionOperations } from './operations.ts';
import { sameName } from '../wire.ts';
import { listPage } from './page.ts';
import { parseState, SUBSCRIPTION_STATES } from './state.ts';
import type { Subscription } from './subscription.ts';
import { toAdminSubscription } from './wire.ts';

const LIST = `${NAMESPACE}/subscriptions`;
const ITEM = `${LIST}/:targetSubscriptionId`;

/** The subscriptions of a provider, as the provider manages them. */
export function subscriptionRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { list, show, put, patch, remove } = subscriptionOperations;
  addAdminRoutes(app, api, [
    { method: 'GET', path: LIST, operation: list, handle: (call) => listAll(api, call) },
    { method: 'GET', path: ITEM, operation: show, handle: (call) => showOne(api, call) },
    { method: 'PUT', path: ITEM, operation: put, handle: (call) => putOne(api, call) },
    { method: 'PATCH', path: ITEM, operation: patch, handle: (call) => patchOne(api, call) },
    { method: 'DELETE', path: ITEM, operation: remove, handle: (call) => removeOne(api, call) },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall): Promise<object> {
  const filter = queryParameters(call.request).get('$filter');
  return listPage(api, call, { matches: filter === undefined ? [] : parseFilter(filter) });
}

/** The default provider subscription may be asked for as well, by its own path: it is nobody's tenant. */
async function showOne(api: DirectoryApi, call: AdminCall): Promise<object> {
  const id = readTarget(call.param('targetSubscriptionId'));
  const found = await find(api.database.pool, call, id);
  return toAdminSubscription(required(found, id), call.provider.subscriptionId);
}

async function find(
  db: Queryable,
  { provider, isOperator, includeIndirect }: AdminCall,
  id: SubscriptionId,
): Promise<Subscription | undefined> {
  if (isOperator && id === provider.subscriptionId) return provider;
  return findBelow(db, provider.subscriptionId, id, includeIndirect);
}

async function putOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const { provider, changing } = call;
  const text = call.param('targetSubscriptionId');
  const id = parseSubscriptionId(text);
  if (id === undefined) throw invalidProperty('the subscription id', text, 'it has to be a GUID');
  const fields = call.fields();
  const { result, created } = await api.database.transaction(async (tx) => {
    // Before anything is looked up: what was below the provider then may be moved away by now.
    await holdTreeFor(tx, readState(fields));
    const found = await find(tx, call, id);
    if (found === undefined) return { result: await makeOne(tx, call, id, fields), created: true };
    const change = await readChange(tx, fields, found);
    const changed = await changeSubscription(tx, id, change, changing);
    return { result: required(changed, id), created: false };
  });
  return call.reply
    .code(created ? 201 : 200)
    .send(toAdminSubscription(result, provider.subscriptionId));
}

async function makeOne(
  tx: Tx,
  { provider, changing }: AdminCall,
  id: SubscriptionId,
  fields: Fields,
): Promise<Subscription> {
  const state = readState(fields) ?? 'Enabled';
  checkFixed(fields, { subscriptionId: id, routingResourceManagerType: 'Default' });
  checkProvider(fields, provider.subscriptionId);
  const made = await createSubscription(
    tx,
    {
      subscriptionId: id,
      displayName: requireText(fields, 'displayName'),
      owner: requireText(fields, 'owner'),
      tenantId: readTenantId(fields) ?? missing('tenantId'),
      provider: provider.subscriptionId,
      offer: (await readOffer(tx, fields, provider)) ?? missing('offerId'),
      externalReferenceId: readText(fields, 'externalReferenceId'),
    },
    changing,
  );
  if (state === 'Enabled') return made;
  return (await changeSubscription(tx, id, { state }, changing)) ?? made;
}

async function patchOne(api: DirectoryApi, call: AdminCall): Promise<object> {
  const { provider, changing } = call;
  const id = readTarget(call.param('targetSubscriptionId'));
  const fields = call.fields();
  const state = readState(fields);
  const changed = await api.database.transaction(async (tx) => {
    await holdTreeFor(tx, state);
    const found = required(await find(tx, call, id), id);
    return changeSubscription(tx, id, await readChange(tx, fields, found), changing);
  });
  return toAdminSubscription(required(changed, id), provider.subscriptionId);
}

async function removeOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const id = parseSubscriptionId(call.param('targetSubscriptionId'));
  const done =
    id !== undefined &&
    (await api.database.transaction(async (tx) => {
      await holdTreeAlone(tx);
      if ((await find(tx, call, id)) === undefined) return false;
      return deleteSubscription(tx, id, call.changing);
    }));
  return call.reply.code(done ? 200 : 204).send();
}

function required(found: Subscription | undefined, id: string): Subscription {
  if (found !== undefined) return found;
  throw fail('SubscriptionNotFound', { subscriptionId: id });
}

function missing(parameter: string): never {
  throw invalidProperty(parameter, '', 'it has to be given');
}

/** What cannot be changed may be sent along as it is, as clients do that send back what they got. */
function checkFixed(
  fields: Fields,
  present: Pick<Subscription, 'subscriptionId' | 'routingResourceManagerType'>,
): void {
  const same = (name: keyof typeof present, rule: string): void => {
    const given = readText(fields, name);
    if (given === undefined || sameName(given, present[name])) return;
    throw invalidProperty(name, given, rule);
  };
  same('subscriptionId', 'it is the one of the path');
  same('routingResourceManagerType', 'only the default provider subscription has Admin');
}

async function readChange(
  tx: Queryable,
  fields: Fields,
  found: Subscription,
): Promise<SubscriptionChange> {
  const tenantId = readTenantId(fields);
  if (tenantId !== undefined && tenantId !== found.tenantId) {
    throw invalidProperty('tenantId', tenantId, 'a subscription stays in its directory tenant');
  }
  checkFixed(fields, found);
  // The default provider stands under itself, as answers have it.
  const provider = found.delegatedProviderSubscriptionId ?? found.subscriptionId;
  checkProvider(fields, provider);
  return {
    displayName: isLeftOut(fields['displayName']) ? undefined : requireText(fields, 'displayName'),
    owner: isLeftOut(fields['owner']) ? undefined : requireText(fields, 'owner'),
    externalReferenceId: readText(fields, 'externalReferenceId'),
    state: readState(fields),
    offer: await readOffer(tx, fields, { subscriptionId: provider }),
  };
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null;
}

function checkProvider(fields: Fields, present: string): void {
  const given = readText(fields, 'delegatedProviderSubscriptionId');
  if (given === undefined || given.toLowerCase() === present) return;
  const rule = 'it is the provider of the path; moveSubscriptions gives a subscription another';
  throw invalidProperty('delegatedProviderSubscriptionId', given, rule);
}

function readState(fields: Fields): Subscription['state'] | undefined {
  const rule = `it is one of ${SUBSCRIPTION_STATES.join(', ')}`;
  return readParsed(fields, 'state', parseState, rule);
}

function readTenantId(fields: Fields): Subscription['tenantId'] | undefined {
  return readParsed(fields, 'tenantId', parseDirectoryTenantId, 'it has to be a GUID');
}

/** An offer of the provider, and of no other: whether others have one of this name is not said. */
async function readOffer(
  tx: Queryable,
  fields: Fields,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
): Promise<Offer | undefined> {
  const rule = 'it names no offer of this provider';
  const reference = readParsed(fields, 'offerId', parseOfferReference, rule);
  if (reference === undefined) return undefined;
  const { provider = subscriptionId, name } = reference;
  const offer = await findOffer(tx, subscriptionId, name);
  const fits = provider === 'default' ? offer?.ofDefaultProvider : provider === subscriptionId;
  if (offer !== undefined && fits === true) return offer;
  throw invalidProperty('offerId', fields['offerId'], rule);
}
