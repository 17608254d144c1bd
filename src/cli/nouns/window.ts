import type { NounDefinition, OptionDefinition } from '../definition.ts';

const WINDOW_RANGE: readonly OptionDefinition[] = [
  { flags: '--from TIME', description: 'Only windows that start at this time or later.' },
  { flags: '--through TIME', description: 'Only windows that end at this time or earlier.' },
];

/** The commands of `window`. */
export const windowNoun: NounDefinition = {
  noun: 'window',
  description: 'Reported hours and days.',
  commands: [
    {
      verb: 'list',
      description: 'List reported windows with what they hold.',
      options: [
        {
          flags: '--granularity GRANULARITY',
          description: 'Hours or days.',
          choices: ['hour', 'day'],
          defaultValue: 'day',
        },
        ...WINDOW_RANGE,
      ],
      load: async () => (await import('../window.ts')).list,
    },
    {
      verb: 'close',
      description:
        'Close the windows that are over, without waiting for the server to do it. Imported windows close with their import.',
      options: [
        {
          flags: '--through TIME',
          description: 'Windows that end at this time or earlier; not in the future.',
          required: true,
        },
      ],
      load: async () => (await import('../window.ts')).close,
    },
    {
      verb: 'verify',
      description:
        'Compute closed windows anew and compare rows, sums and hashes. Ends with 3 when something differs.',
      options: [
        {
          flags: '--granularity GRANULARITY',
          description: 'Hours or days; both unless given.',
          choices: ['hour', 'day'],
        },
        ...WINDOW_RANGE,
      ],
      load: async () => (await import('../window-verify.ts')).verify,
    },
  ],
};
