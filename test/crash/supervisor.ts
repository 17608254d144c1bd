import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/platform/index.ts';
import type { ServerOrder, ServerReady } from './server-process.ts';

/** A process that is started again whenever it ends. */
export interface Supervised<Ready> {
  /** What the one that runs now said of itself; undefined while none answers. */
  readonly ready: () => Ready | undefined;
  /** Rejects when it does not start any more. */
  readonly broken: Promise<never>;
  /** How often a server ended by itself, which one does whose database dies while it starts. */
  readonly failedStarts: () => number;
  /** @returns false when there is no process to kill just now */
  kill(): boolean;
  tell(line: string): void;
  /** Lets it end in order; no other is started. */
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, 'server-process.ts');

/** Failures to start in a row, with nobody killed, that are no accident. */
const TOO_MANY_FAILURES = 20;

export type SupervisedServer = Supervised<ServerReady>;

/** Starts a server and keeps starting it. */
export function superviseServer(order: ServerOrder): SupervisedServer {
  return superviseProcess<ServerReady>(PROGRAM, order);
}

/**
 * Starts a program and keeps starting it.
 *
 * @param order its first argument, as JSON
 */
export function superviseProcess<Ready>(program: string, order: object): Supervised<Ready> {
  let child: ChildProcess | undefined;
  let ready: Ready | undefined;
  const stopping = new AbortController();
  let failures = 0;
  let failuresInARow = 0;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      let said = '';
      const started = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'pipe' });
      child = started;
      started.stdin.on('error', () => undefined);
      started.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      createInterface({ input: started.stdout }).on('line', (line) => {
        ready = JSON.parse(line) as Ready;
        failuresInARow = 0;
      });
      await once(started, 'exit');
      child = undefined;
      ready = undefined;
      if (stopping.signal.aborted || started.signalCode === 'SIGKILL') continue;
      failures += 1;
      failuresInARow += 1;
      if (failuresInARow > TOO_MANY_FAILURES) throw new Error(`the server does not start: ${said}`);
      await systemClock.sleep(50);
    }
  })();
  const broken = running.then(() => new Promise<never>(() => undefined));
  broken.catch(() => undefined);
  return {
    broken,
    ready: () => ready,
    failedStarts: () => failures,
    kill: () => child?.kill('SIGKILL') === true,
    tell: (line) => void child?.stdin?.write(`${line}\n`),
    stop: async () => {
      stopping.abort();
      child?.stdin?.end();
      await running;
    },
  };
}

/** Waits until something is there. An Error when it does not come. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  patienceMs = 60_000,
): Promise<T> {
  const deadline = systemClock.monotonicMs() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.monotonicMs() > deadline) throw new Error(`waited in vain for ${what}`);
    await systemClock.sleep(20);
  }
}
