import type { ReactNode } from 'react';
import { useAnswer, type Page } from '../../api/hooks.ts';
import type { DimensionValue } from '../../api/types/analysis.ts';
import { useViewer } from '../../app/viewer.tsx';
import { Code } from '../../components/index.ts';
import { pathOf } from './query.ts';

/** More are shown by their ids. */
const MOST = 1000;

/**
 * A subscription of a stamp by its name. Commerce knows it by nothing but its id; the name is shown to those who may ask
 * the stamp.
 */
export function SubscriptionName({ id }: { readonly id: string | undefined }): ReactNode {
  const { settings, caller } = useViewer();
  const { data } = useAnswer<Page<DimensionValue>>(
    `${pathOf.usage}/values`,
    { dimension: 'subscription', limit: MOST },
    {
      enabled:
        settings.wings.includes('stamp') &&
        caller.anywhere.includes('Microsoft.Commerce/usageAggregates/read'),
    },
  );
  if (id === undefined) return '-';
  const name = data?.value.find(({ key }) => key === id)?.name ?? id;
  return name === id ? <Code>{id}</Code> : <span title={id}>{name}</span>;
}
