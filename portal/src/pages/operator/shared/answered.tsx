import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../../../api/error.ts';
import { NotFound } from '../../../app/not-found.tsx';
import { ErrorNotice, Loading } from '../../../components/index.ts';

/** What was asked for, once it is there; until then that it is on its way, or why it does not come. */
export function Answered<T>({
  answer,
  isPage = false,
  children,
}: {
  readonly answer: UseQueryResult<T, ApiError>;
  /** Whether the page is about nothing else: what does not exist is a page that does not exist. */
  readonly isPage?: boolean;
  readonly children: (value: T) => ReactNode;
}): ReactNode {
  const { data, error, isPending, refetch } = answer;
  if (data !== undefined) {
    return (
      <>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
        {children(data)}
      </>
    );
  }
  if (isPending) return <Loading />;
  if (isPage && error?.isNotFound === true) return <NotFound />;
  return <ErrorNotice error={error} onRetry={() => void refetch()} />;
}
