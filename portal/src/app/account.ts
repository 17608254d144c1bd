import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { usePages } from '../api/hooks.ts';
import type { Account } from '../api/types/accounts.ts';
import { keep, recall } from '../auth/storage.ts';
import { may } from './area.ts';
import { useViewer } from './viewer.tsx';

const SEE = 'Stackmeter.Billing/accounts/read';
/** Accounts beyond these are found by their address alone. */
const MOST_PAGES = 5;

/** The billing accounts that somebody may see, and the one that the pages are about. */
export interface AccountChoice {
  readonly accounts: readonly Account[];
  /** Undefined until they are loaded, and for those who have none. */
  readonly account: Account | undefined;
  readonly accountId: string | undefined;
  readonly isPending: boolean;
  readonly choose: (accountId: string) => void;
  /** Name of an account; its id where it is not known. */
  readonly nameOf: (accountId: string) => string;
}

/**
 * The account that was chosen: by the address, else earlier in this tab, else the uppermost that somebody may
 * see.
 */
export function useAccount(): AccountChoice {
  const viewer = useViewer();
  const enabled = may(viewer, SEE) && viewer.settings.wings.includes('commerce');
  const { items, isPending, hasMore, isLoadingMore, pages, loadMore } = usePages<Account>(
    '/api/v1/accounts',
    undefined,
    { enabled },
  );
  useEffect(() => {
    if (hasMore && !isLoadingMore && pages.length < MOST_PAGES) loadMore();
  });
  const { account: asked }: { readonly account?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const choose = useCallback(
    (accountId: string) => {
      keep('account', accountId);
      const search = (before: object): object => ({ ...before, account: accountId });
      void navigate({ to: '.', search });
    },
    [navigate],
  );
  const account = chosen(items, asked);
  return {
    accounts: items,
    account,
    accountId: account?.accountId ?? (items.length > 0 ? asked : undefined),
    isPending,
    choose,
    nameOf: (id) => items.find(({ accountId }) => accountId === id)?.name ?? id,
  };
}

function chosen(accounts: readonly Account[], asked: string | undefined): Account | undefined {
  const find = (id: string | undefined): Account | undefined =>
    id === undefined ? undefined : accounts.find(({ accountId }) => accountId === id);
  if (asked !== undefined) return find(asked);
  const known = new Set(accounts.map(({ accountId }) => accountId));
  const isUppermost = ({ parentId }: Account): boolean =>
    parentId === undefined || !known.has(parentId);
  return find(recall('account')) ?? accounts.find(isUppermost) ?? accounts[0];
}
