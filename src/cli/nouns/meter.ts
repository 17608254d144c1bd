import type { NounDefinition } from '../definition.ts';

/** The commands of `meter`. */
export const meterNoun: NounDefinition = {
  noun: 'meter',
  description: 'What is measured.',
  commands: [
    {
      verb: 'add',
      description: 'Add a meter of your own.',
      options: [
        { flags: '--id ID', description: 'A GUID or a short name.', required: true },
        { flags: '--name NAME', description: 'What people call the meter.', required: true },
        {
          flags: '--unit UNIT',
          description: 'The unit in words, such as GB-hours.',
          required: true,
        },
        {
          flags: '--provider NAMESPACE',
          description: 'Resource provider that emits it, such as Example.Backup.',
          required: true,
        },
        {
          flags: '--category CATEGORY',
          description: 'Group of meters in lists; the resource provider unless given.',
        },
      ],
      load: async () => (await import('../meter.ts')).add,
    },
    {
      verb: 'list',
      description: 'List the meters.',
      load: async () => (await import('../meter.ts')).list,
    },
  ],
};
