import type { NounDefinition } from '../definition.ts';

const ENTRY = { name: 'ID', description: 'Id of the entry, from quarantine list.' } as const;

/** The commands of `quarantine`. */
export const quarantineNoun: NounDefinition = {
  noun: 'quarantine',
  description: 'Records that could not be counted.',
  commands: [
    {
      verb: 'list',
      description: 'List records that could not be counted.',
      options: [
        {
          flags: '--state STATE',
          description: 'Which entries.',
          choices: ['held', 'replayed', 'discarded', 'all'],
          defaultValue: 'held',
        },
        { flags: '--code CODE', description: 'Only those with this reason, such as UnknownMeter.' },
      ],
      load: async () => (await import('../quarantine.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show one entry with the record as it was received.',
      operands: [ENTRY],
      load: async () => (await import('../quarantine.ts')).show,
    },
    {
      verb: 'replay',
      description:
        'Send a record through the intake again, as it was received or mended. It is reported in the hour of the present.',
      operands: [ENTRY],
      options: [
        {
          flags: '--body FILE',
          description: 'The mended record: one CloudEvent as JSON; - reads it from standard input.',
        },
      ],
      load: async () => (await import('../quarantine.ts')).replay,
    },
    {
      verb: 'discard',
      description: 'Give a record up. It stays listed with the reason.',
      operands: [ENTRY],
      options: [{ flags: '--reason TEXT', description: 'Why.', required: true }],
      load: async () => (await import('../quarantine.ts')).discard,
    },
  ],
};
