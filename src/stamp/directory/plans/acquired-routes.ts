import type { FastifyInstance } from 'fastify';
import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import {
  invalidProperty,
  json,
  listAnswer,
  named,
  type Operation,
  propertiesOf,
  type Queryable,
  readParsed,
  readText,
} from '../../../platform/index.ts';
import {
  addAdminRoutes,
  adminOperation,
  NAMESPACE,
  readTarget,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import { parsePlanReference } from '../offers/reference.ts';
import { findOfferById } from '../offers/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { adminSubscriptionId } from '../subscriptions/wire.ts';
import { findBelow, holdTree } from '../tree/tree.ts';
import { DELETE_ANSWERS, putAnswers, resourceId, sameName } from '../wire.ts';
import { acquirePlan, releasePlan } from './acquire.ts';
import {
  listAcquiredPlans,
  parseAcquisitionId,
  type AcquiredPlan,
  type AcquisitionId,
} from './acquired-plan.ts';
import type { PlanName } from './plan.ts';
import { findPlan } from './store.ts';

const acquiredPlan = named('AcquiredPlan', {
  type: 'object',
  properties: {
    id: { type: 'string' },
    acquisitionId: { type: 'string', format: 'uuid' },
    planId: { type: 'string', description: 'In a request the plain name will do.' },
    provisioningState: { enum: ['NotSpecified', 'Accepted', 'Failed', 'Succeeded'] },
    acquisitionTime: { type: 'string', format: 'date-time' },
  },
});

const operations = {
  list: adminOperation({
    id: 'listAcquiredPlans',
    reachesTree: true,
    summary: 'The plans that a subscription has',
    answers: { 200: listAnswer('All of them, the oldest first.', acquiredPlan) },
  }),
  show: adminOperation({
    id: 'getAcquiredPlan',
    reachesTree: true,
    summary: 'One plan that a subscription has',
    answers: { 200: { description: 'It.', contents: json(acquiredPlan) } },
    errors: ['PlanAcquisitionNotFound'],
  }),
  put: adminOperation({
    id: 'putAcquiredPlan',
    reachesTree: true,
    summary: 'Gives a subscription a plan',
    description: 'One of the add-on plans of its offer; from the operator any plan.',
    body: { required: true, contents: json(acquiredPlan) },
    answers: putAnswers('The acquisition', acquiredPlan),
    errors: ['Conflict'],
  }),
  remove: adminOperation({
    id: 'deleteAcquiredPlan',
    reachesTree: true,
    summary: 'Takes a plan away from a subscription',
    answers: DELETE_ANSWERS,
  }),
} as const satisfies Readonly<Record<string, Operation>>;

const LIST = `${NAMESPACE}/subscriptions/:targetSubscriptionId/acquiredPlans`;
const ITEM = `${LIST}/:acquisitionId`;

/** The plans that the subscriptions of a provider have. */
export function acquiredPlanRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { list, show, put, remove } = operations;
  addAdminRoutes(app, api, [
    { method: 'GET', path: LIST, operation: list, handle: (call) => listAll(api, call) },
    { method: 'GET', path: ITEM, operation: show, handle: (call) => showOne(api, call) },
    { method: 'PUT', path: ITEM, operation: put, handle: (call) => putOne(api, call) },
    { method: 'DELETE', path: ITEM, operation: remove, handle: (call) => removeOne(api, call) },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall): Promise<object> {
  const { pool } = api.database;
  const subscription = await requireTarget(pool, call);
  const plans = await listAcquiredPlans(pool, subscription.subscriptionId);
  return { value: plans.map((plan) => toWire(plan, subscription, call.provider.subscriptionId)) };
}

async function showOne(api: DirectoryApi, call: AdminCall): Promise<object> {
  return requireAcquired(api.database.pool, call, await requireTarget(api.database.pool, call));
}

async function requireAcquired(
  db: Queryable,
  call: AdminCall,
  target: Subscription,
): Promise<object> {
  const text = call.param('acquisitionId');
  const id = parseAcquisitionId(text);
  const [found] = id === undefined ? [] : await listAcquiredPlans(db, target.subscriptionId, id);
  if (found === undefined) throw fail('PlanAcquisitionNotFound', { acquisitionId: text });
  return toWire(found, target, call.provider.subscriptionId);
}

async function putOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const body = call.fields();
  const { created, plan } = await api.database.transaction(async (tx) => {
    await holdTree(tx);
    const target = await requireTarget(tx, call);
    const id = readAcquisitionId(call, propertiesOf(body));
    const wanted = await requirePlan(tx, call, target, propertiesOf(body));
    const made = await acquirePlan(tx, target, id, wanted, {
      ...call.changing,
      anyPlan: call.isOperator,
    });
    return { created: made, plan: await requireAcquired(tx, call, target) };
  });
  return call.reply.code(created ? 201 : 200).send(plan);
}

async function removeOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  const done = await api.database.transaction(async (tx) => {
    await holdTree(tx);
    const target = await requireTarget(tx, call);
    const id = parseAcquisitionId(call.param('acquisitionId'));
    return id !== undefined && releasePlan(tx, target, id, call.changing);
  });
  return call.reply.code(done ? 200 : 204).send();
}

