import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './log-level.ts';
import { redact } from './redaction.ts';

/** The log handed to every part that reports something. */
export type Log = Logger;

const STANDARD_ERROR = 2;

/**
 * The log: one JSON object a line with `level` (its name), `time` (UTC), `msg` and the fields
 * given, on standard error, so that standard output stays free for what a command answers. Secrets
 * are taken out of each line as it is written. Lines are written at once: none is lost when the
 * process ends.
 *
 * @param destination where the lines go instead, for tests
 */
export function createLog(
  options: { readonly level?: LogLevel } = {},
  destination: DestinationStream = pino.destination(STANDARD_ERROR),
): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redact },
      serializers: { err: errorFields },
    },
    destination,
  );
}

/**
 * What is logged of an error. Errors of libraries carry much else, whole connections with their buffers among it.
 */
function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: errorFields(error.cause) }),
  };
}

/** A log that writes nothing, for tests and for parts that are run by hand. */
export const silentLog: Log = pino({ level: 'silent' });
