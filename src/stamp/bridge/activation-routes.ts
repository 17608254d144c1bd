import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId, type Instant } from '../../kernel/index.ts';
import {
  invalidProperty,
  propertiesOf,
  readFields,
  readText,
  requireApiVersion,
  type Operation,
} from '../../platform/index.ts';
import { actorOf, authorize, type Action, type Changing } from '../../identity/index.ts';
import { windowName } from '../../reporting/index.ts';
import { findDefaultProviderSubscription, findSubscription } from '../directory/index.ts';
import { applyActivationKey, removeActivation } from './activating.ts';
import { alertsOf, type Activation } from './activation.ts';
import { activationOperations, BRIDGE_VERSIONS } from './operations.ts';
import type { BridgeApi } from './api.ts';
import { findActivation } from './store.ts';

const NAMESPACE = 'Microsoft.AzureBridge.Admin';
const TYPE = `${NAMESPACE}/activations`;
const GROUP = 'azurestack-activation';
const NAME = 'default';
const NEVER = '9999-12-30T23:59:59Z';
const LONGEST_KEY = 20_000;
const LIST = `/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/providers/${TYPE}`;

interface Params {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly activation?: string;
}

interface ActivationCall {
  readonly request: FastifyRequest<{ Params: Params }>;
  readonly reply: FastifyReply;
  readonly changing: Changing;
  /** Id of the default provider subscription. */
  readonly provider: string;
  readonly now: Instant;
}

/** The activation as the clients of the stamp know it: one resource of the default provider subscription. */
export function activationRoutes(app: FastifyInstance, api: BridgeApi): void {
  const add = (
    method: 'GET' | 'PUT' | 'DELETE',
    url: string,
    operation: Operation,
    handle: (call: ActivationCall) => Promise<unknown>,
  ): void => {
    app.route<{ Params: Params }>({
      method,
      url,
      config: { operation },
      handler: async (request, reply) => handle(await admit(api, request, reply, method)),
    });
  };
  const { list, show, put, remove } = activationOperations;
  const { database } = api;
  add('GET', LIST, list, async ({ provider, now }) => {
    const found = await findActivation(database.pool);
    return { value: found === undefined ? [] : [toWire(found, provider, now, api)] };
  });
  const item = `${LIST}/:activation`;
  add('GET', item, show, async ({ request, provider, now }) => {
    const found = await findActivation(database.pool);
    if (found === undefined) throw notFound(request.params);
    return toWire(found, provider, now, api);
  });
  add('PUT', item, put, async ({ request, reply, provider, now, changing }) => {
    const fields = propertiesOf(readFields(request.body));
    const key = readText(fields, 'activationKey', LONGEST_KEY) ?? '';
    if (key === '') throw invalidProperty('activationKey', '', 'it has to be given');
    const applied = await applyActivationKey(api, key, changing);
    return reply.code(applied.created ? 201 : 200).send(toWire(applied, provider, now, api));
  });
  add('DELETE', item, remove, async ({ reply, changing }) => {
    const left = await removeActivation(api, changing);
    if (left === undefined) return reply.code(204).send();
    const { unsentFrom, unsentThrough, windows } = left;
    return reply.code(200).send({
      windowsLeftBehind: windows,
      ...(unsentFrom !== undefined && { from: windowName(unsentFrom) }),
      ...(unsentThrough !== undefined && { through: windowName(unsentThrough) }),
    });
  });
}

const VERBS = { GET: 'read', PUT: 'write', DELETE: 'delete' } as const;

/** @throws AuthorizationFailed, and to those who may know more what is not there */
async function admit(
  api: BridgeApi,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  method: keyof typeof VERBS,
): Promise<ActivationCall> {
  const { params } = request;
  const principal = await api.authenticate(request);
  const action: Action = `Microsoft.AzureBridge.Admin/activations/${VERBS[method]}`;
  authorize(principal, action, { subscriptionId: params.subscriptionId });
  requireApiVersion(request, BRIDGE_VERSIONS);
  const { pool } = api.database;
  const id = parseSubscriptionId(params.subscriptionId);
  if (id === undefined || (await findSubscription(pool, id)) === undefined) {
    throw fail('SubscriptionNotFound', { subscriptionId: params.subscriptionId });
  }
  const provider = await findDefaultProviderSubscription(pool);
  const isHere =
    provider?.subscriptionId === id &&
    params.resourceGroup.toLowerCase() === GROUP &&
    (params.activation ?? NAME).toLowerCase() === NAME;
  if (!isHere) throw notFound(params);
  const changing = { clock: api.clock, actor: actorOf(principal) };
  return { request, reply, changing, provider: id, now: api.clock.now() };
}

function notFound({ resourceGroup, activation = NAME }: Params): Error {
  return fail('ResourceNotFound', { type: TYPE, name: activation, resourceGroup });
}

function toWire(
  activation: Activation,
  provider: string,
  now: Instant,
  { region }: BridgeApi,
): object {
  return {
    id: `/subscriptions/${provider}/resourceGroups/${GROUP}/providers/${TYPE}/${NAME}`,
    name: NAME,
    type: TYPE,
    location: region,
    etag: activation.etag,
    properties: {
      displayName: 'Azure Stack Activation',
      azureRegistrationResourceIdentifier: activation.registrationResourceId,
      azureEnvironmentName: 'AzureCloud',
      expiration: activation.expiresAt?.toString() ?? NEVER,
      marketplaceSyndicationEnabled: activation.marketplaceSyndication,
      usageReportingEnabled: activation.usageReporting,
      provisioningState: 'Succeeded',
      alerts: alertsOf(activation, now),
    },
  };
}
