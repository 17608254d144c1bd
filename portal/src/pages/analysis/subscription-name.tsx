import type { ReactNode } from 'react';
import { useAnswer, type Page } from '../../api/hooks.ts';
import type { DimensionValue } from '../../api/types/analysis.ts';
import { useAccount } from '../../app/account.ts';
import { useViewer } from '../../app/viewer.tsx';
import { Code } from '../../components/index.ts';
import { pathOf } from './query.ts';
import type { AnalysisKind } from './search.ts';

/** More are shown by their ids. */
const MOST = 1000;

/**
 * A subscription of a stamp by its name: as the stamp has it for those who may ask that, else as the costs of the chosen
 * account name it.
 */
export function SubscriptionName({ id }: { readonly id: string | undefined }): ReactNode {
  const { settings, caller } = useViewer();
  const { account, accountId } = useAccount();
  const stamp = useNames(
    'usage',
    undefined,
    settings.wings.includes('stamp') &&
      caller.anywhere.includes('Microsoft.Commerce/usageAggregates/read'),
  );
  // A reseller sees of the stamp no more than what it uses itself.
  const isUnknown = !stamp.isPending && id !== undefined && stamp.nameOf(id) === undefined;
  const costs = useNames(
    'cost',
    accountId,
    isUnknown &&
      account !== undefined &&
      account.kind !== 'provider' &&
      settings.wings.includes('commerce') &&
      caller.anywhere.includes('Stackmeter.Billing/charges/read'),
  );
  if (id === undefined) return '-';
  const name = stamp.nameOf(id) ?? costs.nameOf(id) ?? id;
  return name === id ? <Code>{id}</Code> : <span title={id}>{name}</span>;
}

/** Names of subscriptions as one side tells them. */
function useNames(kind: AnalysisKind, account: string | undefined, enabled: boolean) {
  const { data, isLoading } = useAnswer<Page<DimensionValue>>(
    `${pathOf[kind]}/values`,
    { dimension: 'subscription', limit: MOST, ...(account !== undefined && { account }) },
    { enabled },
  );
  return {
    isPending: isLoading,
    nameOf: (id: string) => data?.value.find(({ key, name }) => key === id && name !== id)?.name,
  };
}
