import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type Schema,
} from '../../platform/index.ts';
import { ownedOperations, queryParameter, skipToken } from '../accounts/index.ts';
import { deliveryStates } from './message-store.ts';
import { webhookEventTypes } from './message.ts';

const { text, guid, time } = plainSchemas;

const said = {
  url: {
    type: 'string',
    format: 'uri',
    description:
      'https. Who may read and not write sees its origin alone: https://erp.example.org/...',
  },
  ca: {
    type: 'string',
    description: 'PEM of the authority of its certificate, where it is a private one.',
  },
  eventTypes: {
    type: 'array',
    items: { enum: [...webhookEventTypes] },
    description: 'Empty: all.',
  },
  state: { enum: ['Enabled', 'Disabled'] },
  description: text,
} satisfies Readonly<Record<string, Schema>>;

const properties = {
  endpointId: guid,
  accountId: { ...guid, description: 'Of which it hears, and of all below it.' },
  ...said,
  previousUntil: { ...time, description: 'Until when the key before signs as well.' },
  createdAt: time,
};
const required = ['endpointId', 'accountId', 'url', 'eventTypes', 'state'];
const endpoint = named('WebhookEndpoint', { type: 'object', required, properties });
const secret = { type: 'string', description: 'whsec_ and the key in Base64; not shown again.' };
const withSecret = named('WebhookEndpointWithSecret', {
  type: 'object',
  required: [...required, 'secret'],
  properties: { ...properties, secret },
});

const message = named('WebhookMessage', {
  type: 'object',
  required: ['messageId', 'type', 'occurredAt', 'state', 'attempts', 'payload'],
  properties: {
    messageId: { ...guid, description: 'The same at each attempt: the header webhook-id.' },
    type: text,
    occurredAt: time,
    state: { enum: [...deliveryStates] },
    attempts: { type: 'integer', minimum: 0 },
    nextAttemptAt: time,
    lastStatus: { type: 'integer' },
    lastProblem: text,
    deliveredAt: time,
    payload: { type: 'string', description: 'The body as it is sent.' },
  },
});

const common = { tag: 'webhooks', access: 'token', surface: 'operator' } as const;
const count = json({ type: 'object', properties: { messages: { type: 'integer' } } });

/** What the routes of webhooks tell of themselves. */
export const webhookOperations = {
  ...ownedOperations({
    name: 'WebhookEndpoint',
    noun: 'endpoint',
    common,
    notFound: 'WebhookEndpointNotFound',
    schema: endpoint,
    made: withSecret,
    wanted: { type: 'object', properties: { accountId: properties.accountId, ...said } },
    told: {
      list: 'Where it is told what happened',
      put: 'A new one is answered with its key, once.',
      remove: 'Forgets an endpoint and what waits for it',
    },
  }),
  rotate: {
    ...common,
    id: 'rotateWebhookSecret',
    summary: 'Gives an endpoint another key',
    description: 'Until the one before ends, messages are signed by both.',
    body: {
      required: false,
      contents: json({
        type: 'object',
        properties: {
          hours: { type: 'integer', minimum: 0, maximum: 720, default: 24 },
        },
      }),
    },
    answers: { 200: { description: 'With its key, once.', contents: json(withSecret) } },
    errors: ['WebhookEndpointNotFound'],
  },
  messages: {
    ...common,
    id: 'listWebhookMessages',
    summary: 'What was sent to an endpoint, and what waits',
    parameters: [queryParameter('state', 'Only these.', { enum: [...deliveryStates] }), skipToken],
    answers: { 200: listAnswer('The newest first.', message) },
    errors: ['WebhookEndpointNotFound'],
  },
  replay: {
    ...common,
    id: 'replayWebhookMessages',
    summary: 'Sends messages again, under the ids that they have',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          messageId: { ...guid, description: 'This one.' },
          since: { ...time, description: 'Or all since then.' },
          dead: { const: true, description: 'Or those that were given up.' },
        },
      }),
    },
    answers: { 202: { description: 'How many are due now.', contents: count } },
    errors: ['WebhookEndpointNotFound', 'WebhookMessageNotFound'],
  },
  test: {
    ...common,
    id: 'testWebhookEndpoint',
    summary: 'Sends a message of the type webhook.test',
    answers: {
      202: {
        description: 'It is due now.',
        contents: json({ type: 'object', properties: { messageId: guid } }),
      },
    },
    errors: ['WebhookEndpointNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
