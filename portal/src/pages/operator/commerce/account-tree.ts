import type { AccountDetail } from '../../../api/types/commerce.ts';

/** An account with its place in the tree. */
export interface Placed {
  readonly account: AccountDetail;
  /** How many sellers are above it, of those that are listed. */
  readonly level: number;
  readonly seller: AccountDetail | undefined;
}

/** The accounts from the uppermost down, each followed by those that buy from it, by name. */
export function treeOf(accounts: readonly AccountDetail[]): readonly Placed[] {
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  const below = Map.groupBy(accounts, ({ parentId }) =>
    parentId !== undefined && byId.has(parentId) ? parentId : '',
  );
  const placed: Placed[] = [];
  const add = (parent: string, level: number): void => {
    const children = (below.get(parent) ?? []).toSorted((one, other) =>
      one.name.localeCompare(other.name),
    );
    for (const account of children) {
      placed.push({ account, level, seller: byId.get(parent) });
      add(account.accountId, level + 1);
    }
  };
  add('', 0);
  return placed;
}
