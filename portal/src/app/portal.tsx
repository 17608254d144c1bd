import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { createApi } from '../api/client.ts';
import { ApiError } from '../api/error.ts';
import { ApiContext } from '../api/hooks.ts';
import type { Caller } from '../api/types/me.ts';
import type { Session } from '../auth/session.ts';
import type { Settings } from '../auth/settings.ts';
import { router } from './router.tsx';
import { ViewerContext } from './viewer.tsx';

/** Answers are shown this long without asking again. */
const FRESH_MS = 30_000;
const TRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // What is refused stays refused; what had no answer may have one in a moment.
      retry: (failures, error) =>
        failures < TRIES && error instanceof ApiError && error.isTransient,
      refetchOnWindowFocus: false,
    },
  },
});

/** The portal for somebody who has signed in. */
export function Portal({
  session,
  settings,
  caller,
}: {
  readonly session: Session;
  readonly settings: Settings;
  readonly caller: Caller;
}): ReactNode {
  const api = useMemo(() => createApi(session), [session]);
  const viewer = useMemo(() => ({ session, settings, caller }), [session, settings, caller]);
  return (
    <QueryClientProvider client={queries}>
      <ApiContext value={api}>
        <ViewerContext value={viewer}>
          <RouterProvider router={router} />
        </ViewerContext>
      </ApiContext>
    </QueryClientProvider>
  );
}
