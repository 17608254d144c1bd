import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** One file of the pages, as it is sent. */
export interface Page {
  readonly mediaType: string;
  readonly content: Buffer;
  /** The same, compressed by Brotli, where that is smaller. */
  readonly brotli: Buffer | undefined;
}

/** The pages as they were built. */
export interface Pages {
  /** Text of the page that is every page, with `__NONCE__` where the number of one answer goes. */
  readonly shell: string;
  /** Files that never change, by name. */
  readonly assets: ReadonlyMap<string, Page>;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  woff2: 'font/woff2',
};

/**
 * Reads the built pages into memory, a few megabytes: what is sent is then one of the files there were at the start,
 * whatever a path says.
 *
 * @param folder into which they were built
 * @returns undefined when they were not built
 */
export async function readPages(folder: string): Promise<Pages | undefined> {
  const shell = await readIfThere(join(folder, 'index.html'));
  if (shell === undefined) return undefined;
  const names = await readdir(join(folder, 'assets'), { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
    .map((entry) => join(entry.parentPath, entry.name));
  const assets = await Promise.all(
    files.map(async (file): Promise<[string, Page]> => {
      const name = relative(join(folder, 'assets'), file).split(sep).join('/');
      const mediaType = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)];
      return [
        name,
        {
          mediaType: mediaType ?? 'application/octet-stream',
          content: await readFile(file),
          brotli: await readIfThere(`${file}.br`),
        },
      ];
    }),
  );
  return { shell: shell.toString('utf8'), assets: new Map(assets) };
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
