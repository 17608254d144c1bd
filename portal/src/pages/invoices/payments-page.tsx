import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../api/hooks.ts';
import type { Payment, Statement } from '../../api/types/invoices.ts';
import { useAccount } from '../../app/account.ts';
import { useSearchState } from '../../app/address.ts';
import { addDays, today } from '../../app/clock.ts';
import {
  DataTable,
  DateText,
  DayFilter,
  ErrorNotice,
  FilterBar,
  Loading,
  Money,
  Notice,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { InvoiceStateBadge } from './invoice-state.tsx';
import type { StatementSearch } from './search.ts';
import { StatementTable } from './statement-table.tsx';

/** Days that are shown unless somebody says from when. */
const USUAL_DAYS = 90;

/** What the chosen account owed, was invoiced and paid. */
export default function PaymentsPage(): ReactNode {
  const say = useSay();
  const { account, accountId, isPending } = useAccount();
  return (
    <>
      <PageHeader
        title={say('invoices.payments.title')}
        description={say('invoices.payments.text', { account: account?.name ?? '' })}
      />
      {isPending && <Loading />}
      {!isPending && accountId === undefined && <Notice>{say('invoices.noAccount')}</Notice>}
      {account?.kind === 'provider' && <Notice>{say('invoices.providerBuysNothing')}</Notice>}
      {accountId !== undefined && account?.kind !== 'provider' && (
        <StatementOf accountId={accountId} />
      )}
      {accountId !== undefined && (
        <Payments accountId={accountId} isOwn={account?.kind !== 'provider'} />
      )}
    </>
  );
}

function StatementOf({ accountId }: { readonly accountId: string }): ReactNode {
  const say = useSay();
  const [search, change] = useSearchState<StatementSearch>();
  const to = search.to ?? addDays(today(), 1);
  const from = search.from ?? addDays(to, -USUAL_DAYS);
  const { data, error, isPending, refetch } = useAnswer<Statement>(
    `/api/v1/accounts/${accountId}/statement`,
    // Where nobody says until when, the server takes the end of today where the account is.
    search.to === undefined ? { from: search.from } : { from, to },
    { keep: true },
  );
  return (
    <>
      <OpenItems statement={data} />
      <Section title={say('invoices.statement')}>
        <FilterBar
          onReset={
            search.from === undefined && search.to === undefined
              ? undefined
              : () => change({ from: undefined, to: undefined })
          }
        >
          <DayFilter
            label={say('common.period.first')}
            value={from}
            max={addDays(to, -1)}
            onChange={(day) => change({ from: day })}
          />
          <DayFilter
            label={say('common.period.last')}
            value={addDays(to, -1)}
            min={from}
            onChange={(day) => change({ to: day === undefined ? undefined : addDays(day, 1) })}
          />
        </FilterBar>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
        {isPending && <Loading />}
        {data !== undefined && <StatementTable statement={data} />}
      </Section>
    </>
  );
}

function OpenItems({ statement }: { readonly statement: Statement | undefined }): ReactNode {
  const say = useSay();
  if (statement === undefined) return null;
  const { open, currency, openTotal } = statement;
  return (
    <Section title={say('invoices.toPay')}>
      <DataTable
        caption={say('invoices.toPay')}
        isCaptionHidden
        items={open}
        keyOf={({ number }) => number}
        empty={say('invoices.toPay.none')}
        columns={[
          {
            id: 'number',
            title: say('invoices.number'),
            cell: ({ number }) => (
              <PageLink to="/invoices/$number" params={{ number }}>
                {number}
              </PageLink>
            ),
          },
          {
            id: 'due',
            title: say('invoices.due'),
            cell: ({ dueDate }) => <DateText value={dueDate} />,
          },
          {
            id: 'state',
            title: say('invoices.state'),
            cell: (item) => <InvoiceStateBadge invoice={{ kind: 'invoice', ...item }} />,
          },
          {
            id: 'gross',
            title: say('invoices.gross'),
            align: 'end',
            cell: ({ gross }) => <Money amount={gross} currency={currency} />,
          },
          {
            id: 'open',
            title: say('invoices.stillOpen'),
            align: 'end',
            cell: (item) => <Money amount={item.open} currency={currency} />,
          },
        ]}
        footer={[
          [
            say('common.total'),
            '',
            '',
            '',
            <Money key="total" amount={openTotal} currency={currency} />,
          ],
        ]}
      />
    </Section>
  );
}

function Payments({
  accountId,
  isOwn,
}: {
  readonly accountId: string;
  /** Of the account itself; otherwise of all that somebody may see. */
  readonly isOwn: boolean;
}): ReactNode {
  const say = useSay();
  const { nameOf } = useAccount();
  const list = usePages<Payment>('/api/v1/payments', { account: isOwn ? accountId : undefined });
  return (
    <Section title={say('invoices.payments')}>
      <DataTable
        caption={say('invoices.payments')}
        isCaptionHidden
        list={list}
        keyOf={({ paymentId }) => paymentId}
        empty={say('invoices.payments.none')}
        columns={[
          { id: 'reference', title: say('invoices.reference'), cell: (one) => one.reference },
          { id: 'payer', title: say('invoices.payer'), cell: (one) => nameOf(one.accountId) },
          {
            id: 'day',
            title: say('invoices.receivedOn'),
            cell: ({ receivedOn }) => <DateText value={receivedOn} />,
          },
          {
            id: 'for',
            title: say('invoices.paidFor'),
            cell: ({ allocations }) =>
              allocations.length === 0
                ? '-'
                : allocations.map(({ number }) => (
                    <div key={number}>
                      <PageLink to="/invoices/$number" params={{ number }}>
                        {number}
                      </PageLink>
                    </div>
                  )),
          },
          {
            id: 'amount',
            title: say('invoices.amount'),
            align: 'end',
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </Section>
  );
}