/** The default provider subscription has plans as well, for the operator. */
async function requireTarget(db: Queryable, call: AdminCall): Promise<Subscription> {
  const { provider, isOperator, includeIndirect } = call;
  const id = readTarget(call.param('targetSubscriptionId'));
  if (isOperator && id === provider.subscriptionId) return provider;
  const found = await findBelow(db, provider.subscriptionId, id, includeIndirect);
  if (found !== undefined) return found;
  throw fail('SubscriptionNotFound', { subscriptionId: id });
}

function readAcquisitionId(
  call: AdminCall,
  fields: Readonly<Record<string, unknown>>,
): AcquisitionId {
  const text = call.param('acquisitionId');
  const id = parseAcquisitionId(text);
  if (id === undefined) throw invalidProperty('the acquisition id', text, 'it has to be a GUID');
  const given = readText(fields, 'acquisitionId');
  if (given === undefined || sameName(given, id)) return id;
  throw invalidProperty('acquisitionId', given, 'it is the one of the path');
}

/** The operator names any plan; others what their customer has or may have: which plans there are besides is not said. */
async function requirePlan(
  tx: Queryable,
  { isOperator }: AdminCall,
  target: Subscription,
  fields: Readonly<Record<string, unknown>>,
): Promise<PlanName> {
  const rule = isOperator
    ? 'it names no plan'
    : 'it names no plan of the offer of the subscription';
  const name = readParsed(fields, 'planId', parsePlanReference, rule) ?? '';
  const plan = isOperator
    ? await findPlan(tx, name)
    : (await plansOf(tx, target)).find((one) => sameName(one.name, name));
  if (plan !== undefined) return plan;
  throw invalidProperty('planId', fields['planId'] ?? '', rule);
}

async function plansOf(
  tx: Queryable,
  { subscriptionId, offerId }: Subscription,
): Promise<PlanName[]> {
  const had = await listAcquiredPlans(tx, subscriptionId);
  const offer = offerId && (await findOfferById(tx, offerId));
  return [...had, ...(offer?.addonPlans ?? [])].map(({ plan }) => plan);
}

/** Flat, as the original has it; plans are named below the caller, whosever they are. */
function toWire(
  { acquisitionId, plan, provisioningState, acquiredAt }: AcquiredPlan,
  { subscriptionId }: Subscription,
  caller: SubscriptionId,
): object {
  const { resourceGroup, name } = plan;
  return {
    id: `${adminSubscriptionId(caller, subscriptionId)}/acquiredPlans/${acquisitionId}`,
    acquisitionId,
    planId: resourceId({ provider: caller, resourceGroup, path: [['plans', name]] }),
    provisioningState,
    acquisitionTime: acquiredAt.toString(),
  };
}
