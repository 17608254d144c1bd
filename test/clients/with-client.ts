import { before } from 'node:test';
import type { Server } from '../../src/server/index.ts';
import { writeFixture, type Fixture } from '../conformance/fixture.ts';
import type { TestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { runClient, type Results } from './processes.ts';

/** A program of this folder that has run against a server of its own. */
export interface ClientRun<Told> {
  readonly server: Server;
  /** What the program was told. */
  readonly told: Told;
  readonly results: Results;
}

/**
 * Runs a program of this folder against a whole server with the usage, subscriptions and clients of
 * the wire cases. To be called in a `describe` within the one that has the database.
 */
export function withClient<Told extends object>(
  test: TestDatabase,
  program: string,
  tell: (server: Server, fixture: Fixture) => Told | Promise<Told>,
): ClientRun<Told> {
  const started = withServer(test);
  let run: Omit<ClientRun<Told>, 'server'> | undefined;
  before(async () => {
    const { server } = started;
    const told = await tell(server, await writeFixture(server));
    run = { told, results: await runClient(program, server.caFile, told) };
  });
  const ended = (): Omit<ClientRun<Told>, 'server'> => {
    if (run === undefined) throw new Error('The program has run from the first test on.');
    return run;
  };
  return {
    get server() {
      return started.server;
    },
    get told() {
      return ended().told;
    },
    get results() {
      return ended().results;
    },
  };
}
