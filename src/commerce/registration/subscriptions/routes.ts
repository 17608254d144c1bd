import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { actorOf, authorize } from '../../../identity/index.ts';
import {
  type Fields,
  invalidProperty,
  json,
  listAnswer,
  named,
  type Operation,
  orConflict,
  propertiesOf,
  readFields,
  readParsed,
  readText,
  requireText,
} from '../../../platform/index.ts';
import { readTruth, type RegistrationApi } from '../http.ts';
import { holdRegistrations } from '../lock.ts';
import { addCommerceSubscription, changeCommerceSubscription } from './change.ts';
import {
  commerceSubscriptionKinds,
  parseKind,
  type CommerceSubscription,
} from './commerce-subscription.ts';
import { findCommerceSubscription, listCommerceSubscriptions } from './store.ts';

const properties = {
  displayName: { type: 'string' },
  kind: { enum: [...commerceSubscriptionKinds] },
  partnerId: { type: 'string', description: 'Of the kinds CSP and CSPSharedServices, to whom.' },
  tenantId: { type: 'string', format: 'uuid', description: 'Home directory.' },
  multitenancyApproved: { type: 'boolean' },
  state: { enum: ['Enabled', 'Disabled'] },
};

const subscription = named('CommerceSubscription', {
  type: 'object',
  required: ['subscriptionId', 'displayName', 'kind', 'multitenancyApproved', 'state', 'createdAt'],
  properties: {
    subscriptionId: { type: 'string', format: 'uuid' },
    ...properties,
    createdAt: { type: 'string', format: 'date-time' },
  },
});

const common = { tag: 'commerce', access: 'token', surface: 'operator' } as const;
const body = { required: true, contents: json({ type: 'object', properties }) };

