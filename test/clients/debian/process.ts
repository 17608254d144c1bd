import { spawn, type ChildProcess } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

/** What a program came to. */
export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The environment of a program: what it needs to be found, and nothing else of ours. */
function environment(added: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8', ...added };
}

/** Runs a program to its end; a program that is not there ends with 127. */
export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Done> {
  const child = start(command, args, env);
  const failed = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
  });
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 1));
  });
  const texts = Promise.all([child.stdout, child.stderr].map((stream) => buffer(stream!)));
  const code = await Promise.race([failed, ended]);
  const [out = '', err = ''] = code === 127 ? [] : (await texts).map(String);
  return { code, out, err };
}

export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(command, args, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
}
