import { fail, isGuid, type StackmeterError } from '../../kernel/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import type { AccountId } from './account.ts';

/** Something that belongs to an account and stays with it: an export, a webhook endpoint, an adapter. */
export interface Owned {
  readonly accountId: AccountId;
}

/** Things of one kind, each known by a GUID that whoever makes it chooses. */
export interface OwnedKind<T extends Owned> {
  /** Such as `export`; its id is the field `exportId`. */
  readonly noun: string;
  /** @param options.lock holds the row until the transaction ends */
  readonly find: (
    db: Queryable,
    id: string,
    options?: { readonly lock?: boolean },
  ) => Promise<T | undefined>;
  readonly notFound: (id: string) => StackmeterError;
}

/**
 * Holds a thing that is to be made or changed until the transaction ends, also one that is not there yet: two who make
 * the same at once do so one after the other, and the second finds what the first has made.
 *
 * @returns undefined for one that is not there
 * @throws InvalidProperty for an id that is none, Conflict for that of a thing of another account
 */
export async function holdOwned<T extends Owned>(
  tx: Queryable,
  { noun, find }: OwnedKind<T>,
  { id, accountId }: { readonly id: string; readonly accountId: AccountId },
): Promise<T | undefined> {
  if (!isGuid(id)) throw invalidProperty(`${noun}Id`, id, 'it has to be a GUID');
  // A row that is not there cannot be held; its name can.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${noun} ${id.toLowerCase()}`,
  ]);
  const present = await find(tx, id, { lock: true });
  if (present !== undefined && present.accountId !== accountId) {
    throw fail('Conflict', { reason: `the id ${id} is taken` });
  }
  return present;
}

/**
 * Holds a thing that was found, as it is by now, until the transaction ends.
 *
 * @param accountId whose it was; of another account by now it is not the one that was found
 * @throws what tells that there is none
 */
export async function holdPresent<T extends Owned>(
  tx: Queryable,
  { find, notFound }: OwnedKind<T>,
  { id, accountId }: { readonly id: string; readonly accountId?: AccountId | undefined },
): Promise<T> {
  const found = await find(tx, id, { lock: true });
  if (found === undefined) throw notFound(id);
  if (accountId !== undefined && accountId !== found.accountId) throw notFound(id);
  return found;
}
