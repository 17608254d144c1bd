import type { FastifyInstance } from 'fastify';
import {
  checkResourceName,
  type Fields,
  propertiesOf,
  type Queryable,
  readText,
  readTexts,
} from '../../../platform/index.ts';
import type { SubscriptionId } from '../../../kernel/index.ts';
import {
  addAdminRoutes,
  IN_GROUP,
  NAMESPACE,
  requireOperator,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import { resourceNotFound, sameName, toResource } from '../wire.ts';
import { addPlan, changePlan, removePlan } from './change.ts';
import { planOperations as operations } from './operations.ts';
import type { NewPlan, Plan } from './plan.ts';
import { findPlan, listPlans } from './store.ts';

const ITEM = `${IN_GROUP}/plans/:plan`;

/** Plans: the operator's alone. A delegated provider has none, and sees those of its offers in their ids. */
export function planRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const listIn = (call: AdminCall, group?: string): Promise<object> => listAll(api, call, group);
  addAdminRoutes(app, api, [
    {
      method: 'GET',
      path: `${NAMESPACE}/plans`,
      operation: operations.list,
      handle: (call) => listIn(call),
    },
    {
      method: 'GET',
      path: `${IN_GROUP}/plans`,
      operation: operations.list,
      handle: (call) =>
        listIn(call, checkResourceName('resourceGroup', call.param('resourceGroup'))),
    },
    {
      method: 'GET',
      path: ITEM,
      operation: operations.show,
      handle: async (call) =>
        toWire(
          await requirePlan(api.database.pool, call),
          call.provider.subscriptionId,
          api.region,
        ),
    },
    { method: 'PUT', path: ITEM, operation: operations.put, handle: (call) => put(api, call) },
    {
      method: 'DELETE',
      path: ITEM,
      operation: operations.remove,
      handle: (call) => remove(api, call),
    },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall, group?: string): Promise<object> {
  const plans = call.isOperator ? await listPlans(api.database.pool, group) : [];
  return { value: plans.map((plan) => toWire(plan, call.provider.subscriptionId, api.region)) };
}

async function requirePlan(db: Queryable, call: AdminCall): Promise<Plan> {
  const found = await findHere(db, call);
  if (found !== undefined) return found;
  throw resourceNotFound('plans', call.param('plan'), call.param('resourceGroup'));
}

async function findHere(db: Queryable, call: AdminCall): Promise<Plan | undefined> {
  const name = checkResourceName('plan', call.param('plan'));
  const found = call.isOperator ? await findPlan(db, name) : undefined;
  return found && sameName(found.resourceGroup, call.param('resourceGroup')) ? found : undefined;
}

async function put(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  requireOperator(call, 'plans');
  const fields = call.fields();
  const { result, created } = await api.database.transaction(async (tx) => {
    const before = await findHere(tx, call);
    const wanted = readPlan(fields, call, before);
    const plan =
      before === undefined
        ? await addPlan(tx, wanted, call.changing)
        : await changePlan(tx, before, wanted, call.changing);
    return { result: plan, created: before === undefined };
  });
  return call.reply
    .code(created ? 201 : 200)
    .send(toWire(result, call.provider.subscriptionId, api.region));
}

/** What is left out stays as it is, or is empty for a new plan. */
function readPlan(body: Fields, call: AdminCall, before: Plan | undefined): NewPlan {
  const fields = propertiesOf(body);
  const name = before?.name ?? checkResourceName('plan', call.param('plan'));
  return {
    resourceGroup:
      before?.resourceGroup ?? checkResourceName('resourceGroup', call.param('resourceGroup')),
    name,
    displayName: readText(fields, 'displayName') ?? before?.displayName ?? name,
    description: readText(fields, 'description', 2000) ?? before?.description ?? '',
    externalReferenceId:
      readText(fields, 'externalReferenceId') ?? before?.externalReferenceId ?? '',
    location: readText(body, 'location', 90) ?? before?.location,
    quotaIds: readTexts(fields, 'quotaIds') ?? before?.quotaIds ?? [],
  };
}

async function remove(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  requireOperator(call, 'plans');
  const done = await api.database.transaction(async (tx) => {
    const plan = await findHere(tx, call);
    if (plan === undefined) return false;
    await removePlan(tx, plan, call.changing);
    return true;
  });
  return call.reply.code(done ? 200 : 204).send();
}

function toWire(plan: Plan, provider: SubscriptionId, region: string): object {
  const { name, resourceGroup, displayName, description, externalReferenceId } = plan;
  return toResource({ provider, resourceGroup, path: [['plans', name]] }, plan.location ?? region, {
    name,
    displayName,
    description,
    externalReferenceId,
    subscriptionCount: plan.subscriptionCount,
    quotaIds: plan.quotaIds,
  });
}
