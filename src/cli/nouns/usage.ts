import type { NounDefinition, OptionDefinition } from '../definition.ts';

const USAGE_RANGE: readonly OptionDefinition[] = [
  { flags: '--start TIME', description: 'Reported time from which on, inclusive.', required: true },
  { flags: '--end TIME', description: 'Reported time until which, exclusive.', required: true },
  {
    flags: '--granularity GRANULARITY',
    description: 'Rows by day or by hour.',
    choices: ['daily', 'hourly'],
    defaultValue: 'daily',
  },
  { flags: '--subscription ID', description: 'Only usage of this subscription.' },
];

/** The commands of `usage`. */
export const usageNoun: NounDefinition = {
  noun: 'usage',
  description: 'Usage in and out.',
  commands: [
    {
      verb: 'list',
      description: 'List usage; in JSON as the interfaces answer it.',
      options: [
        ...USAGE_RANGE,
        { flags: '--all', description: 'All rows, not the first 1000 only.' },
      ],
      load: async () => (await import('../usage-list.ts')).list,
    },
    {
      verb: 'export',
      description: 'Write usage as the export scripts for Azure Stack do, any number of rows.',
      options: [
        ...USAGE_RANGE,
        {
          flags: '--format FORMAT',
          description: 'CSV with a header, or one JSON object a line.',
          choices: ['csv', 'ndjson'],
          defaultValue: 'csv',
        },
        { flags: '--output FILE', description: 'File to write; standard output unless given.' },
      ],
      load: async () => (await import('../usage-export.ts')).exportUsage,
    },
    {
      verb: 'import',
      description:
        "Bring another stamp's history in, under the reported time that it had there, before this stamp's own first hour. Run again it changes nothing. Ends with 3 when records went into quarantine.",
      operands: [{ name: 'FILE...', description: 'Files of one export.' }],
      options: [
        {
          flags: '--format FORMAT',
          description: 'What an export script wrote, or rows as the usage interfaces answer them.',
          choices: ['usage-summary', 'azure-rows'],
          required: true,
        },
        {
          flags: '--reported-start TIME',
          description:
            'Reported time from which the files were exported: a whole hour, with daily rows midnight UTC.',
          required: true,
        },
        {
          flags: '--reported-end TIME',
          description: 'Reported time until which, exclusive.',
          required: true,
        },
        {
          flags: '--keep-open',
          description: 'Leave the windows open for further imports; one without this closes them.',
        },
      ],
      load: async () => (await import('../usage-import.ts')).importUsage,
    },
  ],
};
