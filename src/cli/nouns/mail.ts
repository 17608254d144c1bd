import type { NounDefinition } from '../definition.ts';

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
        { flags: '--limit N', description: 'How many, 1 to 1000.', defaultValue: '50' },
      ],
      load: async () => (await import('../mail.ts')).list,
    },
    {
      verb: 'replay',
      description: 'Send e-mails again: one of --message, --since and --dead.',
      options: [
        { flags: '--message ID', description: 'This one.' },
        { flags: '--since TIME', description: 'All of what happened since then.' },
        { flags: '--dead', description: 'Those that were not sent at all.' },
      ],
      load: async () => (await import('../mail.ts')).replay,
    },
  ],
};
