import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../api/hooks.ts';
import { isSeller } from '../../api/types/accounts.ts';
import type { BillingPeriod, BillingProblem } from '../../api/types/invoices.ts';
import { useAccount } from '../../app/account.ts';
import { lastMoment } from '../../app/clock.ts';
import {
  DataTable,
  DateText,
  Loading,
  Notice,
  PageHeader,
  PageLink,
  Section,
  StateBadge,
  type Tone,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';

const TONES: Readonly<Record<BillingPeriod['state'], Tone>> = {
  Open: 'info',
  InReview: 'warning',
  Issued: 'good',
};

/** The billing periods of the chosen account, and what holds up those that are not invoiced. */
export default function PeriodsPage(): ReactNode {
  const say = useSay();
  const { account, accountId, isPending } = useAccount();
  const name = account?.name ?? '';
  return (
    <>
      <PageHeader
        title={say('invoices.periods.title')}
        description={say('invoices.periods.text', { account: name })}
      />
      {isPending && <Loading />}
      {!isPending && accountId === undefined && <Notice>{say('invoices.noAccount')}</Notice>}
      {accountId !== undefined && (
        <>
          <Problems accountId={accountId} />
          <Periods accountId={accountId} zone={account?.timeZone ?? 'UTC'} />
          {account !== undefined && isSeller(account) && <Buyers />}
        </>
      )}
    </>
  );
}

function Periods({
  accountId,
  zone,
}: {
  readonly accountId: string;
  readonly zone: string;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const list = usePages<BillingPeriod>(`/api/v1/accounts/${accountId}/periods`);
  return (
    <DataTable
      caption={say('invoices.periods.title')}
      isCaptionHidden
      list={list}
      keyOf={({ name }) => name}
      empty={say('invoices.periods.none')}
      columns={[
        {
          id: 'name',
          title: say('invoices.period'),
          cell: ({ name, state }) =>
            state === 'Issued' ? (
              formats.period(name)
            ) : (
              <PageLink to="/periods/$period" params={{ period: name }}>
                {formats.period(name)}
              </PageLink>
            ),
        },
        {
          id: 'from',
          title: say('invoices.from'),
          cell: ({ from }) => <DateText value={from} precision="day" zone={zone} />,
        },
        {
          id: 'to',
          title: say('invoices.to'),
          cell: ({ to }) => <DateText value={lastMoment(to)} precision="day" zone={zone} />,
        },
        {
          id: 'state',
          title: say('invoices.state'),
          cell: ({ state }) => (
            <StateBadge tone={TONES[state]}>{say(`invoices.periodState.${state}`)}</StateBadge>
          ),
        },
        {
          id: 'review',
          title: say('invoices.periods.reviewSince'),
          cell: ({ reviewStartedAt, state }) =>
            state === 'InReview' ? <DateText value={reviewStartedAt} /> : '-',
        },
        { id: 'held', title: say('invoices.periods.held'), cell: ({ held }) => held ?? '-' },
      ]}
    />
  );
}

/** What keeps periods of the account from being invoiced. */
function Problems({ accountId }: { readonly accountId: string }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { data } = useAnswer<{ readonly value: readonly BillingProblem[] }>(
    '/api/v1/billing-problems',
    { account: accountId },
  );
  return data?.value.map((problem) => (
    <Notice
      key={`${problem.period} ${problem.code}`}
      tone="warning"
      title={say('invoices.periods.problem', {
        period: problem.period === undefined ? '-' : formats.period(problem.period),
      })}
    >
      <span lang="en">{problem.message}</span> <DateText value={problem.since} />
    </Notice>
  ));
}

/** Whoever sells looks at the periods of its buyers one by one. */
function Buyers(): ReactNode {
  const say = useSay();
  const { account, accounts } = useAccount();
  const buyers = accounts.filter(({ parentId }) => parentId === account?.accountId);
  if (buyers.length === 0) return null;
  return (
    <Section title={say('invoices.periods.buyers')}>
      <ul>
        {buyers.map(({ accountId, name }) => (
          <li key={accountId}>
            <PageLink to="/periods" search={{ account: accountId }}>
              {name}
            </PageLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}
