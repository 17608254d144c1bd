import type { ReactNode } from 'react';
import type { TaxLine } from '../../api/types/invoices.ts';
import { DataTable, Money, Percent } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';

/** Taxes of an invoice or a draft, with its sums below them. */
export function TaxTable({
  taxes,
  totals: { net, tax, gross, currency },
}: {
  readonly taxes: readonly TaxLine[];
  readonly totals: {
    readonly net: string;
    readonly tax: string;
    readonly gross: string;
    readonly currency: string;
  };
}): ReactNode {
  const say = useSay();
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} />;
  return (
    <DataTable
      caption={say('invoices.taxes')}
      isCaptionHidden
      items={taxes}
      keyOf={({ category, percent }) => `${category} ${percent}`}
      columns={[
        {
          id: 'category',
          title: say('invoices.taxCategory'),
          cell: ({ category, reason }) => {
            const name = say(`invoices.tax.${category}`);
            const isSame = reason === undefined || reason.toLowerCase() === name.toLowerCase();
            return isSame ? name : `${name} (${reason})`;
          },
        },
        {
          id: 'percent',
          title: say('invoices.taxPercent'),
          align: 'end',
          cell: ({ percent }) => <Percent value={percent} digits={4} />,
        },
        {
          id: 'base',
          title: say('invoices.taxBase'),
          align: 'end',
          cell: ({ base }) => money(base),
        },
        {
          id: 'amount',
          title: say('invoices.taxAmount'),
          align: 'end',
          cell: ({ amount }) => money(amount),
        },
      ]}
      footer={[
        [say('invoices.net'), '', '', money(net)],
        [say('invoices.tax'), '', '', money(tax)],
        [say('invoices.gross'), '', '', money(gross)],
      ]}
    />
  );
}
