import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { mailStates } from './message.ts';

const { text, guid, time } = plainSchemas;

const message = named('MailMessage', {
  type: 'object',
  required: [
    'messageId',
    'accountId',
    'recipient',
    'template',
    'subject',
    'occurredAt',
    'state',
    'attempts',
  ],
  properties: {
    messageId: { ...guid, description: 'The same at each attempt: before the @ of Message-ID.' },
    accountId: { ...guid, description: 'Of whom it tells.' },
    recipient: text,
    template: text,
    language: { enum: ['en', 'fr'] },
    subject: text,
    occurredAt: time,
    state: {
      enum: [...mailStates],
      description: 'Undeliverable: it waits because no mail server is configured.',
    },
    attempts: { type: 'integer', minimum: 0 },
    nextAttemptAt: time,
    lastStatus: { type: 'integer', description: 'Of the mail server.' },
    lastProblem: text,
    sentAt: { ...time, description: 'When the mail server took it.' },
  },
});

const query = (name: string, description: string, schema: Schema): OperationParameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const common = { tag: 'webhooks', access: 'token', surface: 'operator' } as const;

/** What the routes of e-mail tell of themselves. */
export const mailOperations = {
  list: {
    ...common,
    id: 'listMailMessages',
    summary: 'What was sent by e-mail, and what waits',
    parameters: [
      query('state', 'Only these.', { enum: [...mailStates] }),
      query('account', 'Only those that tell of this account.', guid),
      query('$skiptoken', 'From the nextLink of the page before.', text),
    ],
    answers: { 200: listAnswer('The newest first.', message) },
  },
  replay: {
    ...common,
    id: 'replayMailMessages',
    summary: 'Sends e-mails again, under the ids that they have',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          messageId: { ...guid, description: 'This one.' },
          since: { ...time, description: 'Or all since then.' },
          dead: { const: true, description: 'Or those that were not sent at all.' },
        },
      }),
    },
    answers: {
      202: {
        description: 'How many are due now.',
        contents: json({ type: 'object', properties: { messages: { type: 'integer' } } }),
      },
    },
    errors: ['MailMessageNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
