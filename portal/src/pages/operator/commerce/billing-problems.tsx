import type { ReactNode } from 'react';
import type { BillingProblems } from '../../../api/types/commerce.ts';
import { Code, DataTable, DateText, Notice, PageLink, Section } from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';

/** Periods that cannot be invoiced and documents that cannot be made, each with the reason; nothing when all is well. */
export function BillingProblemTables({
  problems: { value, documents },
}: {
  readonly problems: BillingProblems;
}): ReactNode {
  const say = useSay();
  if (value.length === 0 && documents.length === 0) {
    return <Notice tone="success">{say('op.problems.none')}</Notice>;
  }
  return (
    <Section title={say('op.problems')}>
      <Notice tone="warning">{say('op.problems.text', { count: value.length })}</Notice>
      {value.length > 0 && <Periods items={value} />}
      {documents.length > 0 && <Documents items={documents} />}
    </Section>
  );
}

function Periods({ items }: { readonly items: BillingProblems['value'] }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  return (
    <DataTable
      caption={say('op.problems.periods')}
      items={items}
      keyOf={({ accountId, period = '', code }) => `${accountId} ${period} ${code}`}
      columns={[
        {
          id: 'account',
          title: say('op.account'),
          cell: ({ accountId }) => (
            <PageLink to="/accounts/$id" params={{ id: accountId }}>
              {nameOf(accountId)}
            </PageLink>
          ),
        },
        {
          id: 'period',
          title: say('op.period'),
          cell: ({ period }) => (period === undefined ? '-' : formats.period(period)),
        },
        { id: 'code', title: say('op.problem'), cell: ({ code }) => <Code>{code}</Code> },
        {
          id: 'message',
          title: say('op.problem.why'),
          cell: ({ message }) => <span lang="en">{message}</span>,
        },
        {
          id: 'since',
          title: say('op.since'),
          cell: ({ since }) => <DateText value={since} />,
        },
        {
          id: 'next',
          title: say('op.nextAttempt'),
          cell: ({ nextAttemptAt }) => <DateText value={nextAttemptAt} />,
        },
      ]}
    />
  );
}

function Documents({ items }: { readonly items: BillingProblems['documents'] }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccountChoices();
  return (
    <DataTable
      caption={say('op.problems.documents')}
      items={items}
      keyOf={({ number }) => number}
      columns={[
        {
          id: 'number',
          title: say('op.invoice'),
          cell: ({ number }) => (
            <PageLink to="/invoices/$number" params={{ number }}>
              {number}
            </PageLink>
          ),
        },
        { id: 'account', title: say('op.account'), cell: (one) => nameOf(one.accountId) },
        {
          id: 'problem',
          title: say('op.problem.why'),
          cell: ({ problem }) => <span lang="en">{problem ?? '-'}</span>,
        },
        {
          id: 'attempts',
          title: say('op.attempts'),
          align: 'end',
          cell: ({ attempts }) => formats.count(attempts),
        },
        {
          id: 'next',
          title: say('op.nextAttempt'),
          cell: ({ nextAttemptAt }) => <DateText value={nextAttemptAt} />,
        },
      ]}
    />
  );
}
