import { userInfo } from 'node:os';
import type { Actor } from '../audit/index.ts';
import {
  createLog,
  loadConfig,
  openDatabase,
  systemClock,
  type Clock,
  type Config,
  type Database,
  type Log,
} from '../platform/index.ts';
import { ensureStamp, type Stamp } from '../server/index.ts';
import type { Output } from './output.ts';

/** What a command is given. */
export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  /** At the level asked for; commands that only answer and end use {@link quietLog}. */
  readonly log: Log;
  /** whether the answer is wanted as JSON */
  readonly json: boolean;
  readonly output: Output;
}

/** A stamp as commands work on it: in the same process, beside a server or without one. */
export interface OpenStamp {
  readonly database: Database;
  readonly clock: Clock;
  readonly stamp: Stamp;
}

/** @throws ConfigurationInvalid */
export function makeContext(flags: Readonly<Record<string, unknown>>, output: Output): Context {
  const file = typeof flags['config'] === 'string' ? flags['config'] : undefined;
  const config = loadConfig({ flags, file });
  return {
    config,
    clock: systemClock,
    log: createLog({ level: config.logLevel }),
    json: flags['json'] === true,
    output,
  };
}

/** Nobody who asks for a list wants to read that a database was started for it. */
export function quietLog({ config, log }: Context): Log {
  return config.logLevel === 'info' ? log.child({}, { level: 'warn' }) : log;
}

/**
 * Opens the stamp for the length of a command. A server that runs on the same data folder does not mind; without
 * one the embedded database is started and stopped again, also when the command is interrupted.
 */
export async function withStamp<T>(
  context: Context,
  work: (open: OpenStamp) => Promise<T>,
): Promise<T> {
  const { config, clock } = context;
  const database = await openDatabase(config, quietLog(context), {
    clock,
    applicationName: 'stackmeter command',
  });
  const interrupt = (signal: NodeJS.Signals): void => {
    void database.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work({ database, clock, stamp: await ensureStamp(database, clock) });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await database.close();
  }
}

/** Whoever runs this command, as the audit trail names it. */
export function commandLineActor(): Actor {
  return { kind: 'command-line', name: userName() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no account has.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
