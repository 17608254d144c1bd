import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useViewer } from '../../app/viewer.tsx';
import { addressOf } from '../../api/client.ts';
import type { ApiError } from '../../api/error.ts';
import { asApiError, useApi, type Page } from '../../api/hooks.ts';
import type { AnalysisAnswer, DimensionValue } from '../../api/types/analysis.ts';
import {
  analysisQuery,
  isAskable,
  joined,
  pathOf,
  valuesQuery,
  type Listed,
  type Question,
} from './query.ts';

/** An answer as far as it has been read. */
export interface Analysis {
  readonly answer: AnalysisAnswer | undefined;
  readonly error: ApiError | null;
  readonly isPending: boolean;
  /** What is shown answers the question before, while this one is on its way. */
  readonly isStale: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

export function useAnalysis(question: Question): Analysis {
  const api = useApi();
  const path = pathOf[question.kind];
  const query = analysisQuery(question);
  const found = useInfiniteQuery({
    queryKey: ['api', path, 'pages', query],
    initialPageParam: addressOf(path, query),
    queryFn: ({ pageParam, signal }) => api.get<AnalysisAnswer>(pageParam, { signal }),
    getNextPageParam: (last) => last.nextLink,
    enabled: isAskable(question),
    placeholderData: keepPreviousData,
  });
  const pages = found.data?.pages;
  const answer = useMemo(() => joined(pages ?? []), [pages]);
  return {
    answer,
    error: asApiError(found.error),
    isPending: found.isPending,
    isStale: found.isPlaceholderData,
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void (found.isFetchNextPageError ? found.fetchNextPage() : found.refetch()),
  };
}

/** What can be chosen of a dimension, while somebody types. */
export function useValues(
  question: Question,
  {
    dimension,
    text,
    limit = 50,
    isOpen,
  }: {
    readonly dimension: Listed;
    readonly text: string;
    readonly limit?: number;
    readonly isOpen: boolean;
  },
): UseQueryResult<Page<DimensionValue>> {
  const api = useApi();
  const { settings, caller } = useViewer();
  // Commerce knows the subscriptions of a stamp by their ids; where the stamp is asked too, it has their names.
  const isStampAsked =
    dimension === 'subscription' &&
    settings.wings.includes('stamp') &&
    caller.anywhere.includes('Microsoft.Commerce/usageAggregates/read');
  const kind = isStampAsked ? 'usage' : question.kind;
  const asked = isStampAsked ? { ...question, account: undefined, view: undefined } : question;
  const path = `${pathOf[kind]}/values`;
  const query = valuesQuery(asked, { dimension, text, limit });
  return useQuery({
    queryKey: ['api', path, 'one', query],
    queryFn: ({ signal }) => api.get<Page<DimensionValue>>(path, { query, signal }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
}

const PAUSE_MS = 150;

/** A text once nobody has typed for a moment. */
export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
