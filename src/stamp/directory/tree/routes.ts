import type { FastifyInstance } from 'fastify';
import { fail } from '../../../kernel/index.ts';
import { actorOf } from '../../../identity/index.ts';
import { checkResourceName, type Clock, type Tx } from '../../../platform/index.ts';
import { acceptedReply, registerOperationKind, startOperation } from '../../operations/index.ts';
import {
  addAdminRoutes,
  NAMESPACE,
  readTarget,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import { findOffer, listOffers } from '../offers/store.ts';
import { toProviderOffer } from '../offers/wire.ts';
import { listSubscriptionsOf } from '../subscriptions/list.ts';
import { listPage } from '../subscriptions/page.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { toAdminSubscription } from '../subscriptions/wire.ts';
import { checkMove, moveSubscriptions } from './move.ts';
import { findTarget, readKeptMove, readMoveBody, type MoveRequest } from './move-request.ts';
import { treeOperations } from './operations.ts';

const MOVE = 'move-subscriptions';

const PROVIDERS = `${NAMESPACE}/delegatedProviders`;
const PROVIDER = `${PROVIDERS}/:delegatedProviderId`;

/** Makes moves known to whoever does the work that was accepted; to be called before jobs run. */
export function registerMoves(clock: Clock): void {
  registerOperationKind(MOVE, async (tx, input) => {
    const { caller, actor, ...request } = readKeptMove(input);
    const target = await findTarget(tx, request, caller);
    await moveSubscriptions(tx, request.subscriptions, target, { provider: caller, clock, actor });
  });
}

/** The tree of providers: who is one, what it offers, and who moves where. */
export function treeRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { validate, move, list, show, offers, offer } = treeOperations;
  addAdminRoutes(app, api, [
    {
      method: 'POST',
      path: `${NAMESPACE}/validateMoveSubscriptions`,
      reads: true,
      operation: validate,
      handle: (call) => validateMove(api, call),
    },
    {
      method: 'POST',
      path: `${NAMESPACE}/moveSubscriptions`,
      operation: move,
      handle: (call) => acceptMove(api, call),
    },
    {
      method: 'GET',
      path: PROVIDERS,
      operation: list,
      handle: (call) => listPage(api, call, { providersOnly: true }),
    },
    {
      method: 'GET',
      path: PROVIDER,
      operation: show,
      handle: async (call) =>
        toAdminSubscription(await requireProvider(api, call), call.provider.subscriptionId),
    },
    {
      method: 'GET',
      path: `${PROVIDER}/offers`,
      operation: offers,
      handle: (call) => listOffersOf(api, call),
    },
    {
      method: 'GET',
      path: `${PROVIDER}/offers/:offer`,
      operation: offer,
      handle: (call) => showOffer(api, call),
    },
  ]);
}

async function validateMove(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const { provider } = call;
  const wanted = readMoveBody(call.fields(), provider);
  // Read-only, so that who may not change anything keeps nobody waiting either.
  await api.database.transaction((tx) => checkWanted(tx, wanted, provider), { readOnly: true });
  return call.reply.code(204).send();
}

async function checkWanted(
  tx: Tx,
  wanted: MoveRequest,
  { subscriptionId: provider }: Subscription,
): Promise<void> {
  const target = await findTarget(tx, wanted, provider);
  await checkMove(tx, wanted.subscriptions, target, { provider, isLast: false });
}

/** What cannot be done is refused at once; what can is done soon, if it still can be then. */
async function acceptMove(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const { provider, principal, request, reply } = call;
  const wanted = readMoveBody(call.fields(), provider);
  const caller = provider.subscriptionId;
  const operationId = await api.database.transaction(async (tx) => {
    await checkWanted(tx, wanted, provider);
    return startOperation(tx, {
      clock: api.clock,
      principal,
      subscriptionId: caller,
      kind: MOVE,
      input: { ...wanted, caller, actor: actorOf(principal) },
    });
  });
  return acceptedReply(request, reply, operationId);
}

/** The caller itself, or a provider below it; every other id is that of none. */
async function requireProvider(api: DirectoryApi, call: AdminCall): Promise<Subscription> {
  const { provider, includeIndirect } = call;
  const id = readTarget(call.param('delegatedProviderId'));
  if (id === provider.subscriptionId) return provider;
  const { subscriptions } = await listSubscriptionsOf(
    api.database.pool,
    { provider: provider.subscriptionId, includeIndirect, providersOnly: true, ids: [id] },
    { limit: 1 },
  );
  const [found] = subscriptions;
  if (found !== undefined) return found;
  throw fail('SubscriptionNotFound', { subscriptionId: id });
}

async function listOffersOf(api: DirectoryApi, call: AdminCall): Promise<object> {
  const { subscriptionId } = await requireProvider(api, call);
  const offers = await listOffers(api.database.pool, { provider: subscriptionId });
  const caller = call.provider.subscriptionId;
  return { value: offers.map((offer) => toProviderOffer(offer, caller, api.region)) };
}

async function showOffer(api: DirectoryApi, call: AdminCall): Promise<object> {
  const { subscriptionId } = await requireProvider(api, call);
  const name = checkResourceName('offer', call.param('offer'));
  const found = await findOffer(api.database.pool, subscriptionId, name);
  if (found !== undefined) return toProviderOffer(found, call.provider.subscriptionId, api.region);
  throw fail('NotFound', { path: `/delegatedProviders/${subscriptionId}/offers/${name}` });
}
