import type { ReactNode } from 'react';
import type { Invoice, Party } from '../../api/types/invoices.ts';
import { Cards, DateText, Facts, Money, PageLink, Section } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';

/** What stands at the top of an invoice: between whom, about what, until when. */
export function InvoiceHead({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { period, issueDate, dueDate, currency, net, tax, gross, corrects, reason } = invoice;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} />;
  return (
    <Cards areNarrow>
      <Section title={say('invoices.sums')} isCard>
        <Facts
          items={[
            { label: say('invoices.gross'), value: money(gross) },
            { label: say('invoices.net'), value: money(net) },
            { label: say('invoices.tax'), value: money(tax) },
          ]}
        />
      </Section>
      <Section title={say('invoices.dates')} isCard>
        <Facts
          items={[
            { label: say('invoices.issued'), value: <DateText value={issueDate} /> },
            { label: say('invoices.due'), value: <DateText value={dueDate} /> },
            {
              label: say('invoices.period'),
              value: (
                <>
                  {say('common.labelled', { label: formats.period(period.name) })}{' '}
                  <DateText value={period.start} />
                  {' – '}
                  <DateText value={period.end} />
                </>
              ),
            },
            { label: say('invoices.buyerReference'), value: invoice.buyerReference },
            {
              label: say('invoices.corrects'),
              value: corrects !== undefined && (
                <PageLink to="/invoices/$number" params={{ number: corrects }}>
                  {corrects}
                </PageLink>
              ),
            },
            { label: say('common.reason'), value: reason },
          ].filter(({ value }) => value !== false)}
        />
      </Section>
      <PartyCard title={say('invoices.seller')} party={invoice.seller} />
      <PartyCard title={say('invoices.buyer')} party={invoice.buyer} />
    </Cards>
  );
}

/** Name and address as they were when the invoice was issued. */
export function PartyCard({
  title,
  party,
}: {
  readonly title: string;
  readonly party: Party;
}): ReactNode {
  const say = useSay();
  const place = [party.postalCode, party.city].filter((one) => one !== undefined).join(' ');
  const lines = [party.name, party.street, party.street2, place, party.region, party.country];
  return (
    <Section title={title} isCard>
      {lines
        .filter((line) => line !== undefined && line !== '')
        .map((line) => (
          <div key={line}>{line}</div>
        ))}
      {party.taxId !== undefined && <div>{say('invoices.taxId', { taxId: party.taxId })}</div>}
    </Section>
  );
}
