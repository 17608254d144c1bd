import { billingErrors } from './billing-errors.ts';
import { budgetErrors } from './budget-errors.ts';
import { exportErrors } from './export-errors.ts';
import { recordErrors } from './record-errors.ts';
import { reportingErrors } from './reporting-errors.ts';
import { requestErrors } from './request-errors.ts';

/** One error of the catalogue. */
export interface CatalogueEntry {
  /** The HTTP status with which the error is answered. */
  readonly status: number;
  /** The message, with {placeholders} for what is particular to the occasion. */
  readonly template: string;
  /** One sentence that says what to do. */
  readonly advice: string;
}

/** Reasons for which history of another stamp, or a file, is not imported. */
const importErrors = {
  ImportWindowNotBeforeFirst: {
    status: 409,
    template: 'The reported {granularity} {window} is not before {first}, the first of this stamp.',
    advice: 'Import history only up to the time at which this stamp began to count by itself.',
  },
  ImportWindowClosed: {
    status: 409,
    template: 'The reported window {window} is closed, so nothing more can be imported into it.',
    advice: 'Import all history of a window at once, before the window is closed.',
  },
  ImportOutsideReportedRange: {
    status: 422,
    template: '{place} has usage that the reported range {start} to {end} cannot hold.',
    advice: 'Give the reported range from which the file was exported.',
  },
  ImportFormat: {
    status: 422,
    template: '{place} cannot be read: {reason}.',
    advice: 'Correct the file at that place and start the import again; it repeats nothing.',
  },
} as const;

/** Reasons for which the server or a command cannot start. */
const startErrors = {
  ConfigurationInvalid: {
    status: 500,
    template: 'The option {option} cannot be used: {reason}.',
    advice: 'Correct the flag, environment variable or line of the file that sets the option.',
  },
  DatabaseUnavailable: {
    status: 503,
    template: 'The database cannot be reached: {reason}.',
    advice: 'Check that the database runs and that its address, user and password are right.',
  },
  PortInUse: {
    status: 500,
    template: 'Another program already listens on port {port} of {host}.',
    advice: 'Stop that program, or choose another port with --port.',
  },
  DataFolderInUse: {
    status: 500,
    template: 'The data folder {folder} is in use by {holder}.',
    advice: 'Stop the other server, or choose another folder with --data.',
  },
  ServerNotRunning: {
    status: 503,
    template: 'No server runs on the data folder {folder}.',
    advice: 'Start one with stackmeter serve, or name its data folder with --data.',
  },
  InvalidArguments: {
    status: 400,
    template: 'The arguments are not understood: {reason}.',
    advice: 'See what the command takes with --help.',
  },
  MigrationAltered: {
    status: 500,
    template: 'The migration {migration} was changed after this database had applied it.',
    advice: 'Run the version of Stackmeter that made the database, or a later release of it.',
  },
} as const;

/**
 * Every error that Stackmeter reports by a code: over HTTP, in quarantine, on the command line.
 *
 * A message is the template with its {placeholders} filled in. The reference page of errors is made
 * from this table and adds the advice.
 */
export const catalogue = {
  ...requestErrors,
  ...recordErrors,
  ...reportingErrors,
  ...billingErrors,
  ...budgetErrors,
  ...exportErrors,
  ...importErrors,
  ...startErrors,
} as const satisfies Record<string, CatalogueEntry>;
