import type { NounDefinition } from '../definition.ts';
import { MESSAGE_LIMIT, replayOptions } from './message-options.ts';

/** The commands of `mail`. */
export const mailNoun: NounDefinition = {
  noun: 'mail',
  description: 'E-mail that was sent, and that waits: alerts of budgets, reminders of invoices.',
  commands: [
    {
      verb: 'list',
      description: 'List e-mails, the newest first.',
      options: [
        {
          flags: '--state STATE',
          description: 'Only these. Undeliverable ones wait for a mail server to be configured.',
          choices: ['Pending', 'Sent', 'Dead', 'Undeliverable'],
        },
        { flags: '--account ACCOUNT', description: 'Only those that tell of this account.' },
        MESSAGE_LIMIT,
      ],
      load: async () => (await import('../mail.ts')).list,
    },
    {
      verb: 'replay',
      description: 'Send e-mails again: one of --message, --since and --dead.',
      options: replayOptions('Those that were not sent at all.'),
      load: async () => (await import('../mail.ts')).replay,
    },
  ],
};
