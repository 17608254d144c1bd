import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type Schema,
} from '../../platform/index.ts';
import { ownedOperations, skipToken } from '../../commerce/accounts/index.ts';
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
    decimals: {
      type: 'integer',
      minimum: 0,
      maximum: 12,
      default: 0,
      description:
        'Of stripe, which takes whole numbers: with 3 it is told thousandths. Stays once something was sent.',
    },
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
  required: ['window', 'events', 'unfit', 'held', 'more'],
  properties: {
    window: time,
    events: list('What would be sent.'),
    unfit: list('What the other side would not take, each with its reason.'),
    held: list('What is not mapped, and would be held.'),
    more: { type: 'boolean', description: 'Whether there is more than the thousand shown.' },
  },
});

const common = { tag: 'adapters', access: 'token', surface: 'operator' } as const;
const wanted = {
  ...said,
  secret: {
    ...text,
    writeOnly: true,
    maxLength: 300,
    description: 'Kept, and never told. Where it is sent, it is given again for another url or ca.',
  },
  state: { enum: ['Enabled', 'Disabled'] },
} satisfies Readonly<Record<string, Schema>>;
const body = (properties: Readonly<Record<string, Schema>>, isRequired: boolean) => ({
  required: isRequired,
  contents: json({ type: 'object', properties }),
});

/** What the routes of adapters tell of themselves. */
export const adapterOperations = {
  ...ownedOperations({
    name: 'BillingAdapter',
    noun: 'adapter',
    common,
    notFound: 'AdapterNotFound',
    schema: adapter,
    made,
    wanted: { type: 'object', properties: wanted },
    told: {
      list: 'Adapters to other billing systems',
      put: 'Its kind and its start stay too. The state Enabled resumes.',
      remove: 'Forgets an adapter and what waits for it',
    },
  }),
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
    parameters: [skipToken],
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
    parameters: [skipToken],
    answers: { 200: listAnswer('The latest first.', delivery) },
    errors: ['AdapterNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
