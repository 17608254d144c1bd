import type { ByteSink } from './sink.ts';

/** A file that nobody sees before it is whole. */
export interface NewFile extends ByteSink {
  /** Puts it in its place, in one step; what was there is replaced. When this resolves it is there for good. */
  commit(): Promise<void>;
  /** Leaves nothing of it. Never throws. */
  abandon(): Promise<void>;
}

/** Where files of exports go. Paths are relative, with `/` between their parts. */
export interface Destination {
  /** Whether others decide how long writing takes: what goes there is made ready on this machine first. */
  readonly isRemote: boolean;
  create(path: string): Promise<NewFile>;
  /** Undefined where there is none, or it cannot be read back. */
  read(path: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Removes a file, also one that is not there. */
  remove(path: string): Promise<void>;
}

/** Letters, digits and a few marks; no part is `.` or `..`, and none begins with a point. */
const PART = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,127}$/;
const LONGEST = 600;

/** Whether a text is a path below a destination that leads out of it nowhere. */
export function isSafePath(path: string): boolean {
  return path.length <= LONGEST && path.split('/').every((part) => PART.test(part));
}

/** @throws RangeError: paths are made by us, from parts that were checked */
export function requireSafePath(path: string): string {
  if (isSafePath(path)) return path;
  throw new RangeError(`a file of an export cannot be called ${JSON.stringify(path)}`);
}

/** Writes a small file as a whole. */
export async function writeWhole(
  destination: Destination,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = await destination.create(path);
  try {
    await file.write(bytes);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
