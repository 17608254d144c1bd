import type { ReactNode } from 'react';
import { usePages } from '../../api/hooks.ts';
import type { Invoice, Payment } from '../../api/types/invoices.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { DataTable, DateText, Facts, Money, PageLink, Section } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { InvoiceStateBadge } from './invoice-state.tsx';

/** What was paid for an invoice, and which notes correct it. */
export function PaidAndCredited({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { accountId, number } = invoice;
  const notes = usePages<Invoice>('/api/v1/invoices', { account: accountId });
  const correcting = notes.items.filter(({ corrects }) => corrects === number);
  return (
    <>
      {may(viewer, 'Stackmeter.Billing/payments/read') && <Paid invoice={invoice} />}
      <Section title={say('invoices.notes')}>
        <DataTable
          caption={say('invoices.notes')}
          isCaptionHidden
          list={{ ...notes, items: correcting }}
          keyOf={(note) => note.number}
          empty={say('invoices.notes.none')}
          columns={[
            {
              id: 'number',
              title: say('invoices.number'),
              cell: (note) => (
                <PageLink to="/invoices/$number" params={{ number: note.number }}>
                  {note.number}
                </PageLink>
              ),
            },
            {
              id: 'kind',
              title: say('invoices.kind'),
              cell: ({ kind }) => say(`invoices.kind.${kind}`),
            },
            {
              id: 'issued',
              title: say('invoices.issued'),
              cell: ({ issueDate }) => <DateText value={issueDate} />,
            },
            { id: 'reason', title: say('common.reason'), cell: ({ reason }) => reason ?? '-' },
            {
              id: 'gross',
              title: say('invoices.gross'),
              align: 'end',
              cell: ({ gross, currency }) => <Money amount={gross} currency={currency} />,
            },
          ]}
        />
      </Section>
    </>
  );
}

function Paid({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const say = useSay();
  const { accountId, number, currency } = invoice;
  const payments = usePages<Payment>('/api/v1/payments', { account: accountId });
  const shares = payments.items.flatMap((payment) =>
    payment.allocations
      .filter((one) => one.number === number)
      .map(({ amount }) => ({ ...payment, amount })),
  );
  return (
    <Section title={say('invoices.paid')}>
      {invoice.kind !== 'credit-note' && (
        <Facts
          items={[
            {
              label: say('invoices.state'),
              value: <InvoiceStateBadge invoice={invoice} />,
            },
            {
              label: say('invoices.stillOpen'),
              value: <Money amount={invoice.open} currency={currency} />,
            },
          ]}
        />
      )}
      <DataTable
        caption={say('invoices.paid')}
        isCaptionHidden
        list={{ ...payments, items: shares }}
        keyOf={({ paymentId }) => paymentId}
        empty={say('invoices.paid.none')}
        columns={[
          { id: 'reference', title: say('invoices.reference'), cell: (one) => one.reference },
          {
            id: 'day',
            title: say('invoices.receivedOn'),
            cell: ({ receivedOn }) => <DateText value={receivedOn} />,
          },
          {
            id: 'amount',
            title: say('invoices.amount'),
            align: 'end',
            cell: ({ amount }) => <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </Section>
  );
}
