import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../kernel/index.ts';
import { PRIVATE_FILE, readIfPresent, replaceFile, type Config } from '../platform/index.ts';

/** Where the server of a data folder answers, for commands that run beside it. */
export interface ServerAddress {
  /** For operators, and the commands on this machine. */
  readonly baseUrl: string;
  /**
   * For everybody, on other machines too; undefined when it has no name there, because the server listens
   * on all addresses and was given none.
   */
  readonly publicUrl: string | undefined;
  readonly pid: number;
}

function fileOf(data: string): string {
  return join(data, 'server.json');
}

/**
 * The address that others are given: under the first of the names that the server was given, or else
 * that at which it listens.
 *
 * @param baseUrl for everybody, as people on this machine reach it
 */
export function publicUrlOf(
  baseUrl: string,
  { host, hostNames }: Pick<Config, 'host' | 'hostNames'>,
): string | undefined {
  const [name] = hostNames;
  if (name === undefined) return host === '0.0.0.0' || host === '::' ? undefined : baseUrl;
  const url = new URL(baseUrl);
  url.hostname = name.includes(':') ? `[${name}]` : name;
  return url.origin;
}

export async function publishAddress(data: string, address: ServerAddress): Promise<void> {
  await replaceFile(fileOf(data), `${JSON.stringify(address)}\n`, PRIVATE_FILE);
}

/** Takes the address back, unless it is another server's by now. */
export async function forgetAddress(data: string, pid: number): Promise<void> {
  if ((await readAddress(data))?.pid === pid) await rm(fileOf(data), { force: true });
}

/** The address that was published last, by a server that may be gone. */
export async function readAddress(data: string): Promise<ServerAddress | undefined> {
  const text = await readIfPresent(fileOf(data));
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) return undefined;
  const { baseUrl, publicUrl, pid } = value;
  if (typeof baseUrl !== 'string' || typeof pid !== 'number') return undefined;
  return { baseUrl, publicUrl: typeof publicUrl === 'string' ? publicUrl : undefined, pid };
}
