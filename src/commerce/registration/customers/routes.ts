import type { FastifyInstance } from 'fastify';
import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  parseWireTime,
} from '../../../kernel/index.ts';
import { authorize } from '../../../identity/index.ts';
import {
  type Fields,
  json,
  listAnswer,
  named,
  type Operation,
  propertiesOf,
  readFields,
  readParsed,
} from '../../../platform/index.ts';
import {
  addArmRoutes,
  armOperation,
  PAGE,
  PAGE_PARAMETERS,
  pageAnswer,
  PRECONDITIONS,
  readPosition,
  readTruth,
  type ArmCall,
  type RegistrationApi,
} from '../http.ts';
import { etagText, preconditionOf } from '../registrations/precondition.ts';
import { resourceIdOf, type RegistrationPlace } from '../registrations/registration.ts';
import { findOrResolve } from '../subscriptions/resolver.ts';
import { putCustomerMapping, removeCustomerMapping, type MappingOptions } from './change.ts';
import { findCustomer, listCustomers } from './list.ts';
import type { CustomerMapping } from './mapping.ts';
import type { CustomerResource } from './resource.ts';
import { requireMappingBase, requireRegistration } from './rules.ts';

const guid = { type: 'string', format: 'uuid' };
const writable = {
  tenantId: { ...guid, description: 'Directory of the customer, with which it signs in.' },
  effectiveFrom: { type: 'string', format: 'date-time', description: 'Now or later.' },
  shared: {
    type: 'boolean',
    description: 'Whether all registrations of the partner use it; our own addition.',
  },
};

const customer = named('CustomerSubscription', {
  type: 'object',
  required: ['id', 'name', 'type', 'etag', 'properties'],
  properties: {
    id: { type: 'string' },
    name: guid,
    type: { const: 'Microsoft.AzureStack/registrations/customerSubscriptions' },
    etag: { type: 'string' },
    properties: {
      type: 'object',
      required: ['tenantId', 'effectiveFrom', 'version', 'shared'],
      properties: {
        ...writable,
        version: { type: 'integer' },
        effectiveTo: { type: 'string', format: 'date-time', description: 'Replaced then.' },
        inheritedFrom: {
          ...guid,
          description: 'Id of the registration that shares it; absent for one of its own.',
        },
        present: { type: 'object', description: 'What applies until effectiveFrom, if other.' },
      },
    },
  },
});

const ERRORS = ['RegistrationNotFound', 'PreconditionFailed', 'Conflict'] as const;

const operations = {
  list: armOperation({
    id: 'listCustomerSubscriptions',
    summary: 'To which subscription the usage of which directory goes',
    parameters: PAGE_PARAMETERS,
    answers: { 200: listAnswer('A page of them, by id.', customer) },
    errors: ['RegistrationNotFound'],
  }),
  show: armOperation({
    id: 'getCustomerSubscription',
    summary: 'One customer subscription',
    answers: { 200: { description: 'It.', contents: json(customer) } },
    errors: ['RegistrationNotFound', 'CustomerSubscriptionNotFound'],
  }),
  put: armOperation({
    id: 'putCustomerSubscription',
    summary: 'Lets the usage of a directory go to a customer subscription',
    description:
      'What the directory had before is replaced. Without a directory that of the customer subscription is taken. What is or was shared needs the same right at all registrations of the partner.',
    parameters: PRECONDITIONS,
    body: {
      required: false,
      contents: json({
        type: 'object',
        properties: { properties: { type: 'object', properties: writable } },
      }),
    },
    answers: { 200: { description: 'It, new or changed.', contents: json(customer) } },
    errors: [
      ...ERRORS,
      'CustomerSubscriptionsNotAllowed',
      'UnauthorizedCspRegistration',
      'InvalidCustomerSubscriptionId',
      'InvalidCSPSubscription',
      'BadCustomerSubscriptionId',
      'MetadataResolverBadGatewayError',
    ],
  }),
  remove: armOperation({
    id: 'deleteCustomerSubscription',
    summary: 'Ends the mapping: usage then goes to the subscription of the registration',
    parameters: PRECONDITIONS,
    answers: {
      200: { description: 'It was there and has ended.' },
      204: { description: 'There was nothing.' },
    },
    errors: ERRORS,
  }),
} as const satisfies Readonly<Record<string, Operation>>;

const LIST =
  '/resourceGroups/:resourceGroup/providers/Microsoft.AzureStack/registrations/:registration/customerSubscriptions';
const ITEM = `${LIST}/:customerSubscriptionId`;
const ACTION = 'Microsoft.AzureStack/registrations/customerSubscriptions';

