import type { BookedResource } from './batch-store.ts';

/**
 * The resources that the database is known to have, account by account: nearly every row is of one
 * that had usage the hour before, and what is remembered need not be sent to the database again.
 * Safe to remember, since resources are never taken away.
 *
 * Bounded: holds at most twice `capacity` keys of 32 bytes. When the younger half is full it becomes
 * the older, and the older half is forgotten.
 */
export class RememberedResources {
  #young = new Set<string>();
  #old = new Set<string>();
  readonly #capacity: number;

  constructor(capacity = 200_000) {
    this.#capacity = capacity;
  }

  has(resource: BookedResource): boolean {
    const key = keyOf(resource);
    if (this.#young.has(key)) return true;
    if (!this.#old.has(key)) return false;
    this.#add(key);
    return true;
  }

  /** To be called after the commit that put them there, never before. */
  add(resources: readonly BookedResource[]): void {
    for (const resource of resources) this.#add(keyOf(resource));
  }

  #add(key: string): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
  }
}

function keyOf({ account, key }: BookedResource): string {
  return account + key;
}
