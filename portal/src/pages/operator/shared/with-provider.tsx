import type { ReactNode } from 'react';
import { ErrorNotice, Loading, Notice } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useProvider } from './provider.ts';

/** Shows what belongs to the directory of a provider, once it is known which. */
export function WithProvider({
  children,
}: {
  readonly children: (providerId: string) => ReactNode;
}): ReactNode {
  const say = useSay();
  const { providerId, isPending, error, retry } = useProvider();
  if (providerId !== undefined) return children(providerId);
  if (error !== null) return <ErrorNotice error={error} onRetry={retry} />;
  if (isPending) return <Loading />;
  return <Notice tone="warning">{say('op.noProvider')}</Notice>;
}
