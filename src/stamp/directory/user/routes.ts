import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId, type SubscriptionId } from '../../../kernel/index.ts';
import {
  type Fields,
  invalidProperty,
  orConflict,
  pathOf,
  type Queryable,
  readFields,
  readParsed,
  requireApiVersion,
  requireText,
} from '../../../platform/index.ts';
import {
  actorOf,
  addRoleAssignment,
  allows,
  authorize,
  scopeOf,
  type Action,
  type NewRoleAssignment,
  type Principal,
} from '../../../identity/index.ts';
import { readTarget, type DirectoryApi } from '../admin.ts';
import type { Offer } from '../offers/offer.ts';
import { parseOfferReference } from '../offers/reference.ts';
import { listTakeable } from '../offers/store.ts';
import { toUserOffer } from '../offers/wire.ts';
import { changeSubscription, deleteSubscription } from '../subscriptions/change.ts';
import { createSubscription } from '../subscriptions/create.ts';
import { visibleToTenant } from '../subscriptions/state.ts';
import { findDefaultProviderSubscription, findSubscription } from '../subscriptions/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { toUserSubscription } from '../subscriptions/wire.ts';
import { holdTreeAlone } from '../tree/tree.ts';
import { USER_VERSIONS, userOperations } from './operations.ts';

const WRITE = 'Microsoft.Subscriptions/subscriptions/write';
const DELETE = 'Microsoft.Subscriptions/subscriptions/delete';

type OfSubscription = { Params: { subscriptionId: string } };
type OfProvider = { Params: { delegatedProviderId: string; offer?: string } };

/** What users do for themselves: see what is offered, take a subscription, rename it, give it up. */
export function userRoutes(app: FastifyInstance, api: DirectoryApi): void {
  offerRoutes(app, api);
  const path = '/subscriptions/:subscriptionId';
  app.put<OfSubscription>(
    path,
    { config: { operation: userOperations.put } },
    async (request, reply) => {
      const principal = await admit(api, request);
      const { subscription, created } = await orConflict(() => putOne(api, principal, request));
      return reply.code(created ? 201 : 200).send(toUserSubscription(subscription));
    },
  );
  app.patch<OfSubscription>(
    path,
    { config: { operation: userOperations.patch } },
    async (request) => {
      const principal = await admit(api, request);
      const id = requireAllowed(principal, WRITE, request);
      const displayName = requireText(readFields(request.body), 'displayName');
      return toUserSubscription(await orConflict(() => rename(api, principal, id, displayName)));
    },
  );
  app.delete<OfSubscription>(
    path,
    { config: { operation: userOperations.remove } },
    async (request, reply) => {
      const principal = await admit(api, request);
      const id = requireAllowed(principal, DELETE, request);
      const done = await orConflict(() => giveUp(api, principal, id));
      return reply.code(done ? 200 : 204).send();
    },
  );
}

function offerRoutes(app: FastifyInstance, api: DirectoryApi): void {
  app.get('/offers', { config: { operation: userOperations.offers } }, async (request) => {
    await admit(api, request);
    return { value: (await offersOf(api.database.pool, 'default')).map(toUserOffer) };
  });
  app.get<OfProvider>(
    '/delegatedProviders/:delegatedProviderId/offers',
    { config: { operation: userOperations.providerOffers } },
    async (request) => {
      await admit(api, request);
      const offers = await offersOf(api.database.pool, request.params.delegatedProviderId);
      return { value: offers.map(toUserOffer) };
    },
  );
  app.get<OfProvider>(
    '/delegatedProviders/:delegatedProviderId/offers/:offer',
    { config: { operation: userOperations.providerOffer } },
    async (request) => {
      await admit(api, request);
      const { delegatedProviderId, offer = '' } = request.params;
      const id = `/delegatedProviders/${delegatedProviderId}/offers/${offer}`;
      const found = await findOpenOffer(api.database.pool, id);
      if (found === undefined) throw fail('NotFound', { path: pathOf(request) });
      return toUserOffer(found);
    },
  );
}

async function admit(api: DirectoryApi, request: FastifyRequest): Promise<Principal> {
  const principal = await api.authenticate(request);
  requireApiVersion(request, USER_VERSIONS);
  return principal;
}

/** None for an id that is no provider's: whether a subscription of this id exists is not said. */
async function offersOf(db: Queryable, provider: string, name?: string): Promise<Offer[]> {
  const id =
    provider.toLowerCase() === 'default'
      ? (await findDefaultProviderSubscription(db))?.subscriptionId
      : parseSubscriptionId(provider);
  return id === undefined ? [] : listTakeable(db, id, name);
}

async function findOpenOffer(db: Queryable, text: string): Promise<Offer | undefined> {
  const { provider = 'default', name } = parseOfferReference(text) ?? { name: '' };
  return name === '' ? undefined : (await offersOf(db, provider, name))[0];
}

/** By its roles alone, before anything is looked up. */
function requireAllowed(
  principal: Principal,
  action: Action,
  request: FastifyRequest<OfSubscription>,
): SubscriptionId {
  const { subscriptionId } = request.params;
  authorize(principal, action, { subscriptionId });
  return readTarget(subscriptionId);
}

