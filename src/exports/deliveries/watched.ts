import { fail } from '../../kernel/index.ts';
import type { Destination } from '../formats/index.ts';

/** What is looked at while files are written. */
export interface Watching {
  /** Ends the writing. */
  readonly signal: AbortSignal;
  /** Bytes that may be written in all. */
  readonly mostBytes: number;
  /** @throws Error when the files are no longer ours to write */
  readonly check: () => Promise<void>;
  /** Told of each file before it is begun. */
  readonly begins?: (path: string) => Promise<void>;
}

/** A destination with what has been written to it. */
export interface WatchedDestination extends Destination {
  /** Paths of files that are in their place. */
  readonly written: readonly string[];
}

/** @throws ExportQuotaExceeded from its files */
export function watched(
  destination: Destination,
  { signal, mostBytes, check, begins }: Watching,
): WatchedDestination {
  const written: string[] = [];
  let bytes = 0;
  return {
    ...destination,
    written,
    create: async (path) => {
      signal.throwIfAborted();
      await check();
      await begins?.(path);
      const file = await destination.create(path);
      return {
        ...file,
        write: async (chunk) => {
          signal.throwIfAborted();
          bytes += chunk.length;
          if (bytes > mostBytes) throw fail('ExportQuotaExceeded', { what: 'bytes of its files' });
          await file.write(chunk);
        },
        commit: async () => {
          await file.commit();
          written.push(path);
        },
      };
    },
  };
}
