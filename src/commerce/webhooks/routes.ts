import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, isGuid, parseSubscriptionId, parseWireTime } from '../../kernel/index.ts';
import {
  actorOf,
  allows,
  authorize,
  keyOfPrincipal,
  type Action,
  type Changing,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  orConflict,
  pathOf,
  queryParameters,
  readCount,
  readFields,
  readParsed,
  readSkipToken,
  readText,
  readTokenKey,
  requireText,
  type Fields,
  type Operation,
} from '../../platform/index.ts';
import type { WebhookApi } from './api.ts';
import { addEndpoint, changeEndpoint, removeEndpoint, rotateSecret } from './change.ts';
import { enqueueTest, replayMessages, type Replay } from './delivery-store.ts';
import { readEndpointChange, toWireEndpoint, type WebhookEndpoint } from './endpoint.ts';
import { findEndpoint, listEndpoints } from './endpoint-store.ts';
import { deliveryStates, listMessages, toWireMessage } from './message-store.ts';
import { webhookOperations as operations } from './operations.ts';

const LIST = '/api/v1/webhook-endpoints';
const ONE = `${LIST}/:endpoint`;
const READ = 'Stackmeter.Billing/webhooks/read';
const WRITE = 'Stackmeter.Billing/webhooks/write';
/** Messages on a page. */
const PAGE = 200;
const ROTATION_HOURS = 24;
const MOST_ROTATION_HOURS = 720;

/** Who is told what happened: for those who may see and change this of the account concerned. */
export function webhookRoutes(app: FastifyInstance, api: WebhookApi): void {
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    const principal = await api.authenticate(request);
    const account = queryParameters(request).get('account');
    if (account === undefined) authorize(principal, READ);
    const only = account && (await api.authorizeAccount(principal, READ, account)).accountId;
    const url = await shownUrl(api, principal, only);
    const endpoints = await listEndpoints(api.database.pool, only);
    return { value: endpoints.map((one) => toWireEndpoint(one, url)) };
  });
  app.put<{ Params: Params }>(ONE, { config: { operation: operations.put } }, (request, reply) =>
    orConflict(() => put(api, request, reply)),
  );
  endpointRoutes(app, api);
  messageRoutes(app, api);
}

function endpointRoutes(app: FastifyInstance, api: WebhookApi): void {
  const { database } = api;
  addRoute(app, api, 'GET', '', operations.show, async ({ endpoint, principal }) =>
    toWireEndpoint(endpoint, await shownUrl(api, principal, endpoint.accountId)),
  );
  addRoute(app, api, 'DELETE', '', operations.remove, async ({ endpoint, reply, changing }) => {
    await database.transaction((tx) => removeEndpoint(tx, endpoint.endpointId, changing));
    return reply.code(204).send();
  });
  addRoute(app, api, 'POST', '/rotate-secret', operations.rotate, async (call) => {
    const hours = readCount(fieldsOf(call.request), 'hours') ?? ROTATION_HOURS;
    if (hours > MOST_ROTATION_HOURS) {
      throw invalidProperty('hours', hours, `it is at most ${MOST_ROTATION_HOURS}`);
    }
    const { endpoint, secret } = await database.transaction((tx) =>
      rotateSecret(tx, call.endpoint.endpointId, hours, call.changing),
    );
    return { ...toWireEndpoint(endpoint, 'whole'), secret };
  });
}

function messageRoutes(app: FastifyInstance, api: WebhookApi): void {
  const { database, clock } = api;
  addRoute(app, api, 'GET', '/messages', operations.messages, (call) => listPage(api, call));
  addRoute(app, api, 'POST', '/replay', operations.replay, async ({ endpoint, request, reply }) => {
    const which = readReplay(fieldsOf(request));
    const messages = await database.transaction((tx) =>
      replayMessages(tx, endpoint.endpointId, which, clock.now()),
    );
    api.wake?.();
    return reply.code(202).send({ messages });
  });
  addRoute(app, api, 'POST', '/test', operations.test, async ({ endpoint, reply }) => {
    const messageId = await database.transaction((tx) => enqueueTest(tx, endpoint, clock.now()));
    api.wake?.();
    return reply.code(202).send({ messageId });
  });
}

/** @param account undefined: all of them */
async function shownUrl(
  api: WebhookApi,
  principal: Principal,
  account: string | undefined,
): Promise<'whole' | 'origin'> {
  if (account === undefined) return allows(principal.grants, WRITE) ? 'whole' : 'origin';
  try {
    await api.authorizeAccount(principal, WRITE, account);
    return 'whole';
  } catch (error) {
    if (isRefusal(error)) return 'origin';
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'BillingAccountNotFound' || code === 'AuthorizationFailed';
}

interface Params {
  readonly endpoint: string;
}

interface EndpointCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly endpoint: WebhookEndpoint;
}

