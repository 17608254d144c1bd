import type { NounDefinition, OptionDefinition } from '../definition.ts';
import { MESSAGE_LIMIT, replayOptions } from './message-options.ts';

const ENDPOINT = { name: 'ENDPOINT', description: 'Id of the endpoint.' } as const;
const WHAT: readonly OptionDefinition[] = [
  {
    flags: '--type TYPE...',
    description: 'Only these events, such as invoice.issued; may be given several times.',
  },
  {
    flags: '--ca FILE',
    description: 'PEM of the authority of its certificate, where it is a private one.',
  },
  { flags: '--description TEXT', description: 'Whose it is.' },
];

/** The commands of `webhook`. */
export const webhookNoun: NounDefinition = {
  noun: 'webhook',
  description: 'Where it is told what happened to billing accounts (Standard Webhooks).',
  commands: [
    {
      verb: 'list',
      description: 'List the endpoints.',
      load: async () => (await import('../webhook.ts')).list,
    },
    {
      verb: 'add',
      description: 'Add an endpoint. Shows the key that signs, once.',
      operands: [{ name: 'URL', description: 'Where messages are sent: https.' }],
      options: [
        {
          flags: '--account ACCOUNT',
          description: 'Of which it hears, and of all below it; the provider unless given.',
        },
        ...WHAT,
      ],
      load: async () => (await import('../webhook.ts')).add,
    },
    {
      verb: 'change',
      description: 'Change an endpoint. What is left out stays.',
      operands: [ENDPOINT],
      options: [
        { flags: '--url URL', description: 'Where messages are sent: https.' },
        ...WHAT,
        {
          flags: '--state STATE',
          description: 'Nothing is sent to a disabled one, and nothing kept for it.',
          choices: ['Enabled', 'Disabled'],
        },
      ],
      load: async () => (await import('../webhook.ts')).change,
    },
    {
      verb: 'remove',
      description: 'Forget an endpoint and what waits for it.',
      operands: [ENDPOINT],
      load: async () => (await import('../webhook.ts')).remove,
    },
    {
      verb: 'rotate',
      description: 'Give an endpoint another key. Until the one before ends, both sign.',
      operands: [ENDPOINT],
      options: [
        {
          flags: '--hours N',
          description: 'For how long the one before is good, 0 to 720.',
          defaultValue: '24',
        },
      ],
      load: async () => (await import('../webhook.ts')).rotate,
    },
    {
      verb: 'messages',
      description: 'List what was sent to an endpoint, and what waits, the newest first.',
      operands: [ENDPOINT],
      options: [
        {
          flags: '--state STATE',
          description: 'Only these.',
          choices: ['Pending', 'Delivered', 'Dead'],
        },
        MESSAGE_LIMIT,
      ],
      load: async () => (await import('../webhook-messages.ts')).messages,
    },
    {
      verb: 'replay',
      description: 'Send messages again: one of --message, --since and --dead.',
      operands: [ENDPOINT],
      options: replayOptions('Those that were given up.'),
      load: async () => (await import('../webhook-messages.ts')).replay,
    },
    {
      verb: 'test',
      description: 'Send a message of the type webhook.test, and tell what came of it.',
      operands: [ENDPOINT],
      load: async () => (await import('../webhook-messages.ts')).test,
    },
  ],
};
