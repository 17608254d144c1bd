import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { createContext, use } from 'react';
import { addressOf, type Api, type Query } from './client.ts';
import { ApiError } from './error.ts';

export const ApiContext = createContext<Api | undefined>(undefined);

/** The service, as the person who is signed in. */
export function useApi(): Api {
  const api = use(ApiContext);
  if (api === undefined) throw new Error('There is no session here.');
  return api;
}

export interface AnswerOptions {
  /** Nothing is asked while false. */
  readonly enabled?: boolean;
  /** What was there stays while something else is loaded, so that nothing flickers. */
  readonly keep?: boolean;
  /** Milliseconds after which to ask again by itself. */
  readonly every?: number;
}

/** What is kept about answers: path first, so that what was changed below a path can be found. */
function keyOf(path: string, query: Query | undefined, kind: 'one' | 'pages'): readonly unknown[] {
  return ['api', path, kind, query ?? {}];
}

/** What a GET answers. */
export function useAnswer<T>(
  path: string,
  query?: Query,
  { enabled = true, keep = false, every }: AnswerOptions = {},
): UseQueryResult<T, ApiError> {
  const api = useApi();
  return useQuery<T, ApiError>({
    queryKey: keyOf(path, query, 'one'),
    queryFn: ({ signal }) => api.get<T>(path, { query, signal }),
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
    ...(every !== undefined && { refetchInterval: every }),
  });
}

/** A page of a list. */
export interface Page<T> {
  readonly value: readonly T[];
  readonly nextLink?: string;
}

/** A list as far as it has been loaded. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** Pages as they were answered, for what else stands in them. */
  readonly pages: readonly Page<T>[];
  readonly isPending: boolean;
  readonly isFetching: boolean;
  readonly error: ApiError | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** A list that goes on by `nextLink`, a page at a time. */
export function usePages<T>(
  path: string,
  query?: Query,
  { enabled = true, keep = true, every }: AnswerOptions = {},
): Pages<T> {
  const api = useApi();
  const found = useInfiniteQuery({
    queryKey: keyOf(path, query, 'pages'),
    initialPageParam: addressOf(path, query),
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(pageParam, { signal }),
    getNextPageParam: (last) => last.nextLink,
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
    ...(every !== undefined && { refetchInterval: every }),
  });
  const pages = found.data?.pages ?? [];
  return {
    items: pages.flatMap(({ value }) => value),
    pages,
    isPending: found.isPending && enabled,
    isFetching: found.isFetching,
    error: asApiError(found.error),
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void (found.isFetchNextPageError ? found.fetchNextPage() : found.refetch()),
  };
}

/**
 * Something that changes the service.
 *
 * @param refresh beginnings of the paths whose answers are asked for anew afterwards
 */
export function useChange<In, Out>(
  change: (api: Api, input: In) => Promise<Out>,
  refresh: readonly string[] = [],
): UseMutationResult<Out, ApiError, In> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation<Out, ApiError, In>({
    mutationFn: (input) => change(api, input),
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey: [, path] }) =>
          refresh.some((beginning) => String(path).startsWith(beginning)),
      }),
  });
}

/** Any failure, as something that can be told. */
export function asApiError(error: unknown): ApiError | null {
  if (error === null || error === undefined) return null;
  if (error instanceof ApiError) return error;
  const message =
    error instanceof Error ? error.message : 'Something failed that says nothing of itself.';
  return new ApiError(0, { code: 'Failed', message });
}
