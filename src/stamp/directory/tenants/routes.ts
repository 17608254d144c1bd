import type { FastifyInstance } from 'fastify';
import { parseDirectoryTenantId, type SubscriptionId } from '../../../kernel/index.ts';
import {
  checkResourceName,
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
  IN_GROUP,
  NAMESPACE,
  requireOperator,
  type AdminCall,
  type DirectoryApi,
} from '../admin.ts';
import {
  DELETE_ANSWERS,
  putAnswers,
  resourceNotFound,
  resourceSchema,
  sameName,
  toResource,
} from '../wire.ts';
import { putDirectoryTenant, removeDirectoryTenant } from './change.ts';
import type { DirectoryTenant } from './directory-tenant.ts';
import { findDirectoryTenant, listDirectoryTenants } from './store.ts';

const properties = {
  type: 'object',
  required: ['tenantId'],
  properties: { tenantId: { type: 'string', format: 'uuid' } },
};
const tenant = named('DirectoryTenant', resourceSchema(properties));

const operations = {
  list: adminOperation({
    id: 'listDirectoryTenants',
    summary: 'The directories whose users and clients may have subscriptions here',
    answers: { 200: listAnswer('All of them, by name.', tenant) },
  }),
  show: adminOperation({
    id: 'getDirectoryTenant',
    summary: 'One directory tenant',
    answers: { 200: { description: 'It.', contents: json(tenant) } },
    errors: ['ResourceNotFound'],
  }),
  put: adminOperation({
    id: 'putDirectoryTenant',
    summary: 'Makes a directory known, or renames one',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: { location: { type: 'string' }, properties },
      }),
    },
    answers: putAnswers('The directory tenant', tenant),
    errors: ['Conflict'],
  }),
  remove: adminOperation({
    id: 'deleteDirectoryTenant',
    summary: 'Forgets a directory that nobody is of any more',
    answers: DELETE_ANSWERS,
    errors: ['Conflict'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;

const ITEM = `${IN_GROUP}/directoryTenants/:tenant`;

/** Directory tenants: the operator's alone, in the group of the stamp unless made in another. */
export function tenantRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const { list, show, put, remove } = operations;
  const everywhere = `${NAMESPACE}/directoryTenants`;
  const inGroup = `${IN_GROUP}/directoryTenants`;
  addAdminRoutes(app, api, [
    { method: 'GET', path: everywhere, operation: list, handle: (call) => listAll(api, call) },
    { method: 'GET', path: inGroup, operation: list, handle: (call) => listAll(api, call) },
    { method: 'GET', path: ITEM, operation: show, handle: (call) => showOne(api, call) },
    { method: 'PUT', path: ITEM, operation: put, handle: (call) => putOne(api, call) },
    { method: 'DELETE', path: ITEM, operation: remove, handle: (call) => removeOne(api, call) },
  ]);
}

async function listAll(api: DirectoryApi, call: AdminCall): Promise<object> {
  const group = call.param('resourceGroup');
  const all = call.isOperator ? await listDirectoryTenants(api.database.pool) : [];
  const here = all.filter((one) => group === '' || sameName(groupOf(one, api), group));
  return { value: here.map((one) => toWire(one, call.provider.subscriptionId, api)) };
}

async function showOne(api: DirectoryApi, call: AdminCall): Promise<object> {
  const found = await findHere(api, api.database.pool, call);
  if (found !== undefined) return toWire(found, call.provider.subscriptionId, api);
  throw resourceNotFound('directoryTenants', call.param('tenant'), call.param('resourceGroup'));
}

async function findHere(
  api: DirectoryApi,
  db: Queryable,
  call: AdminCall,
): Promise<DirectoryTenant | undefined> {
  const name = checkResourceName('directoryTenant', call.param('tenant'));
  const found = call.isOperator ? await findDirectoryTenant(db, { name }) : undefined;
  return found && sameName(groupOf(found, api), call.param('resourceGroup')) ? found : undefined;
}

async function putOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  requireOperator(call, 'directory tenants');
  const name = checkResourceName('directoryTenant', call.param('tenant'));
  const resourceGroup = checkResourceName('resourceGroup', call.param('resourceGroup'));
  const body = call.fields();
  const fields = propertiesOf(body);
  const rule = 'it has to be a GUID';
  const tenantId = readParsed(fields, 'tenantId', parseDirectoryTenantId, rule);
  if (tenantId === undefined) throw invalidProperty('tenantId', '', rule);
  const location = readText(body, 'location', 90);
  const wanted = {
    tenantId,
    name,
    resourceGroup: sameName(resourceGroup, systemGroup(api)) ? undefined : resourceGroup,
    ...(location !== undefined && { location }),
  };
  const { tenant: done, created } = await api.database.transaction((tx) =>
    putDirectoryTenant(tx, wanted, call.changing),
  );
  return call.reply.code(created ? 201 : 200).send(toWire(done, call.provider.subscriptionId, api));
}

async function removeOne(api: DirectoryApi, call: AdminCall): Promise<unknown> {
  requireOperator(call, 'directory tenants');
  const done = await api.database.transaction(async (tx) => {
    const found = await findHere(api, tx, call);
    if (found === undefined) return false;
    await removeDirectoryTenant(tx, found, call.changing);
    return true;
  });
  return call.reply.code(done ? 200 : 204).send();
}

/** The group in which the stamp's own resources are. */
function systemGroup({ region }: DirectoryApi): string {
  return `system.${region}`;
}

function groupOf(one: DirectoryTenant, api: DirectoryApi): string {
  return one.resourceGroup ?? systemGroup(api);
}

function toWire(one: DirectoryTenant, provider: SubscriptionId, api: DirectoryApi): object {
  return toResource(
    { provider, resourceGroup: groupOf(one, api), path: [['directoryTenants', one.name]] },
    one.location ?? api.region,
    { tenantId: one.tenantId },
  );
}
