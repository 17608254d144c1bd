import type { NounDefinition } from '../definition.ts';

const ACCOUNT = [
  { name: 'ACCOUNT', description: 'Id of the billing account, or of its subscription.' },
] as const;

/** The commands of `payment`. */
export const paymentNoun: NounDefinition = {
  noun: 'payment',
  description: 'What was paid, and what is owed.',
  commands: [
    {
      verb: 'list',
      description: 'List payments, the newest first.',
      options: [{ flags: '--account ID', description: 'Only of this account.' }],
      load: async () => (await import('../payment.ts')).list,
    },
    {
      verb: 'add',
      description:
        'Book a payment: for the invoices that are named, else for those due first. What is left stays to the good of the account.',
      operands: ACCOUNT,
      options: [
        { flags: '--amount AMOUNT', description: 'How much.', required: true },
        { flags: '--currency CODE', description: 'That of the account unless given.' },
        {
          flags: '--reference TEXT',
          description: 'Of the bank; the same again changes nothing.',
          required: true,
        },
        { flags: '--received DAY', description: 'When it came in; today unless given.' },
        {
          flags: '--invoice NUMBER...',
          description: 'For which invoice: NUMBER, or NUMBER=AMOUNT; may be repeated.',
        },
      ],
      load: async () => (await import('../payment.ts')).add,
    },
    {
      verb: 'reverse',
      description: 'Take a payment back: what it paid is open again.',
      operands: [{ name: 'PAYMENT', description: 'Id of the payment.' }],
      options: [{ flags: '--received DAY', description: 'When; today unless given.' }],
      load: async () => (await import('../payment.ts')).reverse,
    },
    {
      verb: 'statement',
      description: 'Show what an account owed, was invoiced and paid.',
      operands: ACCOUNT,
      options: [
        { flags: '--from DAY', description: 'First day; 90 days before the end unless given.' },
        { flags: '--to DAY', description: 'Day before which to end; tomorrow unless given.' },
      ],
      load: async () => (await import('../payment.ts')).statement,
    },
  ],
};
