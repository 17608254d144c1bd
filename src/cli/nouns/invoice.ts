import type { NounDefinition, OptionDefinition } from '../definition.ts';

const NUMBER = [{ name: 'NUMBER', description: 'Number of the invoice, as printed.' }] as const;
const ACCOUNT = [
  {
    name: 'ACCOUNT',
    description: 'Id of the billing account that buys, or of its subscription.',
  },
] as const;
const PERIOD: OptionDefinition = {
  flags: '--period NAME',
  description: 'Name of the period, such as 202610-1; the first not invoiced unless given.',
};
const REASON: OptionDefinition = { flags: '--reason TEXT', description: 'Why.', required: true };

/** The commands of `invoice`. */
export const invoiceNoun: NounDefinition = {
  noun: 'invoice',
  description: 'Invoices, credit notes and debit notes, and what will be one.',
  commands: [
    {
      verb: 'list',
      description: 'List what was issued, the newest first.',
      options: [
        { flags: '--account ID', description: 'Only of this buyer.' },
        {
          flags: '--kind KIND',
          description: 'Only of this kind.',
          choices: ['invoice', 'credit-note', 'debit-note'],
        },
        { flags: '--period NAME', description: 'Only of the period of this name.' },
        { flags: '--open', description: 'Only what is not paid in full.' },
        { flags: '--from DAY', description: 'Only what was issued on this day or later.' },
        { flags: '--to DAY', description: 'Only what was issued before this day.' },
      ],
      load: async () => (await import('../invoice.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show an invoice with its lines.',
      operands: NUMBER,
      load: async () => (await import('../invoice.ts')).show,
    },
    {
      verb: 'lines',
      description: 'List the lines of an invoice.',
      operands: NUMBER,
      load: async () => (await import('../invoice.ts')).lines,
    },
    {
      verb: 'explain',
      description: 'Tell where a line of an invoice comes from, down to the records.',
      operands: NUMBER,
      options: [
        { flags: '--line N', description: 'Which line, from 1.', required: true },
        { flags: '--resource NAME', description: 'One resource alone: its name, URI or key.' },
        { flags: '--day DATE', description: 'Day of use in UTC of which to show the rows.' },
      ],
      load: async () => (await import('../invoice-explain.ts')).explain,
    },
    {
      verb: 'document',
      description: 'Write a document of an invoice to a file.',
      operands: NUMBER,
      options: [
        {
          flags: '--kind KIND',
          description: 'Which document.',
          choices: ['pdf', 'ubl', 'csv'],
          defaultValue: 'pdf',
        },
        { flags: '--output FILE', description: 'Where to; under its own name unless given.' },
      ],
      load: async () => (await import('../invoice.ts')).document,
    },
    {
      verb: 'draft',
      description: 'Show what an invoice would be if it were issued now.',
      operands: ACCOUNT,
      options: [PERIOD],
      load: async () => (await import('../invoice.ts')).draft,
    },
    {
      verb: 'issue',
      description: 'Issue the invoice of a period that has ended, without waiting any longer.',
      operands: ACCOUNT,
      options: [PERIOD],
      load: async () => (await import('../invoice-change.ts')).issue,
    },
    {
      verb: 'hold',
      description: 'Keep a period from being invoiced by itself.',
      operands: ACCOUNT,
      options: [PERIOD, REASON],
      load: async () => (await import('../invoice-change.ts')).hold,
    },
    {
      verb: 'release',
      description: 'Let a period that was held be invoiced by itself.',
      operands: ACCOUNT,
      options: [PERIOD],
      load: async () => (await import('../invoice-change.ts')).release,
    },
    {
      verb: 'void',
      description:
        'Take an invoice back by a credit note. Its period goes back into review and is held.',
      operands: NUMBER,
      options: [REASON],
      load: async () => (await import('../invoice-change.ts')).cancel,
    },
    {
      verb: 'problems',
      description:
        'List periods that could not be invoiced and documents that could not be made. Ends with 3 when there are some.',
      load: async () => (await import('../invoice-check.ts')).problems,
    },
    {
      verb: 'verify',
      description:
        'Add all invoices up again and compare them with the ledger, charges and payments. Ends with 3 when something does not hold.',
      load: async () => (await import('../invoice-check.ts')).verify,
    },
  ],
};
