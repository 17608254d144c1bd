import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { useSearchState } from '../../app/address.ts';
import { today } from '../../app/clock.ts';
import { isSeller, type Account } from '../../api/types/accounts.ts';
import { Loading, Notice, PageHeader, SelectFilter } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { AnalysisView } from '../analysis/analysis-view.tsx';
import type { Question } from '../analysis/query.ts';
import { views, type AnalysisSearch, type View } from '../analysis/search.ts';
import { ForecastSection } from './forecast-section.tsx';
import { MarginSection } from './margin-section.tsx';

/** What an account pays, and what those below pay it. */
export default function CostPage(): ReactNode {
  const say = useSay();
  const { account, isPending } = useAccount();
  if (account !== undefined) return <AccountCost key={account.accountId} account={account} />;
  return (
    <>
      <PageHeader title={say('cost.title')} />
      {isPending ? <Loading /> : <Notice>{say('cost.noAccount')}</Notice>}
    </>
  );
}

/** The provider buys from nobody, and only partners both buy and sell. */
function viewsOf({ kind }: Account): readonly View[] {
  if (kind === 'provider') return ['selling'];
  return isSeller({ kind }) ? views : ['buying'];
}

function AccountCost({ account }: { readonly account: Account }): ReactNode {
  const say = useSay();
  const [search, change] = useSearchState<AnalysisSearch>();
  const possible = viewsOf(account);
  const view = possible.find((one) => one === search.view) ?? possible[0] ?? 'buying';
  const question: Question = {
    kind: 'cost',
    search,
    today: today(),
    account: account.accountId,
    view,
  };
  return (
    <>
      <PageHeader
        title={say('cost.title')}
        description={say(`cost.description.${view}`, { account: account.name })}
      />
      <AnalysisView
        question={question}
        change={change}
        choices={
          possible.length > 1 && (
            <SelectFilter
              label={say('cost.view')}
              value={view}
              choices={possible.map((value) => ({ value, label: say(`cost.view.${value}`) }))}
              // What is filtered on one side may not exist on the other.
              onChange={(chosen) => change({ view: chosen, filters: undefined })}
            />
          )
        }
      />
      {view === 'selling' && <MarginSection question={question} />}
      <ForecastSection question={question} zone={account.timeZone} />
    </>
  );
}
