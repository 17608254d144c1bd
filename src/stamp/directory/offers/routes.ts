import type { FastifyInstance } from 'fastify';
import { fail } from '../../../kernel/index.ts';
import {
  checkResourceName,
  propertiesOf,
  type Queryable,
  type Tx,
} from '../../../platform/index.ts';
import {
  addAdminRoutes,
  IN_GROUP,
  NAMESPACE,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import { resourceNotFound, sameName } from '../wire.ts';
import { readNaming, readOfferBody, requireSameTerms } from './body.ts';
import { addOffer, changeOffer, removeOffer, renameOffer } from './change.ts';
import type { Offer } from './offer.ts';
import { offerOperations } from './operations.ts';
import { findOffer, listOffers, readLocked } from './store.ts';
import { toAdminOffer } from './wire.ts';

const ITEM = `${IN_GROUP}/offers/:offer`;

/** The offers of a provider: the operator's own, and those that were delegated to others. */
export function offerRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { list, show, put, remove } = offerOperations;
  const everywhere = `${NAMESPACE}/offers`;
  const inGroup = `${IN_GROUP}/offers`;
  addAdminRoutes(app, api, [
    { method: 'GET', path: everywhere, operation: list, handle: (call) => listAll(api, call) },
    { method: 'GET', path: inGroup, operation: list, handle: (call) => listAll(api, call) },
    {
      method: 'GET',
      path: ITEM,
      operation: show,
      handle: async (call) => toWire(await requireOffer(api.database.pool, call), call, api),
    },
    { method: 'PUT', path: ITEM, operation: put, handle: (call) => putOne(api, call) },
    { method: 'DELETE', path: ITEM, operation: remove, handle: (call) => removeOne(api, call) },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall): Promise<object> {
  const group = call.param('resourceGroup');
  const offers = await listOffers(api.database.pool, {
    provider: call.provider.subscriptionId,
    resourceGroup: group === '' ? undefined : checkResourceName('resourceGroup', group),
  });
  return { value: offers.map((offer) => toWire(offer, call, api)) };
}

/** @throws ResourceNotFound, whatever other providers and groups have */
export async function requireOffer(db: Queryable, call: AdminCall): Promise<Offer> {
  const found = await findHere(db, call);
  if (found !== undefined) return found;
  throw resourceNotFound('offers', call.param('offer'), call.param('resourceGroup'));
}

async function findHere(db: Queryable, call: AdminCall): Promise<Offer | undefined> {
  const name = checkResourceName('offer', call.param('offer'));
  const found = await findOffer(db, call.provider.subscriptionId, name);
  return found && sameName(found.resourceGroup, call.param('resourceGroup')) ? found : undefined;
}

async function putOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const { offer, created } = await api.database.transaction((tx) =>
    call.isOperator ? putOwn(tx, call) : putDelegated(tx, call),
  );
  return call.reply.code(created ? 201 : 200).send(toWire(offer, call, api));
}

interface Put {
  readonly offer: Offer;
  readonly created: boolean;
}

async function putOwn(tx: Tx, call: AdminCall): Promise<Put> {
  const { provider, changing } = call;
  const found = await findHere(tx, call);
  // What is left out of the body stays as it is by the time of writing.
  const before = found && (await readLocked(tx, found));
  const name = checkResourceName('offer', call.param('offer'));
  const wanted = await readOfferBody(tx, call.fields(), name, before);
  if (before !== undefined) {
    return { offer: await changeOffer(tx, before, wanted, changing), created: false };
  }
  const resourceGroup = checkResourceName('resourceGroup', call.param('resourceGroup'));
  const offer = { ...wanted, resourceGroup, name };
  return { offer: await addOffer(tx, provider.subscriptionId, offer, changing), created: true };
}

async function putDelegated(tx: Tx, call: AdminCall): Promise<Put> {
  const before = await readLocked(tx, await requireOffer(tx, call));
  const fields = propertiesOf(call.fields());
  requireSameTerms(fields, before);
  const offer = await renameOffer(tx, before, readNaming(fields, before), call.changing);
  return { offer, created: false };
}

async function removeOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const done = await api.database.transaction(async (tx) => {
    const offer = await findHere(tx, call);
    if (offer === undefined) return false;
    if (offer.delegation !== undefined) {
      const reason = `the offer ${offer.name} was delegated; whoever did so takes it back`;
      throw fail('Conflict', { reason });
    }
    await removeOffer(tx, offer, call.changing);
    return true;
  });
  return call.reply.code(done ? 200 : 204).send();
}

function toWire(offer: Offer, call: AdminCall, api: DirectoryApi): object {
  return toAdminOffer(offer, call.provider.subscriptionId, api.region);
}
