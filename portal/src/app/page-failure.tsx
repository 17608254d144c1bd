import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { asApiError } from '../api/hooks.ts';
import { ErrorNotice } from '../components/error-notice.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useSay } from '../i18n/language.tsx';

/** A page that cannot be shown, such as one whose file is gone since the server was updated. */
export function PageFailure({ error }: ErrorComponentProps): ReactNode {
  const say = useSay();
  return (
    <>
      <PageHeader title={say('common.failure.title')} />
      <ErrorNotice error={asApiError(error)} onRetry={() => location.reload()} />
    </>
  );
}
