import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pageAnswer } from '../../identity/index.ts';
import {
  invalidProperty,
  queryParameters,
  readCount,
  readFields,
  type Fields,
} from '../../platform/index.ts';
import { holdPresent, ownedRoutes, type OwnedApi, type OwnedCall } from '../accounts/index.ts';
import { readReplay } from '../mail/index.ts';
import {
  addEndpoint,
  changeEndpoint,
  removeEndpoint,
  replayTo,
  rotateSecret,
  webhookEndpoints,
} from './change.ts';
import { enqueueTest } from './delivery-store.ts';
import { readEndpointChange, toWireEndpoint, type WebhookEndpoint } from './endpoint.ts';
import { listEndpoints } from './endpoint-store.ts';
import {
  deliveryStates,
  listMessages,
  toWireMessage,
  type DeliveryState,
} from './message-store.ts';
import { webhookOperations as operations } from './operations.ts';

const READ = 'Stackmeter.Billing/webhooks/read';
const WRITE = 'Stackmeter.Billing/webhooks/write';
/** Messages on a page. */
const PAGE = 200;
const ROTATION_HOURS = 24;
const MOST_ROTATION_HOURS = 720;

/** Who is told what happened: for those who may see and change this of the account concerned. */
export function webhookRoutes(app: FastifyInstance, api: OwnedApi): void {
  const { database, clock } = api;
  const add = ownedRoutes<WebhookEndpoint>(app, api, {
    ...webhookEndpoints,
    path: '/api/v1/webhook-endpoints',
    actions: { read: READ, write: WRITE, remove: WRITE },
    operations,
    list: ({ pool }, accountIds) => listEndpoints(pool, accountIds),
    toWire: (_, all, mayWrite) =>
      Promise.resolve(all.map((one) => toWireEndpoint(one, mayWrite(one) ? 'whole' : 'origin'))),
    put: async ({ tx, id, accountId, present, fields, changing }) => {
      const change = readEndpointChange(fields);
      if (present !== undefined) {
        return { thing: await changeEndpoint(tx, present, change, changing) };
      }
      const named = { endpointId: id, accountId };
      const { endpoint, secret } = await addEndpoint(tx, named, change, changing);
      return { thing: endpoint, once: { secret } };
    },
    remove: removeEndpoint,
  });
  add('POST', '/rotate-secret', operations.rotate, async ({ request, id, thing, changing }) => {
    const hours = readCount(fieldsOf(request), 'hours') ?? ROTATION_HOURS;
    if (hours > MOST_ROTATION_HOURS) {
      throw invalidProperty('hours', hours, `it is at most ${MOST_ROTATION_HOURS}`);
    }
    const { accountId } = thing;
    const { endpoint, secret } = await database.transaction(async (tx) => {
      const held = await holdPresent(tx, webhookEndpoints, { id, accountId });
      return rotateSecret(tx, held, hours, changing);
    });
    return { ...toWireEndpoint(endpoint, 'whole'), secret };
  });
  add('GET', '/messages', operations.messages, (call) => listPage(api, call));
  add('POST', '/replay', operations.replay, async ({ thing, request, reply, changing }) => {
    const which = readReplay(fieldsOf(request));
    const messages = await database.transaction((tx) => replayTo(tx, thing, which, changing));
    api.wake?.();
    return reply.code(202).send({ messages });
  });
  add('POST', '/test', operations.test, async ({ thing, reply }) => {
    const messageId = await database.transaction((tx) => enqueueTest(tx, thing, clock.now()));
    api.wake?.();
    return reply.code(202).send({ messageId });
  });
}

/** A body that need not be there. */
function fieldsOf({ body }: FastifyRequest): Fields {
  return body === undefined || body === null ? {} : readFields(body);
}

function listPage(
  { database: { pool } }: OwnedApi,
  { thing, request, principal }: OwnedCall<WebhookEndpoint>,
): Promise<object> {
  const state = readState(queryParameters(request).get('state'));
  return pageAnswer(
    { db: pool, request, principal, size: PAGE },
    (range) => listMessages(pool, thing.endpointId, { state, ...range }),
    ({ messageId }) => messageId,
    toWireMessage,
  );
}

function readState(text: string | undefined): DeliveryState | undefined {
  const state = deliveryStates.find((one) => one.toLowerCase() === text?.toLowerCase());
  if (text === undefined || state !== undefined) return state;
  throw invalidProperty('state', text, `it is one of ${deliveryStates.join(', ')}`);
}
