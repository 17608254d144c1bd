import type { NounDefinition } from '../definition.ts';

const ADAPTER = { name: 'ADAPTER', description: 'Id of the adapter.' } as const;

/** The commands of `adapter`. */
export const adapterNoun: NounDefinition = {
  noun: 'adapter',
  description: 'Where reported usage goes for billing in other systems.',
  commands: [
    {
      verb: 'list',
      description: 'List the adapters, and how far each is.',
      load: async () => (await import('../adapter.ts')).list,
    },
    {
      verb: 'add',
      description:
        'Add an adapter, or change one by --adapter. What is left out of a change stays.',
      operands: [{ name: 'KIND', description: 'webhook, csv, stripe or lago.' }],
      options: [
        { flags: '--adapter ADAPTER', description: 'Id of an adapter to change.' },
        { flags: '--name TEXT', description: 'What it is called.' },
        {
          flags: '--account ACCOUNT',
          description: 'Whose usage is sent, and that of all below; the provider unless given.',
        },
        {
          flags: '--settings FILE',
          description:
            'JSON with url, ca, meters, customers, includeFree and decimals; - for standard input.',
        },
        { flags: '--secret FILE', description: 'File with the key; - for standard input.' },
        {
          flags: '--start TIME',
          description: 'First reported hour that is sent; the present unless given.',
        },
      ],
      load: async () => (await import('../adapter.ts')).add,
    },
    {
      verb: 'dry-run',
      description: 'Show what would be sent for a reported hour. Nothing is sent.',
      operands: [ADAPTER, { name: 'WINDOW', description: 'Such as 2026-11-24T10:00:00Z.' }],
      load: async () => (await import('../adapter.ts')).dryRun,
    },
    {
      verb: 'dead-letters',
      description: 'List events that were refused.',
      operands: [ADAPTER],
      options: [{ flags: '--limit N', description: 'How many, 1 to 1000.', defaultValue: '50' }],
      load: async () => (await import('../adapter.ts')).deadLetters,
    },
    {
      verb: 'replay',
      description: 'Send events that were refused again, under the ids that they have.',
      operands: [ADAPTER],
      options: [{ flags: '--event ID', description: 'This one; all unless given.' }],
      load: async () => (await import('../adapter.ts')).replay,
    },
    {
      verb: 'pause',
      description: 'Send nothing until it is resumed. Nothing is lost.',
      operands: [ADAPTER],
      load: async () => (await import('../adapter.ts')).pause,
    },
    {
      verb: 'resume',
      description: 'Go on where it was, also when it has parked itself.',
      operands: [ADAPTER],
      load: async () => (await import('../adapter.ts')).resume,
    },
    {
      verb: 'remove',
      description: 'Forget an adapter and what waits for it.',
      operands: [ADAPTER],
      load: async () => (await import('../adapter.ts')).remove,
    },
  ],
};
