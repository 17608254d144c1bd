import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { asApiError, useApi, type Pages } from '../../../api/hooks.ts';
import type { Query } from '../../../api/client.ts';

interface NextPage<T> {
  readonly value: readonly T[];
  /** What `after` has to be for the page that follows. */
  readonly next?: string;
}

/** A list that goes on by `after` in place of a link: the quarantine, the audit trail. */
export function useNextPages<T>(path: string, query: Query): Pages<T> {
  const api = useApi();
  const found = useInfiniteQuery({
    queryKey: ['api', path, 'next', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.get<NextPage<T>>(path, { query: { ...query, after: pageParam }, signal }),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const pages = found.data?.pages ?? [];
  return {
    items: pages.flatMap(({ value }) => value),
    pages,
    isPending: found.isPending,
    isFetching: found.isFetching,
    error: asApiError(found.error),
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void (found.isFetchNextPageError ? found.fetchNextPage() : found.refetch()),
  };
}
