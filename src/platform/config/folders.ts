import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The folder of this project, absolute. */
export const projectFolder = resolve(import.meta.dirname, '../../..');

/**
 * The folder for what can be made again at any time: /var/cache/stackmeter for root, whose home folder
 * no other user can enter; else `stackmeter` in the user's own cache folder (XDG base directories).
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  isRoot = process.geteuid?.() === 0,
): string {
  if (isRoot) return '/var/cache/stackmeter';
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg?.startsWith('/') === true ? xdg : join(homedir(), '.cache'), 'stackmeter');
}

/**
 * Makes the data folder when it is missing, with mode 0700, so that nobody else looks into it. A folder
 * that was there keeps its mode unless it is empty and ours: it may be one that the operator shares.
 */
export function ensureDataFolder(data: string): void {
  // Folders above it are ordinary ones: only the data folder itself is closed.
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const ours = statSync(data).uid === process.geteuid?.();
  if (ours && readdirSync(data).length === 0) chmodSync(data, 0o700);
}
