import { join } from 'node:path';
import { logLevels, type LogLevel } from '../telemetry/log-level.ts';
import { projectFolder } from './folders.ts';
import {
  file,
  folder,
  httpsUrl,
  list,
  oneOf,
  postgresUrl,
  size,
  smtpUrl,
  someOf,
  text,
  wholeNumber,
  type ParseValue,
} from './values.ts';

/** One option. Its flag and environment variable follow from its name. */
export interface Option<Value> {
  /** The word that stands for the value in the help. */
  readonly placeholder: string;
  readonly description: string;
  readonly parse: ParseValue<Value>;
  readonly defaultValue: Value;
  /** The default in words, where the value itself does not say it. */
  readonly defaultText?: string;
  /** Never printed or logged. */
  readonly secret?: true;
  /** Further environment variables, read after the option's own. */
  readonly otherVariables?: readonly string[];
}

/** Keeps the type of an option's value while the list below is written. */
function option<Value>(entry: Option<Value>): Option<Value> {
  return entry;
}

/** The parts that a server may run. */
export const roles = ['stamp', 'commerce', 'portal'] as const;
export type Role = (typeof roles)[number];

/** A folder that nobody else can reach, beside the program unless the operator says otherwise. */
const defaultDataFolder = join(projectFolder, '.stackmeter');

