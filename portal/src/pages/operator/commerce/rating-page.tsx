import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer } from '../../../api/hooks.ts';
import type { RatingDifference, RatingVerification } from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  FilterBar,
  Loading,
  Notice,
  PageHeader,
  SelectFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Answered } from '../shared/answered.tsx';
import { PeriodFilter } from '../shared/period-filter.tsx';

interface Filters {
  readonly buyer?: string | undefined;
  readonly period?: string | undefined;
}

/** Compares charges with the usage that was reported, to the last digit. */
export default function RatingPage(): ReactNode {
  const say = useSay();
  const { choices } = useAccountChoices();
  const [{ buyer, period }, change] = useSearchState<Filters>();
  const [asked, setAsked] = useState<Filters>();
  return (
    <>
      <PageHeader title={say('op.rating.nav')} description={say('op.rating.text')} />
      <FilterBar>
        <SelectFilter
          label={say('op.account')}
          all={say('common.all')}
          value={buyer}
          choices={choices}
          onChange={(id) => change({ buyer: id })}
        />
        <PeriodFilter
          all={say('common.all')}
          value={period}
          onChange={(name) => change({ period: name })}
        />
        <Button appearance="primary" onClick={() => setAsked({ buyer, period })}>
          {say('op.rating.verify')}
        </Button>
      </FilterBar>
      {asked === undefined ? <p>{say('op.rating.before')}</p> : <Result asked={asked} />}
    </>
  );
}

function Result({ asked: { buyer, period } }: { readonly asked: Filters }): ReactNode {
  const say = useSay();
  const answer = useAnswer<RatingVerification>('/api/v1/rating/verification', {
    account: buyer,
    period,
  });
  if (answer.isFetching) return <Loading label={say('op.rating.working')} />;
  return (
    <Answered answer={answer}>
      {({ checked, differences }) => (
        <>
          <Notice tone={differences.length > 0 ? 'error' : 'success'} isNews>
            {say('op.rating.result', { checked, count: differences.length })}
          </Notice>
          {differences.length > 0 && <Differences items={differences} />}
        </>
      )}
    </Answered>
  );
}

function Differences({ items }: { readonly items: readonly RatingDifference[] }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  const exact = (text: string | null): string => (text === null ? '-' : formats.exact(text));
  return (
    <DataTable
      caption={say('op.rating.differences')}
      items={items}
      keyOf={(one) =>
        [one.accountId, one.period, one.charge, one.what, one.day, one.resourceKey].join(' ')
      }
      columns={[
        { id: 'account', title: say('op.account'), cell: ({ accountId }) => nameOf(accountId) },
        { id: 'period', title: say('op.period'), cell: ({ period }) => period },
        { id: 'charge', title: say('op.charge'), cell: ({ charge }) => charge ?? '-' },
        { id: 'what', title: say('op.rating.what'), cell: ({ what }) => <Code>{what}</Code> },
        { id: 'day', title: say('op.day'), cell: ({ day }) => <DateText value={day} /> },
        {
          id: 'kept',
          title: say('op.rating.kept'),
          align: 'end',
          cell: ({ kept }) => exact(kept),
        },
        {
          id: 'found',
          title: say('op.rating.found'),
          align: 'end',
          cell: ({ found }) => exact(found),
        },
      ]}
    />
  );
}
