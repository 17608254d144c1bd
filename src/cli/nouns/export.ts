import type { NounDefinition, OptionDefinition } from '../definition.ts';
import { checkExport } from '../export-check.ts';

const EXPORT = { name: 'EXPORT', description: 'Id of the export.' } as const;
const ACCOUNT: OptionDefinition = {
  flags: '--account ACCOUNT',
  description: 'Whose: id of the account or its subscription; the provider unless given.',
};
const WHAT: readonly OptionDefinition[] = [
  {
    flags: '--dataset DATASET',
    description:
      'focus is the newest version of FOCUS; the journal has the postings of the ledger.',
    required: true,
    choices: ['focus', 'focus-1.4', 'focus-1.2', 'usage-summary', 'journal'],
  },
  {
    flags: '--view VIEW',
    description: 'What the account bought, or what it sold; of the provider what it sold.',
    choices: ['buying', 'selling'],
  },
  {
    flags: '--format FORMAT',
    description: 'How the rows are written.',
    choices: ['csv', 'csv.gz', 'parquet', 'ndjson'],
    defaultValue: 'csv',
  },
  {
    flags: '--layout LAYOUT',
    description: 'How the files lie: finops-hub as FinOps hubs take FOCUS in.',
    choices: ['plain', 'finops-hub'],
    defaultValue: 'plain',
  },
  {
    flags: '--granularity GRANULARITY',
    description: 'Of a usage summary.',
    choices: ['hourly', 'daily'],
    defaultValue: 'daily',
  },
];

/** The commands of `export`. */
export const exportNoun: NounDefinition = {
  noun: 'export',
  description: 'Costs and usage for other systems: FOCUS, usage summaries, the journal.',
  commands: [
    {
      verb: 'list',
      description: 'List the exports.',
      load: async () => (await import('../export.ts')).list,
    },
    {
      verb: 'add',
      description: 'Add an export: to a folder of the server, or to a store that speaks S3.',
      options: [
        ACCOUNT,
        ...WHAT,
        { flags: '--name NAME', description: 'What people call it.' },
        {
          flags: '--schedule SCHEDULE',
          description: 'When it is done by itself, at 03:00 UTC.',
          choices: ['none', 'daily', 'monthly'],
          defaultValue: 'none',
        },
        {
          flags: '--delivery DELIVERY',
          description: 'Whether a version takes the place of the one before.',
          choices: ['overwrite', 'new-version'],
          defaultValue: 'overwrite',
        },
        { flags: '--folder PATH', description: 'Below the folder for exports.' },
        { flags: '--s3 URL', description: 'Address of the store, with --bucket.' },
        { flags: '--bucket NAME', description: 'The bucket.' },
        { flags: '--prefix PATH', description: 'Before the names of the files.' },
        { flags: '--region REGION', description: 'Of the store.', defaultValue: 'us-east-1' },
        { flags: '--access-key-id ID', description: 'Key of the store.' },
        {
          flags: '--secret-file FILE',
          description: 'File that has the secret key, which is never shown again.',
        },
      ],
      load: async () => (await import('../export.ts')).add,
    },
    {
      verb: 'run',
      description: 'Export now: what has changed, or the periods that are named.',
      operands: [EXPORT],
      options: [
        {
          flags: '--period NAME...',
          description: 'Such as 202610-1; may be given several times.',
        },
      ],
      load: async () => (await import('../export.ts')).run,
    },
    {
      verb: 'runs',
      description: 'List what was exported, the newest first.',
      operands: [EXPORT],
      options: [{ flags: '--limit N', description: 'How many, 1 to 1000.', defaultValue: '50' }],
      load: async () => (await import('../export.ts')).runs,
    },
    {
      verb: 'remove',
      description: 'Forget an export and its runs. Files stay where they are.',
      operands: [EXPORT],
      load: async () => (await import('../export.ts')).remove,
    },
    {
      verb: 'once',
      description: 'Export one period to a folder of this machine, without keeping an export.',
      options: [
        ACCOUNT,
        ...WHAT,
        {
          flags: '--period NAME',
          description: 'Such as 202610-1; of a usage summary a day, of a journal a month.',
          required: true,
        },
        { flags: '--to FOLDER', description: 'Where the files go.', required: true },
      ],
      load: async () => (await import('../export-once.ts')).once,
    },
    checkExport,
  ],
};
