import type { ReactNode } from 'react';
import type { PriceItem, WhatIfLine } from '../../../api/types/commerce.ts';
import { DataTable, Money, Notice, Quantity, Section } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { sumOf } from '../../analysis/exact.ts';

/** By account and meter: what it cost, what it would have cost, and the difference; a sum for each currency. */
export function WhatIfResult({
  lines,
  items,
}: {
  readonly lines: readonly WhatIfLine[];
  readonly items: readonly PriceItem[];
}): ReactNode {
  const say = useSay();
  const { nameOf } = useAccountChoices();
  const nameOfMeter = (meterId: string): string =>
    items.find((item) => item.meterId.toLowerCase() === meterId.toLowerCase())?.name ?? meterId;
  const keyOf = ({ accountId, meterId }: WhatIfLine): string =>
    `${nameOf(accountId)} ${nameOfMeter(meterId)}`;
  const sorted = lines.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const hasUnpriced = lines.some(({ unpriced }) => unpriced !== undefined);
  const money = (of: (line: WhatIfLine) => string) => (line: WhatIfLine) => (
    <Money amount={of(line)} currency={line.currency} />
  );
  return (
    <Section title={say('op.whatIf.result')}>
      {hasUnpriced && <Notice tone="warning">{say('op.whatIf.unpriced')}</Notice>}
      <DataTable
        caption={say('op.whatIf.result')}
        isCaptionHidden
        items={sorted}
        keyOf={({ accountId, meterId }) => `${accountId} ${meterId}`}
        empty={say('op.whatIf.empty')}
        columns={[
          { id: 'account', title: say('op.account'), cell: ({ accountId }) => nameOf(accountId) },
          { id: 'meter', title: say('op.meter'), cell: ({ meterId }) => nameOfMeter(meterId) },
          {
            id: 'quantity',
            title: say('op.quantity'),
            align: 'end',
            cell: ({ quantity }) => <Quantity value={quantity} />,
          },
          {
            id: 'before',
            title: say('op.whatIf.before'),
            align: 'end',
            cell: money(({ before }) => before),
          },
          {
            id: 'after',
            title: say('op.whatIf.after'),
            align: 'end',
            cell: money(({ after }) => after),
          },
          {
            id: 'difference',
            title: say('op.difference'),
            align: 'end',
            cell: money(({ difference }) => difference),
          },
        ]}
        footer={currencies.map((currency) => {
          const sum = (of: (line: WhatIfLine) => string): ReactNode => (
            <Money
              currency={currency}
              amount={sumOf(lines.filter((line) => line.currency === currency).map(of))}
            />
          );
          return [
            `${say('common.total')} ${currency}`,
            '',
            '',
            sum(({ before }) => before),
            sum(({ after }) => after),
            sum(({ difference }) => difference),
          ];
        })}
      />
    </Section>
  );
}
