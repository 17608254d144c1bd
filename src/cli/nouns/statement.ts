import type { NounDefinition, OptionDefinition } from '../definition.ts';

const REGISTRATION = {
  name: 'REGISTRATION',
  description: 'Name, id or resource id of the registration.',
} as const;
const range: readonly OptionDefinition[] = [
  {
    flags: '--from WINDOW',
    description: 'First window, like 2026-11-23T10Z; a month before the end unless given.',
  },
  {
    flags: '--to WINDOW',
    description: 'Window before which to end; after the last accepted one unless given.',
  },
];

/** The commands of `statement`. */
export const statementNoun: NounDefinition = {
  noun: 'statement',
  description: 'What stamps have reported to commerce, signed.',
  commands: [
    {
      verb: 'show',
      description: 'List the windows that were accepted of a stamp.',
      operands: [REGISTRATION],
      options: range,
      load: async () => (await import('../statement.ts')).show,
    },
    {
      verb: 'export',
      description: 'Write a signed statement, at most 2,208 windows, to a file.',
      operands: [REGISTRATION],
      options: [
        ...range,
        { flags: '--out FILE', description: 'Where to write it.', required: true },
      ],
      load: async () => (await import('../statement.ts')).exportStatement,
    },
    {
      verb: 'verify',
      description:
        'Check a statement, without a server or a database. Ends with 3 when it does not hold.',
      operands: [{ name: 'FILE', description: 'The statement.' }],
      options: [
        {
          flags: '--key FILE',
          description:
            'The public key of commerce, as /api/v1/statement-keys gives it. Without it is shown that nothing was altered, and not who signed.',
        },
      ],
      load: async () => (await import('../statement.ts')).verify,
    },
  ],
};
