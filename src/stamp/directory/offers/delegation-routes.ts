import type { FastifyInstance } from 'fastify';
import { fail, parseSubscriptionId, type SubscriptionId } from '../../../kernel/index.ts';
import {
  checkResourceName,
  type Fields,
  invalidProperty,
  propertiesOf,
  type Queryable,
  readParsed,
  readText,
} from '../../../platform/index.ts';
import { addAdminRoutes, IN_GROUP, type AdminCall, type DirectoryApi } from '../admin.ts';
import { takesUsage } from '../subscriptions/state.ts';
import { findBelow, holdTree } from '../tree/tree.ts';
import { resourceNotFound, sameName, toResource } from '../wire.ts';
import { delegateOffer, removeOffer } from './change.ts';
import type { Offer } from './offer.ts';
import { offerOperations } from './operations.ts';
import { requireOffer } from './routes.ts';
import { listOffers } from './store.ts';

const LIST = `${IN_GROUP}/offers/:offer/offerDelegations`;
const ITEM = `${LIST}/:delegation`;

/** To whom a provider has given its offers on: its direct tenants, which become providers by that. */
export function delegationRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { listDelegations, showDelegation, putDelegation, removeDelegation } = offerOperations;
  addAdminRoutes(app, api, [
    { method: 'GET', path: LIST, operation: listDelegations, handle: (call) => listAll(api, call) },
    { method: 'GET', path: ITEM, operation: showDelegation, handle: (call) => showOne(api, call) },
    { method: 'PUT', path: ITEM, operation: putDelegation, handle: (call) => putOne(api, call) },
    {
      method: 'DELETE',
      path: ITEM,
      operation: removeDelegation,
      handle: (call) => removeOne(api, call),
    },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall): Promise<object> {
  const source = await requireOffer(api.database.pool, call);
  const given = await listOffers(api.database.pool, { source: source.offerId });
  return { value: given.map((offer) => toWire(offer, source, api)) };
}

async function showOne(api: DirectoryApi, call: AdminCall): Promise<object> {
  const source = await requireOffer(api.database.pool, call);
  const found = await findGiven(api.database.pool, source, call);
  if (found !== undefined) return toWire(found, source, api);
  const name = `${source.name}/${call.param('delegation')}`;
  throw resourceNotFound('offers/offerDelegations', name, call.param('resourceGroup'));
}

async function findGiven(
  db: Queryable,
  source: Offer,
  call: AdminCall,
): Promise<Offer | undefined> {
  const name = checkResourceName('offerDelegation', call.param('delegation'));
  const given = await listOffers(db, { source: source.offerId });
  return given.find(({ delegation }) => delegation && sameName(delegation.name, name));
}

async function putOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const fields = propertiesOf(call.fields());
  const { offer, delegated, created } = await api.database.transaction(async (tx) => {
    await holdTree(tx);
    const source = await requireOffer(tx, call);
    const to = await readReceiver(tx, fields, call);
    const before = await findGiven(tx, source, call);
    const wanted = readText(fields, 'offerName');
    if (before?.providerSubscriptionId === to) {
      if (wanted !== undefined && !sameName(wanted, before.name)) {
        const reason = `the offer was delegated as ${before.name}; take the delegation back to give it another name`;
        throw fail('Conflict', { reason });
      }
      return { offer: source, delegated: before, created: false };
    }
    if (before !== undefined) {
      const reason = `the delegation ${call.param('delegation')} is to another subscription`;
      throw fail('Conflict', { reason });
    }
    const name = checkResourceName('offerDelegation', call.param('delegation'));
    const offerName = checkResourceName('offerName', wanted ?? source.name);
    const given = await delegateOffer(tx, source, { name, to, offerName }, call.changing);
    return { offer: source, delegated: given, created: true };
  });
  return call.reply.code(created ? 201 : 200).send(toWire(delegated, offer, api));
}

/** A direct tenant that is active; every other id, known or not, gets the same answer. */
async function readReceiver(
  tx: Queryable,
  fields: Fields,
  call: AdminCall,
): Promise<SubscriptionId> {
  const rule = 'it has to be a subscription directly under the provider, and active';
  const id = readParsed(fields, 'subscriptionId', parseSubscriptionId, rule);
  const found = id && (await findBelow(tx, call.provider.subscriptionId, id, false));
  if (found !== undefined && takesUsage(found.state)) return found.subscriptionId;
  throw invalidProperty('subscriptionId', fields['subscriptionId'] ?? '', rule);
}

async function removeOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const done = await api.database.transaction(async (tx) => {
    const source = await requireOffer(tx, call);
    const given = await findGiven(tx, source, call);
    if (given === undefined) return false;
    await removeOffer(tx, given, call.changing);
    return true;
  });
  return call.reply.code(done ? 200 : 204).send();
}

function toWire(given: Offer, source: Offer, api: DirectoryApi): object {
  const { providerSubscriptionId: provider, resourceGroup, name } = source;
  const delegation = given.delegation?.name ?? '';
  return toResource(
    {
      provider,
      resourceGroup,
      path: [
        ['offers', name],
        ['offerDelegations', delegation],
      ],
    },
    given.location ?? api.region,
    {
      subscriptionId: given.providerSubscriptionId,
      ...(given.name !== source.name && { offerName: given.name }),
    },
  );
}
