import type { InvoiceLine } from '../../api/types/invoices.ts';
import { Money, PageLink, Quantity, type Column } from '../../components/index.ts';
import { SubscriptionName } from '../analysis/subscription-name.tsx';
import { useFormats, type Say } from '../../i18n/language.tsx';

/**
 * Columns of lines.
 *
 * @param number of the invoice; without one, as in a draft, there is nothing to explain yet
 */
export function lineColumns(say: Say, currency: string, number?: string): Column<InvoiceLine>[] {
  const columns: Column<InvoiceLine>[] = [
    { id: 'line', title: say('invoices.line'), align: 'end', cell: ({ line }) => line },
    {
      id: 'description',
      title: say('invoices.description'),
      isRowHeader: true,
      cell: (line) => <Description say={say} line={line} />,
    },
    {
      id: 'subscription',
      title: say('invoices.subscription'),
      cell: ({ subscriptionId }) => <SubscriptionName id={subscriptionId} />,
    },
    {
      id: 'quantity',
      title: say('invoices.quantity'),
      align: 'end',
      cell: ({ quantity, unit }) => <Quantity value={quantity} unit={unit} />,
    },
    {
      id: 'unitPrice',
      title: say('invoices.unitPrice'),
      align: 'end',
      cell: ({ unitPrice }) =>
        unitPrice === undefined ? '-' : <Money amount={unitPrice} currency={currency} exact />,
    },
    {
      id: 'amount',
      title: say('invoices.amount'),
      align: 'end',
      cell: ({ amount }) => <Money amount={amount} currency={currency} />,
    },
  ];
  if (number === undefined) return columns;
  const explain: Column<InvoiceLine> = {
    id: 'explain',
    title: say('invoices.explainColumn'),
    isOneLine: true,
    cell: ({ line }) => (
      <PageLink to="/invoices/$number/lines/$line" params={{ number, line: String(line) }}>
        {say('invoices.explain', { line })}
      </PageLink>
    ),
  };
  return [...columns, explain];
}

function Description({ say, line }: { readonly say: Say; readonly line: InvoiceLine }) {
  const formats = useFormats();
  const { description, service, kind, correctsPeriod } = line;
  const more = [
    ...(service === undefined ? [] : [service]),
    ...(kind === 'usage' ? [] : [say(`invoices.lineKind.${kind}`)]),
    ...(correctsPeriod === undefined
      ? []
      : [say('invoices.correctsPeriod', { period: formats.period(correctsPeriod) })]),
  ];
  return (
    <>
      {description}
      {more.length > 0 && (
        <>
          <br />
          <small>{more.join(' · ')}</small>
        </>
      )}
    </>
  );
}
