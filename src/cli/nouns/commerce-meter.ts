import type { NounDefinition } from '../definition.ts';

/** The commands of `commerce-meter`. */
export const commerceMeterNoun: NounDefinition = {
  noun: 'commerce-meter',
  description: 'What the meters of stamps are in commerce, and which of them are paid.',
  commands: [
    {
      verb: 'list',
      description: 'List the meters as they are now.',
      load: async () => (await import('../commerce-meter.ts')).list,
    },
    {
      verb: 'set',
      description:
        'Say anew what a meter is. Usage that is received from then on is booked by it; what is left out stays.',
      options: [
        { flags: '--meter ID', description: 'Id of the meter on the stamp.', required: true },
        { flags: '--commerce-meter ID', description: 'Id of the meter in commerce.' },
        { flags: '--name NAME', description: 'What people call the meter.' },
        { flags: '--category CATEGORY', description: 'Group of meters on invoices.' },
        { flags: '--sub-category CATEGORY', description: 'Group within the category.' },
        { flags: '--region REGION', description: 'Region of the meter.' },
        { flags: '--unit UNIT', description: 'The unit in words.' },
        {
          flags: '--paid YES',
          description: 'Whether its usage costs anything where usage is paid.',
          choices: ['yes', 'no'],
        },
      ],
      load: async () => (await import('../commerce-meter.ts')).set,
    },
    {
      verb: 'history',
      description: 'List every version of a meter, oldest first.',
      operands: [{ name: 'ID', description: 'Id of the meter on the stamp.' }],
      load: async () => (await import('../commerce-meter.ts')).history,
    },
  ],
};
