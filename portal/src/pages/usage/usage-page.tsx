import type { ReactNode } from 'react';
import { useSearchState } from '../../app/address.ts';
import { today } from '../../app/clock.ts';
import { PageHeader } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { AnalysisView } from '../analysis/analysis-view.tsx';
import type { AnalysisSearch } from '../analysis/search.ts';

/** What was consumed, by whatever one wants to know it. */
export default function UsagePage(): ReactNode {
  const say = useSay();
  const [search, change] = useSearchState<AnalysisSearch>();
  return (
    <>
      <PageHeader title={say('usage.title')} description={say('usage.description')} />
      <AnalysisView question={{ kind: 'usage', search, today: today() }} change={change} />
    </>
  );
}