/** Mappings of customers, as the original has them below a registration. */
export function customerRoutes(app: FastifyInstance, api: RegistrationApi): void {
  const { list, show, put, remove } = operations;
  addArmRoutes(app, api, [
    {
      method: 'GET',
      path: LIST,
      action: `${ACTION}/read`,
      operation: list,
      handle: (call) => listAll(api, call),
    },
    {
      method: 'GET',
      path: ITEM,
      action: `${ACTION}/read`,
      operation: show,
      handle: (call) => showOne(api, call),
    },
    {
      method: 'PUT',
      path: ITEM,
      action: `${ACTION}/write`,
      operation: put,
      handle: (call) => putOne(api, call),
    },
    {
      method: 'DELETE',
      path: ITEM,
      action: `${ACTION}/delete`,
      operation: remove,
      handle: (call) => removeOne(api, call),
    },
  ]);
}

async function listAll(api: RegistrationApi, call: ArmCall): Promise<object> {
  const db = api.database.pool;
  const registration = await requireRegistration(db, call.place);
  const page = { after: await readPosition(api, call), limit: PAGE + 1 };
  const found = await listCustomers(db, registration, api.clock.now(), page);
  return pageAnswer(api, call, found, {
    idOf: ([one]) => one?.customerSubscriptionId ?? '',
    toWire: (group) => group.map((one) => toWire(registration, one)),
  });
}

async function showOne(api: RegistrationApi, call: ArmCall): Promise<unknown> {
  const db = api.database.pool;
  const registration = await requireRegistration(db, call.place);
  const text = call.param('customerSubscriptionId');
  const id = parseSubscriptionId(text);
  const found = id && (await findCustomer(db, registration, id, api.clock.now()));
  if (found !== undefined) return answer(call, registration, found);
  throw fail('CustomerSubscriptionNotFound', {
    name: registration.name,
    customerSubscriptionId: text,
  });
}

async function putOne(api: RegistrationApi, call: ArmCall): Promise<unknown> {
  const { database, resolveSubscription: resolve } = api;
  const { changing, place } = call;
  const fields = readBody(call.request.body);
  const registration = await requireRegistration(database.pool, place);
  await requireMappingBase(database.pool, registration);
  const text = call.param('customerSubscriptionId');
  const id = parseSubscriptionId(text);
  const known = id && (await findOrResolve({ database, resolve }, id, changing));
  if (known === undefined) {
    throw fail('InvalidCustomerSubscriptionId', { customerSubscriptionId: text });
  }
  const wanted = {
    customerSubscriptionId: known.subscriptionId,
    tenantId: readParsed(fields, 'tenantId', parseDirectoryTenantId, 'it is the id of a directory'),
    shared: readTruth(fields, 'shared') ?? false,
    effectiveFrom: readParsed(
      fields,
      'effectiveFrom',
      parseWireTime,
      'it is a time like 2026-12-31T00:00:00Z',
    ),
  };
  const mapped = await database.transaction((tx) =>
    putCustomerMapping(tx, place, wanted, changing, optionsOf(call, `${ACTION}/write`)),
  );
  return answer(call, registration, mapped);
}

/** What is shared moves usage of other registrations: the caller needs the same right at each of them. */
function optionsOf(
  { request, principal }: ArmCall,
  action: `${typeof ACTION}/${'write' | 'delete'}`,
): MappingOptions {
  return {
    precondition: preconditionOf(request),
    authorizeFor: ({ subscriptionId, resourceGroup }) => {
      authorize(principal, action, { subscriptionId, resourceGroup });
    },
  };
}

function readBody(body: unknown): Fields {
  return body === undefined || body === null ? {} : propertiesOf(readFields(body));
}

async function removeOne({ database }: RegistrationApi, call: ArmCall): Promise<unknown> {
  const id = parseSubscriptionId(call.param('customerSubscriptionId'));
  const options = optionsOf(call, `${ACTION}/delete`);
  const removed = await database.transaction(async (tx) => {
    if (id !== undefined) {
      return removeCustomerMapping(tx, call.place, id, call.changing, options);
    }
    await requireRegistration(tx, call.place);
    return false;
  });
  return call.reply.code(removed ? 200 : 204).send();
}

function answer(call: ArmCall, place: RegistrationPlace, one: CustomerResource): object {
  void call.reply.header('etag', etagText(one.etag));
  return toWire(place, one);
}

function toWire(place: RegistrationPlace, one: CustomerResource): object {
  const { customerSubscriptionId, inheritedFrom, present } = one;
  return {
    id: `${resourceIdOf(place)}/customerSubscriptions/${customerSubscriptionId}`,
    name: customerSubscriptionId,
    type: 'Microsoft.AzureStack/registrations/customerSubscriptions',
    etag: etagText(one.etag),
    properties: {
      ...propertiesOfMapping(one),
      ...(inheritedFrom !== undefined && { inheritedFrom }),
      ...(present && { present: propertiesOfMapping(present) }),
    },
  };
}

function propertiesOfMapping(one: CustomerMapping): object {
  return {
    tenantId: one.tenantId,
    effectiveFrom: one.effectiveFrom.toString(),
    ...(one.effectiveTo && { effectiveTo: one.effectiveTo.toString() }),
    version: one.version,
    shared: one.shared,
  };
}
