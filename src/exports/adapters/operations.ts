import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { adapterKinds, adapterStates } from './adapter.ts';

const { text, guid, time, decimal } = plainSchemas;
const names = (description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string', maxLength: 100 },
});

const settings: Schema = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      format: 'uri',
      description: 'https. Who may read and not write sees its origin alone.',
    },
    ca: {
      ...text,
      description: 'PEM of the authority of its certificate, where it is a private one.',
    },
    meters: names('Event names or codes by id of the meter in commerce.'),
    customers: names('Ids of customers there by subscription of commerce.'),
    includeFree: { type: 'boolean', default: false, description: 'Also usage that costs nothing.' },
  },
};
const said = {
  name: { type: 'string', maxLength: 100 },
  kind: { enum: [...adapterKinds] },
  accountId: { ...guid, description: 'Whose usage is sent, and that of all below it.' },
  settings,
  startWindow: {
    ...time,
    description: 'The first reported hour that is sent; the present unless given.',
  },
} satisfies Readonly<Record<string, Schema>>;

const adapterProperties = {
  adapterId: guid,
  ...said,
  state: { enum: [...adapterStates] },
  lagHours: { type: 'integer', minimum: 0 },
  held: { type: 'integer', minimum: 0, description: 'Events that wait for a mapping.' },
  deadLetters: { type: 'integer', minimum: 0 },
  deliveredTo: time,
  nextAttemptAt: time,
  problem: text,
  createdAt: time,
};
const required = ['adapterId', 'name', 'kind', 'accountId', 'state', 'settings'];
const adapter = named('BillingAdapter', {
  type: 'object',
  required,
  properties: adapterProperties,
});
const made = named('BillingAdapterWithSecret', {
  type: 'object',
  required,
  properties: {
    ...adapterProperties,
    secret: { ...text, description: 'The key of a webhook that was made for it; not shown again.' },
  },
});

const deadLetter = named('AdapterDeadLetter', {
  type: 'object',
  required: ['eventId', 'window', 'subscriptionId', 'meterId', 'quantity'],
  properties: {
    eventId: guid,
    window: time,
    registrationId: guid,
    accountId: guid,
    customerSubscriptionId: guid,
    subscriptionId: guid,
    meterId: text,
    meterName: text,
    unit: text,
    quantity: decimal,
    usageFrom: time,
    usageTo: time,
    code: text,
    customer: text,
    status: { type: 'integer' },
    answer: text,
    failedAt: time,
  },
});
const delivery = named('AdapterDelivery', {
  type: 'object',
  required: ['deliveryId', 'window', 'state', 'events', 'delivered', 'held', 'deadLetters', 'sums'],
  properties: {
    deliveryId: guid,
    window: time,
    registrationId: guid,
    state: { enum: ['Sending', 'Delivered', 'Incomplete'] },
    events: { type: 'integer' },
    delivered: { type: 'integer' },
    held: { type: 'integer' },
    deadLetters: { type: 'integer' },
    sums: {
      type: 'array',
      items: { type: 'object', properties: { meterId: text, unit: text, quantity: decimal } },
    },
    deliveredAt: time,
  },
});
const list = (description: string): Schema => ({
  type: 'array',
  description,
  items: { type: 'object' },
});
const dryRun = named('AdapterDryRun', {
  type: 'object',
  required: ['window', 'events', 'held', 'more'],
  properties: {
    window: time,
    events: list('What would be sent.'),
    held: list('What is not mapped, and would be held.'),
    more: { type: 'boolean', description: 'Whether there is more than the thousand shown.' },
  },
});

const query = (name: string, description: string, schema: Schema): OperationParameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const page = [query('$skiptoken', 'From the nextLink of the page before.', text)];
const common = { tag: 'adapters', access: 'token', surface: 'operator' } as const;
const body = (properties: Readonly<Record<string, Schema>>, isRequired: boolean) => ({
  required: isRequired,
  contents: json({ type: 'object', properties }),
});

/** What the routes of adapters tell of themselves. */
export const adapterOperations = {
  list: {
    ...common,
    id: 'listBillingAdapters',
    summary: 'Adapters to other billing systems',
    parameters: [query('account', 'Only those of this account.', guid)],
    answers: { 200: listAnswer('In the order in which they were made.', adapter) },
    errors: ['BillingAccountNotFound'],
  },
  show: {
    ...common,
    id: 'getBillingAdapter',
    summary: 'One adapter',
    answers: { 200: { description: 'It.', contents: json(adapter) } },
    errors: ['AdapterNotFound'],
  },
  put: {
    ...common,
    id: 'putBillingAdapter',
    summary: 'Makes an adapter, or changes it',
    description:
      'What is left out of a change stays. Account, kind and start stay. The state Enabled resumes.',
    body: body(
      {
        ...said,
        secret: { ...text, writeOnly: true, maxLength: 300, description: 'Kept, and never told.' },
        state: { enum: ['Enabled', 'Disabled'] },
      },
      true,
    ),
    answers: {
      200: { description: 'As it is now.', contents: json(adapter) },
      201: { description: 'It is there now.', contents: json(made) },
    },
    errors: ['BillingAccountNotFound', 'Conflict'],
  },
  remove: {
    ...common,
    id: 'deleteBillingAdapter',
    summary: 'Forgets an adapter and what waits for it',
    answers: { 204: { description: 'It is gone.' } },
    errors: ['AdapterNotFound'],
  },
  dryRun: {
    ...common,
    id: 'dryRunBillingAdapter',
    summary: 'What would be sent for a reported hour; nothing is',
    body: body({ window: { ...time, description: 'A full hour.' } }, true),
    answers: { 200: { description: 'At most a thousand events.', contents: json(dryRun) } },
    errors: ['AdapterNotFound'],
  },
  deadLetters: {
    ...common,
    id: 'listAdapterDeadLetters',
    summary: 'Events that the other side refused',
    parameters: page,
    answers: { 200: listAnswer('By id.', deadLetter) },
    errors: ['AdapterNotFound'],
  },
  replay: {
    ...common,
    id: 'replayAdapterDeadLetters',
    summary: 'Sends what was refused again, under the ids that it has',
    body: body({ eventId: { ...guid, description: 'This one; all unless given.' } }, false),
    answers: {
      202: {
        description: 'How many wait now.',
        contents: json({ type: 'object', properties: { events: { type: 'integer' } } }),
      },
    },
    errors: ['AdapterNotFound'],
  },
  deliveries: {
    ...common,
    id: 'listAdapterDeliveries',
    summary: 'What was sent, by reported hour and stamp',
    parameters: page,
    answers: { 200: listAnswer('The latest first.', delivery) },
    errors: ['AdapterNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