/** Every option of Stackmeter, in the order of the reference page. */
export const options = {
  data: option({
    placeholder: 'FOLDER',
    description:
      'Folder of everything that Stackmeter keeps: the embedded database, certificates, keys. Made when missing.',
    parse: folder,
    defaultValue: defaultDataFolder,
    defaultText: '`.stackmeter` in the project folder',
  }),
  databaseUrl: option<string | undefined>({
    placeholder: 'URL',
    description:
      'PostgreSQL server to use instead of the embedded one, like postgresql://user:password@host:5432/database.',
    parse: postgresUrl,
    defaultValue: undefined,
    defaultText: 'none: the embedded server',
    secret: true,
    otherVariables: ['DATABASE_URL'],
  }),
  databaseUser: option<string | undefined>({
    placeholder: 'NAME',
    description:
      'User of the operating system under which the embedded server runs when Stackmeter runs as root, which PostgreSQL refuses.',
    parse: text,
    defaultValue: undefined,
    defaultText:
      'the owner of the database once there is one; else the first that exists of `stackmeter`, `postgres`, `nobody`',
  }),
  databaseConnections: option({
    placeholder: 'NUMBER',
    description: 'Connections to the database that this process opens at most, 6 to 50.',
    parse: wholeNumber(6, 50),
    defaultValue: 20,
  }),
  sharedBuffers: option<number | undefined>({
    placeholder: 'SIZE',
    description:
      "The embedded server's page cache (PostgreSQL's shared_buffers), at least 16MB, like 512MB or 4GB.",
    parse: size(16 * 2 ** 20),
    defaultValue: undefined,
    defaultText: 'a quarter of the memory, at least 128MB and at most 2GB',
  }),
  host: option({
    placeholder: 'ADDRESS',
    description: 'Address to listen on; 0.0.0.0 or :: for all.',
    parse: text,
    defaultValue: '127.0.0.1',
  }),
  hostNames: option<readonly string[]>({
    placeholder: 'NAMES',
    description:
      'Further DNS names and IP addresses under which clients reach the server, with commas between them; they go into its certificate.',
    parse: list,
    defaultValue: [],
    defaultText: 'none',
  }),
  port: option({
    placeholder: 'NUMBER',
    description: 'Port to listen on; 0 takes a free one.',
    parse: wholeNumber(0, 65_535),
    defaultValue: 9443,
  }),
  adminPort: option<number | undefined>({
    placeholder: 'NUMBER',
    description:
      'Port for operators, with everything; what belongs to operators is then not there on the other port. 0 takes a free one.',
    parse: wholeNumber(0, 65_535),
    defaultValue: undefined,
    defaultText: 'none: one port for all',
  }),
  roles: option<readonly Role[]>({
    placeholder: 'ROLES',
    description: 'Parts that this process runs: stamp, commerce, portal, with commas between them.',
    parse: someOf(roles),
    defaultValue: roles,
    defaultText: '`stamp,commerce,portal`',
  }),
  region: option({
    placeholder: 'NAME',
    description: 'Name of the region of this stamp, as usage and addresses carry it.',
    parse: text,
    defaultValue: 'local',
  }),
  logLevel: option<LogLevel>({
    placeholder: 'LEVEL',
    description: `Least level of what is logged: ${logLevels.join(', ')}.`,
    parse: oneOf(logLevels),
    defaultValue: 'info',
  }),
  readBudget: option({
    placeholder: 'NUMBER',
    description: 'Reads that a caller may make in an hour of each subscription, and beside them.',
    parse: wholeNumber(1, 1_000_000_000),
    defaultValue: 15_000,
  }),
  writeBudget: option({
    placeholder: 'NUMBER',
    description:
      'Writes that a caller may make in an hour to each subscription, and beside them. Sending usage is not counted.',
    parse: wholeNumber(1, 1_000_000_000),
    defaultValue: 1200,
  }),
  trustedIssuers: option<string | undefined>({
    placeholder: 'FILE',
    description:
      'JSON file with the OpenID issuers whose tokens are taken beside those of the built-in authority; docs/operating/identity.md has its form. Read at the start.',
    parse: file,
    defaultValue: undefined,
    defaultText: 'none',
  }),
  subscriptionDirectory: option<string | undefined>({
    placeholder: 'URL',
    description:
      'Where commerce asks for subscriptions that it does not know: GET URL/subscriptions/{id} over HTTPS; docs/operating/registration.md has the form of the answer.',
    parse: httpsUrl,
    defaultValue: undefined,
    defaultText: 'none',
  }),
  subscriptionDirectoryCa: option<string | undefined>({
    placeholder: 'FILE',
    description: 'PEM file of the authority that the certificate of that address is from.',
    parse: file,
    defaultValue: undefined,
    defaultText: 'none: a public one',
  }),
  recordRetentionDays: option({
    placeholder: 'DAYS',
    description: 'Days for which usage records are kept after the day in which they were reported.',
    parse: wholeNumber(1, 36_500),
    defaultValue: 92,
  }),
  hourlyRetentionDays: option({
    placeholder: 'DAYS',
    description:
      'Days for which hourly usage is kept after the day in which it was reported. Daily usage is kept for ever.',
    parse: wholeNumber(1, 36_500),
    defaultValue: 400,
  }),
  ingestConnections: option({
    placeholder: 'NUMBER',
    description: 'Transactions that take usage records in at the same time, 1 to 16.',
    parse: wholeNumber(1, 16),
    defaultValue: 3,
  }),
  ingestBatchRecords: option({
    placeholder: 'NUMBER',
    description:
      'Records after which a transaction that takes usage in gathers no more, 1 to 50000.',
    parse: wholeNumber(1, 50_000),
    defaultValue: 4000,
  }),
  ingestQueueBytes: option({
    placeholder: 'SIZE',
    description:
      'Memory for usage that waits to be committed; beyond it callers are told to come back later. Like 64MB.',
    parse: size(2 ** 20),
    defaultValue: 64 * 2 ** 20,
    defaultText: '64MB',
  }),
  smtpUrl: option<string | undefined>({
    placeholder: 'URL',
    description:
      'Server that takes the mail of alerts and reminders, like smtps://user:password@host:465. Without one they wait, and are told in lists and metrics.',
    parse: smtpUrl,
    defaultValue: undefined,
    defaultText: 'none',
    secret: true,
  }),
  mailFrom: option<string | undefined>({
    placeholder: 'ADDRESS',
    description: 'Sender of that mail, like billing@example.org.',
    parse: text,
    defaultValue: undefined,
    defaultText: 'none: `stackmeter@` and the name of the mail server',
  }),
  exportFolder: option<string | undefined>({
    placeholder: 'FOLDER',
    description: 'Folder below which exports and adapters may write files. Made when missing.',
    parse: folder,
    defaultValue: undefined,
    defaultText: '`exports` in the data folder',
  }),
  exportQuota: option({
    placeholder: 'SIZE',
    description:
      'Room that the exports of one account may take in folders of their own, like 20GB. Folders that the operator chose are not counted.',
    parse: size(2 ** 20),
    defaultValue: 10 * 2 ** 30,
    defaultText: '10GB',
  }),
};

export type OptionName = keyof typeof options;

/** The value of each option. Paths are absolute, sizes in bytes, retention in days. */
export type Config = {
  readonly [Name in OptionName]: (typeof options)[Name] extends Option<infer Value> ? Value : never;
};

/** The names of all options, in the order of the list. */
export const optionNames = Object.keys(options).filter(isOptionName);

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

/** `recordRetentionDays` becomes `--record-retention-days`. */
export function flagOf(name: OptionName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The environment variables of an option, the strongest first: `STACKMETER_RECORD_RETENTION_DAYS`. */
export function variablesOf(name: OptionName): readonly string[] {
  const own = `STACKMETER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const entry: Option<unknown> = options[name];
  return [own, ...(entry.otherVariables ?? [])];
}
