import { useEffect } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { DirectoryTenant, KnownSubscription } from '../../../api/types/stamp.ts';
import { useViewer } from '../../../app/viewer.tsx';
import type { ApiError } from '../../../api/error.ts';

const DEFAULT_OFFER = '/offers/default-provider';
const SUBSCRIPTION_SCOPE = /^\/subscriptions\/([0-9a-f-]{36})$/;

/** Versions of the interfaces of the resource manager that these pages speak. */
export const DIRECTORY_VERSION = '2015-11-01';
export const ROLES_VERSION = '2015-07-01';
export const SUBSCRIPTIONS_VERSION = '2019-06-01';
export const REGISTRATION_VERSION = '2017-06-01';

export interface ProviderChoice {
  /** The subscription of the provider whose directory the caller may see; undefined until known, or for none. */
  readonly providerId: string | undefined;
  readonly isPending: boolean;
  readonly error: ApiError | null;
  readonly retry: () => void;
}

/**
 * The provider as which the directory is read: that of the whole stamp for those who run it, for a delegated provider
 * its own.
 */
export function useProvider(): ProviderChoice {
  const { caller } = useViewer();
  const own = caller.grants.find(({ role }) => role === 'DelegatedProvider')?.scope;
  const ownId = own === undefined ? undefined : SUBSCRIPTION_SCOPE.exec(own)?.[1];
  const known = usePages<KnownSubscription>('/subscriptions', {
    'api-version': SUBSCRIPTIONS_VERSION,
  });
  const root = known.items.find(({ offerId }) => offerId?.endsWith(DEFAULT_OFFER) === true);
  // It is one of the first pages in all but the largest clouds; the list is asked further until it is there.
  const { hasMore, isFetching, loadMore } = known;
  useEffect(() => {
    if (root === undefined && hasMore && !isFetching) loadMore();
  });
  return {
    providerId: root?.subscriptionId ?? ownId,
    isPending: root === undefined && (known.isPending || known.hasMore),
    error: known.error,
    retry: known.retry,
  };
}

/** The path of a part of a provider's directory. */
export function directoryPath(providerId: string, part: string): string {
  return `/subscriptions/${providerId}/providers/Microsoft.Subscriptions.Admin/${part}`;
}

/** Names of the directories by their ids, and the list of them. */
export function useTenants(providerId: string | undefined): {
  readonly tenants: readonly DirectoryTenant[];
  readonly nameOf: (tenantId: string) => string;
} {
  const { items } = usePages<DirectoryTenant>(
    directoryPath(providerId ?? '', 'directoryTenants'),
    { 'api-version': DIRECTORY_VERSION },
    { enabled: providerId !== undefined },
  );
  return {
    tenants: items,
    nameOf: (tenantId) =>
      items.find(({ properties }) => properties.tenantId === tenantId)?.name ?? tenantId,
  };
}
