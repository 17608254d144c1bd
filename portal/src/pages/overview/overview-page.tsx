import type { ReactNode } from 'react';
import { useAnswer } from '../../api/hooks.ts';
import { isSeller } from '../../api/types/accounts.ts';
import type { Overview } from '../../api/types/overview.ts';
import { useAccount } from '../../app/account.ts';
import { useSearchState } from '../../app/address.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import {
  ErrorNotice,
  FilterBar,
  Loading,
  Notice,
  PageHeader,
  PageLink,
  SelectFilter,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { Attention } from './attention.tsx';
import { CostCards } from './cost-cards.tsx';
import { views, type OverviewSearch } from './search.ts';

/** How things stand: what it costs, what it will come to, and what somebody should look at. */
export default function OverviewPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { account, accountId, isPending } = useAccount();
  const [search, change] = useSearchState<OverviewSearch>();
  const seesCosts =
    viewer.settings.wings.includes('commerce') && may(viewer, 'Stackmeter.Billing/charges/read');
  // The provider buys from nobody.
  const usualView = account?.kind === 'provider' ? 'selling' : undefined;
  const overview = useAnswer<Overview>(
    '/api/v1/overview',
    { account: accountId, view: search.view ?? usualView, currency: search.currency },
    { enabled: seesCosts && accountId !== undefined, keep: true },
  );
  const hasViews = account !== undefined && isSeller(account) && account.kind !== 'provider';
  const currencies = overview.data?.currencies ?? [];
  return (
    <>
      <PageHeader title={say('overview.title')} description={account?.name} />
      {(hasViews || currencies.length > 1) && (
        <FilterBar>
          {hasViews && (
            <SelectFilter
              label={say('overview.view')}
              value={search.view ?? overview.data?.view ?? 'buying'}
              choices={views.map((value) => ({ value, label: say(`overview.view.${value}`) }))}
              onChange={(view) => change({ view, currency: undefined })}
            />
          )}
          {currencies.length > 1 && (
            <SelectFilter
              label={say('overview.currency')}
              value={overview.data?.currency}
              choices={currencies.map((value) => ({ value, label: value }))}
              onChange={(currency) => change({ currency })}
            />
          )}
        </FilterBar>
      )}
      <Attention overview={overview.data} />
      {seesCosts ? (
        <>
          <ErrorNotice error={overview.error} onRetry={() => void overview.refetch()} />
          {(isPending || (overview.isPending && accountId !== undefined)) && <Loading />}
          {!isPending && accountId === undefined && <Notice>{say('overview.noAccount')}</Notice>}
          {overview.data !== undefined && <CostCards overview={overview.data} />}
        </>
      ) : (
        <Notice>
          {say('overview.noCosts')} <PageLink to="/usage">{say('overview.toUsage')}</PageLink>
        </Notice>
      )}
    </>
  );
}