/** A route about one endpoint: reading for those who may, all else for those who may change it. */
function addRoute(
  app: FastifyInstance,
  api: WebhookApi,
  method: 'GET' | 'DELETE' | 'POST',
  path: string,
  operation: Operation,
  handle: (call: EndpointCall) => Promise<unknown>,
): void {
  app.route<{ Params: Params }>({
    method,
    url: ONE + path,
    config: { operation },
    handler: async (request, reply) => {
      const principal = await api.authenticate(request);
      const action = method === 'GET' ? READ : WRITE;
      const text = request.params.endpoint;
      const endpoint = await findEndpoint(api.database.pool, text);
      if (endpoint === undefined) throw endpointNotFound(text);
      await authorizeEndpoint(api, principal, action, endpoint);
      const changing = { clock: api.clock, actor: actorOf(principal) };
      return handle({ request, reply, principal, changing, endpoint });
    },
  });
}

/** Whose account is not there for the caller, of that the endpoint is not either. */
async function authorizeEndpoint(
  api: WebhookApi,
  principal: Principal,
  action: Action,
  { endpointId, accountId }: WebhookEndpoint,
): Promise<void> {
  try {
    await api.authorizeAccount(principal, action, accountId);
  } catch (error) {
    const isHidden =
      error instanceof Error && 'code' in error && error.code === 'BillingAccountNotFound';
    throw isHidden ? endpointNotFound(endpointId) : error;
  }
}

function endpointNotFound(endpoint: string): Error {
  return fail('WebhookEndpointNotFound', { endpoint });
}

async function put(
  api: WebhookApi,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { database, clock } = api;
  const principal = await api.authenticate(request);
  const endpointId = request.params.endpoint;
  const fields = readFields(request.body);
  const changing = { clock, actor: actorOf(principal) };
  const present = await findEndpoint(database.pool, endpointId);
  if (present !== undefined && (await isSeen(api, principal, present))) {
    await authorizeEndpoint(api, principal, WRITE, present);
    const account = readText(fields, 'accountId')?.toLowerCase();
    if (account !== undefined && account !== present.accountId) {
      throw invalidProperty('accountId', account, 'an endpoint stays with its account');
    }
    const change = readEndpointChange(fields);
    const changed = await database.transaction((tx) =>
      changeEndpoint(tx, present.endpointId, change, changing),
    );
    api.wake?.();
    return toWireEndpoint(changed, 'whole');
  }
  const asked = requireText(fields, 'accountId');
  const { accountId } = await api.authorizeAccount(principal, WRITE, asked);
  const change = readEndpointChange(fields);
  const { endpoint, secret } = await database.transaction((tx) =>
    addEndpoint(tx, { endpointId, accountId }, change, changing),
  );
  return reply.code(201).send({ ...toWireEndpoint(endpoint, 'whole'), secret });
}

/** Whether somebody may know that there is an endpoint; to all others its id is as good as new. */
async function isSeen(
  api: WebhookApi,
  principal: Principal,
  { accountId }: WebhookEndpoint,
): Promise<boolean> {
  try {
    await api.authorizeAccount(principal, READ, accountId);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** A body that need not be there. */
function fieldsOf({ body }: FastifyRequest): Fields {
  return body === undefined || body === null ? {} : readFields(body);
}

function readReplay(fields: Fields): Replay {
  const messageId = readParsed(
    fields,
    'messageId',
    (text) => (isGuid(text) ? text : undefined),
    'it has to be a GUID',
  );
  const since = readParsed(fields, 'since', parseWireTime, 'it is a time in UTC');
  const { dead } = fields;
  const given = [messageId, since, dead].filter((value) => value !== undefined);
  if (given.length === 1) {
    if (messageId !== undefined) return { messageId };
    if (since !== undefined) return { since };
    if (dead === true) return { dead };
  }
  throw invalidProperty('the body', fields, 'give one of messageId, since, and dead as true');
}

async function listPage({ database }: WebhookApi, call: EndpointCall): Promise<object> {
  const { endpoint, request, principal } = call;
  const parameters = queryParameters(request);
  const text = parameters.get('state');
  const state = deliveryStates.find((one) => one.toLowerCase() === text?.toLowerCase());
  if (text !== undefined && state === undefined) {
    throw invalidProperty('state', text, `it is one of ${deliveryStates.join(', ')}`);
  }
  const list = JSON.stringify([keyOfPrincipal(principal), pathOf(request).toLowerCase(), state]);
  const token = parameters.get('$skiptoken');
  const key = await readTokenKey(database.pool);
  const after = token === undefined ? undefined : readSkipToken(key, list, token);
  const page = { state, after, limit: PAGE + 1 };
  const messages = await listMessages(database.pool, endpoint.endpointId, page);
  const value = messages.slice(0, PAGE).map(toWireMessage);
  const last = messages.length > PAGE ? messages[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(last.messageId);
  if (id === undefined) return { value };
  return { value, nextLink: nextLinkOf(request, makeSkipToken(key, list, id)) };
}
