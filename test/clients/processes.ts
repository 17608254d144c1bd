import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { ClientError, Outcomes } from './steps.ts';

const PATIENCE_MS = 60_000;

/** How the steps of a program ended, by name. */
export interface Results {
  /** What the step gave. A failed assertion when it failed, or when there is no such step. */
  value(step: string): unknown;
  /** How the step failed. A failed assertion when it did not. */
  error(step: string): ClientError;
}

/**
 * Runs a program of this folder under this Node, which is the pinned one, and waits for its end.
 *
 * @param told what it needs to know, secrets among it: sent, so that no list of processes shows them
 */
export async function runClient(program: string, caFile: string, told: object): Promise<Results> {
  const child = fork(join(import.meta.dirname, program), [], {
    env: { NODE_EXTRA_CA_CERTS: caFile, PATH: process.env['PATH'] },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: PATIENCE_MS,
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  }
  const { promise, resolve, reject } = Promise.withResolvers<Outcomes>();
  child.once('message', (outcomes) => resolve(outcomes as Outcomes));
  child.once('error', reject);
  const ended = new Promise<void>((done) => {
    child.once('close', (code, signal) => {
      reject(new Error(`${program} ended with ${code ?? signal}: ${printed.join('')}`));
      done();
    });
  });
  child.send(told);
  const outcomes = await promise;
  await ended;
  return {
    value: (step) => {
      const outcome = outcomes[step];
      assert.ok(outcome, `${program} has no step '${step}'`);
      assert.equal(outcome.error, undefined, `${step}: ${outcome.error?.message}`);
      return outcome.value;
    },
    error: (step) => {
      const outcome = outcomes[step];
      assert.ok(outcome, `${program} has no step '${step}'`);
      assert.ok(outcome.error, `${step} did not fail: ${JSON.stringify(outcome.value)}`);
      return outcome.error;
    },
  };
}
