import type { ReactNode } from 'react';
import type { Statement } from '../../api/types/invoices.ts';
import { DataTable, DateText, Facts, Money, PageLink } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';

/** Invoices and payments in order, with what was owed after each. */
export function StatementTable({ statement }: { readonly statement: Statement }): ReactNode {
  const say = useSay();
  const { currency, opening, closing, items } = statement;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} />;
  return (
    <>
      <Facts
        items={[
          { label: say('invoices.statement.opening'), value: money(opening) },
          { label: say('invoices.statement.closing'), value: money(closing) },
        ]}
      />
      <DataTable
        caption={say('invoices.statement')}
        isCaptionHidden
        items={items.map((item, at) => ({ ...item, at }))}
        keyOf={({ at }) => String(at)}
        empty={say('invoices.statement.none')}
        columns={[
          {
            id: 'day',
            title: say('invoices.explain.day'),
            cell: ({ day }) => <DateText value={day} />,
          },
          {
            id: 'kind',
            title: say('invoices.kind'),
            cell: ({ kind }) => say(`invoices.kind.${kind}`),
          },
          {
            id: 'reference',
            title: say('invoices.reference'),
            isRowHeader: true,
            cell: ({ kind, reference }) =>
              kind === 'payment' ? (
                reference
              ) : (
                <PageLink to="/invoices/$number" params={{ number: reference }}>
                  {reference}
                </PageLink>
              ),
          },
          {
            id: 'amount',
            title: say('invoices.amount'),
            align: 'end',
            cell: ({ amount }) => money(amount),
          },
          {
            id: 'balance',
            title: say('invoices.balance'),
            align: 'end',
            cell: ({ balance }) => money(balance),
          },
        ]}
      />
    </>
  );
}