/**
 * Takes a new subscription, or renames one on which the caller may. An id that is somebody else's cannot be taken, and
 * nothing more is said of it.
 */
async function putOne(
  api: DirectoryApi,
  principal: Principal,
  request: FastifyRequest<OfSubscription>,
): Promise<{ subscription: Subscription; created: boolean }> {
  const { subscriptionId: text } = request.params;
  const id = parseSubscriptionId(text);
  if (id === undefined) throw invalidProperty('the subscription id', text, 'it has to be a GUID');
  const fields = readFields(request.body);
  const displayName = requireText(fields, 'displayName');
  if (allows(principal.grants, WRITE, { subscriptionId: id })) {
    const found = await findSubscription(api.database.pool, id);
    if (found !== undefined && isSeen(principal, found)) {
      requireSameOffer(fields, found);
      return { subscription: await rename(api, principal, id, displayName), created: false };
    }
  }
  const subscription = await take(api, principal, id, fields);
  return { subscription, created: true };
}

/** Programs take subscriptions only when they have business here besides stating usage; people always may. */
function requireTaker({ kind, grants, principalId }: Principal, id: SubscriptionId): void {
  if (kind !== 'client' || grants.some(({ role }) => role !== 'Emitter')) return;
  throw fail('AuthorizationFailed', {
    client: principalId,
    action: WRITE,
    scope: scopeOf(id),
  });
}

async function take(
  api: DirectoryApi,
  principal: Principal,
  subscriptionId: SubscriptionId,
  fields: Fields,
): Promise<Subscription> {
  requireTaker(principal, subscriptionId);
  const { principalId, tenantId, name: owner } = principal;
  const changing = { clock: api.clock, actor: actorOf(principal) };
  return api.database.transaction(async (tx) => {
    const offer = await requireOpenOffer(tx, fields);
    const made = await createSubscription(
      tx,
      {
        subscriptionId,
        displayName: requireText(fields, 'displayName'),
        owner,
        ownerPrincipalId: principalId,
        tenantId,
        provider: offer.providerSubscriptionId,
        offer,
      },
      changing,
    );
    const assignment: NewRoleAssignment = {
      principalId,
      principalTenantId: tenantId,
      principalType: PRINCIPAL_TYPES[principal.kind],
      role: 'Owner',
      scope: scopeOf(subscriptionId),
    };
    await addRoleAssignment(tx, assignment, changing);
    return made;
  });
}

const PRINCIPAL_TYPES = {
  client: 'ServicePrincipal',
  user: 'User',
  external: 'Unknown',
} as const satisfies Record<Principal['kind'], NewRoleAssignment['principalType']>;

/** Private offers, decommissioned ones and those that never were all get one answer. */
async function requireOpenOffer(db: Queryable, fields: Fields): Promise<Offer> {
  const rule = 'it names no offer that is open to you';
  const text = readParsed(fields, 'offerId', (given) => given, rule) ?? '';
  const offer = await findOpenOffer(db, text);
  if (offer !== undefined) return offer;
  throw invalidProperty('offerId', text, rule);
}

/** @throws Conflict: to another offer a subscription is brought by its provider */
function requireSameOffer(fields: Fields, found: Subscription): void {
  const text = readParsed(fields, 'offerId', (given) => given, 'it is the id of an offer');
  if (text === undefined) return;
  const { provider, name } = parseOfferReference(text) ?? { provider: undefined, name: '' };
  const { offer } = found;
  const isSame =
    offer !== undefined &&
    offer.name.toLowerCase() === name.toLowerCase() &&
    (provider === undefined ||
      (provider === 'default'
        ? offer.ofDefaultProvider
        : provider === offer.providerSubscriptionId));
  if (isSame) return;
  throw fail('Conflict', { reason: 'a subscription is brought to another offer by its provider' });
}

async function rename(
  api: DirectoryApi,
  principal: Principal,
  id: SubscriptionId,
  displayName: string,
): Promise<Subscription> {
  const changing = { clock: api.clock, actor: actorOf(principal) };
  return api.database.transaction(async (tx) => {
    const found = await findSubscription(tx, id);
    const changed =
      found && isSeen(principal, found)
        ? await changeSubscription(tx, id, { displayName }, changing)
        : undefined;
    if (changed !== undefined) return changed;
    throw fail('SubscriptionNotFound', { subscriptionId: id });
  });
}

async function giveUp(
  api: DirectoryApi,
  principal: Principal,
  id: SubscriptionId,
): Promise<boolean> {
  return api.database.transaction(async (tx) => {
    await holdTreeAlone(tx);
    const found = await findSubscription(tx, id);
    const mayKnow =
      found === undefined ? allows(principal.grants, DELETE) : isSeen(principal, found);
    if (!mayKnow) throw fail('SubscriptionNotFound', { subscriptionId: id });
    return deleteSubscription(tx, id, { clock: api.clock, actor: actorOf(principal) });
  });
}

/** One that is being deleted is there for those who run the stamp only. */
function isSeen(principal: Principal, { state }: Subscription): boolean {
  return visibleToTenant(state) || allows(principal.grants, WRITE);
}
