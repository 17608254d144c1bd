import type { NounDefinition } from '../definition.ts';

/** The commands of `rating`. */
export const ratingNoun: NounDefinition = {
  noun: 'rating',
  description: 'What usage costs: charges of billing accounts, before they are invoiced.',
  commands: [
    {
      verb: 'run',
      description: 'Rate what was accepted, without waiting for the server to do it.',
      load: async () => (await import('../rating.ts')).run,
    },
    {
      verb: 'status',
      description: 'Tell how far usage has been rated, and which of it has no price.',
      load: async () => (await import('../rating.ts')).status,
    },
    {
      verb: 'charges',
      description: 'List the charges of a billing account.',
      options: [
        { flags: '--account ID', description: 'The account that buys.', required: true },
        { flags: '--period NAME', description: 'Only of this period, such as 202610-1.' },
      ],
      load: async () => (await import('../rating.ts')).charges,
    },
    {
      verb: 'verify',
      description:
        'Find charges out anew from the usage that was reported, and compare to the last digit. Ends with 3 when something differs.',
      options: [
        { flags: '--account ID', description: 'Only of this account.' },
        { flags: '--period NAME', description: 'Only of periods of this name, such as 202610-1.' },
      ],
      load: async () => (await import('../rating-change.ts')).verify,
    },
    {
      verb: 'rerate',
      description:
        'Rate usage anew at the prices that are in force for it now: every period that has an hour of the range, as a whole. The difference is posted, and invoiced as a correction.',
      options: [
        { flags: '--from TIME', description: 'First hour of usage.', required: true },
        { flags: '--to TIME', description: 'Hour before which the range ends.', required: true },
        { flags: '--account ID', description: 'Only of this account; of all unless given.' },
        { flags: '--reason TEXT', description: 'Kept with the run.', required: true },
      ],
      load: async () => (await import('../rating-change.ts')).rerateUsage,
    },
    {
      verb: 'what-if',
      description:
        'Tell what the usage of a period would have cost by the prices of a file. Changes nothing.',
      operands: [{ name: 'FILE', description: 'A price list; - reads what is piped in.' }],
      options: [
        { flags: '--period NAME', description: 'Such as 202610-1.', required: true },
        { flags: '--account ID', description: 'Only of this account; of all unless given.' },
        {
          flags: '--price-list ID',
          description: 'The list to replace; all of the same currency unless given.',
        },
      ],
      load: async () => (await import('../rating-change.ts')).whatIfPrices,
    },
  ],
};
