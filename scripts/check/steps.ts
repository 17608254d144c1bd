/** The checks of `npm test`, in the order in which they are told. */
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

export interface Check {
  readonly name: string;
  /** Arguments for the pinned Node, relative to the project folder. */
  readonly command: readonly string[];
}

export const checks: readonly Check[] = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  {
    name: 'portal-types',
    command: ['node_modules/typescript/bin/tsc', '-p', 'portal'],
  },
  {
    name: 'lint',
    command: [
      'node_modules/oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      '--report-unused-disable-directives',
    ],
  },
  { name: 'format', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  { name: 'boundaries', command: ['scripts/check/boundaries.ts'] },
  { name: 'unused', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'house-rules', command: ['scripts/check/house-rules.ts'] },
];

export interface Outcome {
  readonly ok: boolean;
  readonly seconds: number;
  /** What the tool wrote, both streams in the order of arrival. */
  readonly output: string;
}

/** Runs one check in the project folder `root`. */
export function runCheck({ command }: Check, root: string): Promise<Outcome> {
  const started = performance.now();
  const parts: string[] = [];
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  }
  return new Promise((resolve) => {
    const end = (ok: boolean): void => {
      // Some tools see the environment of a CI service and colour in spite of NO_COLOR.
      const output = stripVTControlCharacters(parts.join('')).trim();
      resolve({ ok, seconds: (performance.now() - started) / 1000, output });
    };
    child.once('error', (error) => {
      parts.push(String(error));
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

/** Runs the checks two at a time; the promises come in the order of the checks. */
export function runChecks(chosen: readonly Check[], root: string): Promise<Outcome>[] {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  const waiting = chosen.map((check) => ({ check, outcome: Promise.withResolvers<Outcome>() }));
  const queue = waiting.values();
  for (const lane of lanes) {
    void lane.then(async () => {
      for (const { check, outcome } of queue) outcome.resolve(await runCheck(check, root));
    });
  }
  return waiting.map(({ outcome }) => outcome.promise);
}
