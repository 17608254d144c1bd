import type { CommandDefinition, NounDefinition, OptionDefinition } from './definition.ts';

/** Commands that have no noun. */
export const plainCommands: readonly CommandDefinition[] = [
  {
    verb: 'serve',
    description: 'Run the server until it is told to stop (Ctrl-C, SIGTERM).',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    verb: 'demo',
    description: 'Run the server together with a simulated stamp that emits usage.',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    verb: 'connect',
    description:
      'Tell how to reach the server that runs on this data folder, with commands ready to paste. Shows the secret of the operator.',
    load: async () => (await import('./connect.ts')).connect,
  },
];

const TENANT: OptionDefinition = {
  flags: '--tenant ID',
  description:
    'Directory tenant that the client belongs to; the home tenant of the stamp unless given.',
};

const clientCommands: readonly CommandDefinition[] = [
  {
    verb: 'add',
    description:
      'Make a client with one role, on one scope or several. Its secret is shown now and never again.',
    options: [
      { flags: '--name NAME', description: 'What people call the client.', required: true },
      {
        flags: '--role ROLE',
        description: 'Owner, Contributor, Reader or Emitter.',
        required: true,
      },
      {
        flags: '--scope SCOPE...',
        description: '/ for the whole stamp, or /subscriptions/ID; may be given several times.',
        required: true,
      },
      {
        flags: '--provider NAMESPACE...',
        description:
          'Resource provider that an Emitter speaks for, such as Microsoft.Compute; may be given several times; all unless given.',
      },
      TENANT,
    ],
    load: async () => (await import('./client.ts')).add,
  },
  {
    verb: 'list',
    description: 'List the clients and their roles.',
    load: async () => (await import('./client.ts')).list,
  },
  {
    verb: 'disable',
    description: 'Refuse a client from now on and keep it on record.',
    operands: [{ name: 'ID', description: 'Client id.' }],
    load: async () => (await import('./client.ts')).disable,
  },
  {
    verb: 'remove',
    description: 'Forget a client and its roles.',
    operands: [{ name: 'ID', description: 'Client id.' }],
    load: async () => (await import('./client.ts')).remove,
  },
];

const meterCommands: readonly CommandDefinition[] = [
  {
    verb: 'add',
    description: 'Add a meter of your own.',
    options: [
      { flags: '--id ID', description: 'A GUID or a short name.', required: true },
      { flags: '--name NAME', description: 'What people call the meter.', required: true },
      { flags: '--unit UNIT', description: 'The unit in words, such as GB-hours.', required: true },
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
    load: async () => (await import('./meter.ts')).add,
  },
  {
    verb: 'list',
    description: 'List the meters.',
    load: async () => (await import('./meter.ts')).list,
  },
];

const subscriptionCommands: readonly CommandDefinition[] = [
  {
    verb: 'list',
    description: 'List the subscriptions.',
    load: async () => (await import('./subscription.ts')).list,
  },
  {
    verb: 'show',
    description: 'Show one subscription.',
    operands: [{ name: 'ID', description: 'Subscription id.' }],
    load: async () => (await import('./subscription.ts')).show,
  },
  {
    verb: 'add',
    description: 'Make a subscription, with its directory tenant where that is not known yet.',
    options: [
      { flags: '--id ID', description: 'Subscription id; a new one unless given.' },
      { flags: '--name NAME', description: 'What people call the subscription.', required: true },
      { flags: '--owner OWNER', description: 'E-mail address of its owner.', required: true },
      {
        flags: '--tenant ID',
        description:
          "Its directory tenant, or the word new; the one of the owner's e-mail domain unless given.",
      },
      {
        flags: '--provider-subscription ID',
        description:
          'Subscription of the provider that it is made under; the default provider subscription unless given.',
      },
      { flags: '--offer ID', description: 'Offer that it was made from; must exist.' },
    ],
    load: async () => (await import('./subscription.ts')).add,
  },
  {
    verb: 'set-state',
    description:
      'Set the state of a subscription: Enabled, Disabled, Deleting, PartiallyDeleted, Deleted, Warned or PastDue.',
    operands: [
      { name: 'ID', description: 'Subscription id.' },
      { name: 'STATE', description: 'The new state.' },
    ],
    load: async () => (await import('./subscription.ts')).setState,
  },
];

const ENTRY = { name: 'ID', description: 'Id of the entry, from quarantine list.' } as const;

const quarantineCommands: readonly CommandDefinition[] = [
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
    load: async () => (await import('./quarantine.ts')).list,
  },
  {
    verb: 'show',
    description: 'Show one entry with the record as it was received.',
    operands: [ENTRY],
    load: async () => (await import('./quarantine.ts')).show,
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
    load: async () => (await import('./quarantine.ts')).replay,
  },
  {
    verb: 'discard',
    description: 'Give a record up. It stays listed with the reason.',
    operands: [ENTRY],
    options: [{ flags: '--reason TEXT', description: 'Why.', required: true }],
    load: async () => (await import('./quarantine.ts')).discard,
  },
];

const WINDOW_RANGE: readonly OptionDefinition[] = [
  { flags: '--from TIME', description: 'Only windows that start at this time or later.' },
  { flags: '--through TIME', description: 'Only windows that end at this time or earlier.' },
];

const windowCommands: readonly CommandDefinition[] = [
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
    load: async () => (await import('./window.ts')).list,
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
    load: async () => (await import('./window.ts')).close,
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
    load: async () => (await import('./window-verify.ts')).verify,
  },
];

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

const usageCommands: readonly CommandDefinition[] = [
  {
    verb: 'list',
    description: 'List usage; in JSON as the interfaces answer it.',
    options: [
      ...USAGE_RANGE,
      { flags: '--all', description: 'All rows, not the first 1000 only.' },
    ],
    load: async () => (await import('./usage-list.ts')).list,
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
    load: async () => (await import('./usage-export.ts')).exportUsage,
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
    load: async () => (await import('./usage-import.ts')).importUsage,
  },
];

/** Commands by the noun that they are about. */
export const nouns: readonly NounDefinition[] = [
  { noun: 'client', description: 'Programs that may call.', commands: clientCommands },
  { noun: 'subscription', description: 'Who uses the cloud.', commands: subscriptionCommands },
  { noun: 'meter', description: 'What is measured.', commands: meterCommands },
  { noun: 'usage', description: 'Usage in and out.', commands: usageCommands },
  { noun: 'window', description: 'Reported hours and days.', commands: windowCommands },
  {
    noun: 'quarantine',
    description: 'Records that could not be counted.',
    commands: quarantineCommands,
  },
];
