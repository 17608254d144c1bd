import { join } from 'node:path';
import { isJsonObject } from '../kernel/index.ts';
import { PRIVATE_FILE, readIfPresent, replaceFile } from '../platform/index.ts';

/** Somebody who can sign in to the demo. */
export interface DemoPerson {
  readonly userName: string;
  readonly password: string;
  /** What the person is there, for people. */
  readonly part: string;
}

/** What the demo remembers between starts. */
export interface DemoState {
  readonly seed: string;
  /** first hour of the simulated stamp's history, hours since 1970-01-01T00:00Z */
  readonly startHour: number;
  /** whether the history is in, windows closed and all */
  readonly historyDone: boolean;
  /** last hour whose records were all sent */
  readonly emittedThrough: number;
  /** who can sign in, with passwords: of a demo, and in a file that nobody else reads */
  readonly people: readonly DemoPerson[];
  readonly emitter: { readonly clientId: string; readonly clientSecret: string };
}

function fileOf(data: string): string {
  return join(data, 'demo.json');
}

export async function readDemoState(data: string): Promise<DemoState | undefined> {
  const text = await readIfPresent(fileOf(data));
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return isState(value) ? value : undefined;
}

export async function writeDemoState(data: string, state: DemoState): Promise<void> {
  await replaceFile(fileOf(data), `${JSON.stringify(state)}\n`, PRIVATE_FILE);
}

function isState(value: unknown): value is DemoState {
  if (!isJsonObject(value)) return false;
  const { seed, startHour, historyDone, emittedThrough, people, emitter } = value;
  return (
    typeof seed === 'string' &&
    Number.isInteger(startHour) &&
    typeof historyDone === 'boolean' &&
    Number.isInteger(emittedThrough) &&
    Array.isArray(people) &&
    isJsonObject(emitter)
  );
}
