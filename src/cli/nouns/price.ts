import type { NounDefinition } from '../definition.ts';

const ID = [{ name: 'ID', description: 'Id of the price list.' }] as const;

/** The commands of `price`. */
export const priceNoun: NounDefinition = {
  noun: 'price',
  description: 'Price lists, and what usage costs by them.',
  commands: [
    {
      verb: 'list',
      description: 'List the price lists.',
      load: async () => (await import('../price.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show the prices of a list; with --json the file that they were published from.',
      operands: ID,
      options: [
        {
          flags: '--version NUMBER',
          description: 'Which version; the one in force unless given, or the first to come.',
        },
      ],
      load: async () => (await import('../price.ts')).show,
    },
    {
      verb: 'versions',
      description: 'List the versions of a price list, oldest first.',
      operands: ID,
      load: async () => (await import('../price.ts')).versions,
    },
    {
      verb: 'publish',
      description: 'Publish the prices in a file as the next version of a list, or as a new list.',
      operands: [{ name: 'FILE', description: 'The price list as JSON; - for what is piped in.' }],
      options: [
        { flags: '--list ID', description: 'Id of the price list.', required: true },
        {
          flags: '--effective-from TIME',
          description: 'From which whole hour on; the next one unless given.',
        },
        { flags: '--note TEXT', description: 'Why; kept with the version.' },
        { flags: '--sample', description: 'Mark its figures as an example, not an offer.' },
        {
          flags: '--correct-past',
          description: 'Let usage that was rated already change: it is rated anew.',
        },
      ],
      load: async () => (await import('../price-list.ts')).publish,
    },
    {
      verb: 'check',
      description:
        'Tell everything that is wrong with a price list: tiers, figures, meters without a price. Ends with 3 when something is, 0 when there are at most notices.',
      operands: [
        { name: 'FILE-OR-ID', description: 'A file, - for what is piped in, or the id of a list.' },
      ],
      load: async () => (await import('../price-list.ts')).check,
    },
    {
      verb: 'quote',
      description: 'Tell what usage of a period would cost, before terms and taxes.',
      options: [
        { flags: '--list ID', description: 'Id of a price list; sample unless given.' },
        { flags: '--version NUMBER', description: 'Which version; the one in force unless given.' },
        { flags: '--file FILE', description: 'A file in place of a list; - for what is piped in.' },
        { flags: '--at TIME', description: 'When it has to be in force; now unless given.' },
        {
          flags: '--usage USAGE...',
          description:
            'METER=QUANTITY, or METER=QUANTITY@SUBSCRIPTION for one subscription; may be repeated.',
          required: true,
        },
      ],
      load: async () => (await import('../price.ts')).quoteUsage,
    },
  ],
};
