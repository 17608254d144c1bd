import type { NounDefinition } from '../definition.ts';

/** The commands of `exchange-rate`. */
export const exchangeRateNoun: NounDefinition = {
  noun: 'exchange-rate',
  description: 'Rates of exchange, for accounts in another currency than their price list.',
  commands: [
    {
      verb: 'list',
      description: 'List all entries, the newest of each pair first.',
      load: async () => (await import('../exchange-rate.ts')).list,
    },
    {
      verb: 'set',
      description:
        'Enter a rate from a day on. Billing periods that begin then go by it; those that were rated keep theirs.',
      options: [
        { flags: '--from CURRENCY', description: 'One of this.', required: true },
        { flags: '--to CURRENCY', description: 'Is so many of that.', required: true },
        { flags: '--rate DECIMAL', description: 'How many.', required: true },
        { flags: '--day DAY', description: 'From which day in UTC on; today unless given.' },
        { flags: '--source TEXT', description: 'Where the figure comes from.', required: true },
        {
          flags: '--correct-past',
          description: 'Let usage that was rated already change: it is rated anew.',
        },
      ],
      load: async () => (await import('../exchange-rate.ts')).set,
    },
  ],
};