const operations = {
  list: {
    ...common,
    id: 'listCommerceSubscriptions',
    summary: 'The subscriptions that pay',
    answers: { 200: listAnswer('All of them, by name.', subscription) },
  },
  show: {
    ...common,
    id: 'getCommerceSubscription',
    summary: 'One subscription that pays',
    answers: { 200: { description: 'It.', contents: json(subscription) } },
    errors: ['SubscriptionNotFound'],
  },
  put: {
    ...common,
    id: 'putCommerceSubscription',
    summary: 'Makes a subscription that pays, or changes it',
    description:
      'What is left out of a change stays. Kind and partner stay for ever. With another directory its registrations are reset.',
    body,
    answers: {
      200: {
        description: 'It was there and is as sent now.',
        contents: json(subscription),
      },
      201: { description: 'It is there now.', contents: json(subscription) },
    },
    errors: ['Conflict'],
  },
  patch: {
    ...common,
    id: 'updateCommerceSubscription',
    summary: 'Changes a subscription that pays',
    body,
    answers: { 200: { description: 'As it is now.', contents: json(subscription) } },
    errors: ['SubscriptionNotFound', 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

const LIST = '/api/v1/commerce-subscriptions';
const ITEM = `${LIST}/:subscriptionId`;
const READ = 'Stackmeter.Commerce/subscriptions/read';
const WRITE = 'Stackmeter.Commerce/subscriptions/write';

interface Item {
  Params: { subscriptionId: string };
}

/** The subscriptions that pay: the operator's of commerce alone. */
export function commerceSubscriptionRoutes(app: FastifyInstance, api: RegistrationApi): void {
  const { pool } = api.database;
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return { value: (await listCommerceSubscriptions(pool)).map(toWireCommerceSubscription) };
  });
  app.get<Item>(ITEM, { config: { operation: operations.show } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    const { subscriptionId } = request.params;
    const id = parseSubscriptionId(subscriptionId);
    const found = id && (await findCommerceSubscription(pool, id));
    if (found === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
    return toWireCommerceSubscription(found);
  });
  app.put<Item>(ITEM, { config: { operation: operations.put } }, async (request, reply) => {
    const { made, created } = await write(api, request, true);
    return reply.code(created ? 201 : 200).send(toWireCommerceSubscription(made));
  });
  app.patch<Item>(ITEM, { config: { operation: operations.patch } }, async (request) =>
    toWireCommerceSubscription((await write(api, request, false)).made),
  );
}

async function write(
  api: RegistrationApi,
  request: FastifyRequest<Item>,
  mayCreate: boolean,
): Promise<{ readonly made: CommerceSubscription; readonly created: boolean }> {
  const principal = await api.authenticate(request);
  authorize(principal, WRITE);
  const { subscriptionId: text } = request.params;
  const id = parseSubscriptionId(text);
  if (id === undefined) {
    if (!mayCreate) throw fail('SubscriptionNotFound', { subscriptionId: text });
    throw invalidProperty('subscriptionId', text, 'it has to be a GUID');
  }
  const fields = propertiesOf(readFields(request.body));
  const changing = { clock: api.clock, actor: actorOf(principal) };
  return orConflict(() =>
    api.database.transaction(async (tx) => {
      await holdRegistrations(tx);
      const present = await findCommerceSubscription(tx, id);
      if (present === undefined && mayCreate) {
        const added = await addCommerceSubscription(tx, readNew(id, fields), changing);
        const { state } = readChange(fields);
        if (state === undefined || state === added.state) return { made: added, created: true };
        const made = await changeCommerceSubscription(tx, id, { state }, changing);
        return { made, created: true };
      }
      if (present !== undefined) checkUnchanged(present, fields);
      const made = await changeCommerceSubscription(tx, id, readChange(fields), changing);
      return { made, created: false };
    }),
  );
}

function readNew(
  subscriptionId: SubscriptionId,
  fields: Fields,
): Parameters<typeof addCommerceSubscription>[1] {
  const kind = readKind(fields);
  if (kind === undefined) throw invalidProperty('kind', '', KIND_RULE);
  const { tenantId, multitenancyApproved = false } = readChange(fields);
  return {
    subscriptionId,
    displayName: requireText(fields, 'displayName'),
    kind,
    partnerId: readText(fields, 'partnerId'),
    tenantId,
    multitenancyApproved,
  };
}

const KIND_RULE = `it is one of ${commerceSubscriptionKinds.join(', ')}`;

function readKind(fields: Fields): CommerceSubscription['kind'] | undefined {
  return readParsed(fields, 'kind', parseKind, KIND_RULE);
}

function readChange(fields: Fields): Parameters<typeof changeCommerceSubscription>[2] {
  return {
    displayName: readText(fields, 'displayName'),
    tenantId: readParsed(fields, 'tenantId', parseDirectoryTenantId, 'it has to be a GUID'),
    multitenancyApproved: readTruth(fields, 'multitenancyApproved'),
    state: readParsed(fields, 'state', parseState, 'it is Enabled or Disabled'),
  };
}

function parseState(text: string): CommerceSubscription['state'] | undefined {
  return (['Enabled', 'Disabled'] as const).find(
    (state) => state.toLowerCase() === text.toLowerCase(),
  );
}

/** What was booked is of a kind and a partner. @throws Conflict */
function checkUnchanged(present: CommerceSubscription, fields: Fields): void {
  const kind = readKind(fields) ?? present.kind;
  const partnerId = readText(fields, 'partnerId') ?? present.partnerId;
  if (kind === present.kind && partnerId === present.partnerId) return;
  const reason = `the subscription ${present.subscriptionId} keeps its kind and partner`;
  throw fail('Conflict', { reason });
}

/** A subscription as answers and commands have it. */
export function toWireCommerceSubscription(one: CommerceSubscription): object {
  const { subscriptionId, displayName, kind, partnerId, tenantId } = one;
  return {
    subscriptionId,
    displayName,
    kind,
    ...(partnerId !== undefined && { partnerId }),
    ...(tenantId !== undefined && { tenantId }),
    multitenancyApproved: one.multitenancyApproved,
    state: one.state,
    createdAt: one.createdAt.toString(),
  };
}
