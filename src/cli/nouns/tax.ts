import type { NounDefinition } from '../definition.ts';

/** The commands of `tax`. */
export const taxNoun: NounDefinition = {
  noun: 'tax',
  description: 'The table by which invoices are taxed.',
  commands: [
    {
      verb: 'list',
      description: 'List all entries.',
      load: async () => (await import('../tax.ts')).list,
    },
    {
      verb: 'set',
      description: 'Enter a tax from a day on. For a sale the most particular entry counts.',
      options: [
        { flags: '--seller COUNTRY', description: 'Two letters, or * for any.', required: true },
        { flags: '--buyer COUNTRY', description: 'Two letters, or * for any.', required: true },
        { flags: '--business-only', description: 'Only for buyers that have a tax number.' },
        {
          flags: '--category CATEGORY',
          description:
            'S standard, Z zero rate, E exempt, AE reverse charge, G export, O outside scope.',
          required: true,
        },
        { flags: '--percent DECIMAL', description: 'Of S; 0 of all others.' },
        { flags: '--reason TEXT', description: 'Why nothing is charged, as invoices say it.' },
        { flags: '--from DAY', description: 'From which day in UTC on; today unless given.' },
      ],
      load: async () => (await import('../tax.ts')).set,
    },
  ],
};
