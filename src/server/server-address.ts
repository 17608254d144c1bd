import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../kernel/index.ts';
import { PRIVATE_FILE, readIfPresent, replaceFile } from '../platform/index.ts';

/** Where the server of a data folder answers, for commands that run beside it. */
export interface ServerAddress {
  readonly baseUrl: string;
  readonly pid: number;
}

function fileOf(data: string): string {
  return join(data, 'server.json');
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
  const { baseUrl, pid } = value;
  if (typeof baseUrl !== 'string' || typeof pid !== 'number') return undefined;
  return { baseUrl, pid };
}
