import type { ReactNode } from 'react';
import type { ReconciliationLine } from '../../../api/types/stamp.ts';
import { DataTable, DateText, Quantity, Section, type Column } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { SubscriptionName } from '../../analysis/subscription-name.tsx';
import { useWord } from '../shared/state.tsx';

type Amount = { readonly rows: number; readonly quantity?: string } | null | undefined;

/** The lines: quantities where a line is of one meter, else rows. */
export function ReconciliationTable({
  lines,
}: {
  readonly lines: readonly ReconciliationLine[];
}): ReactNode {
  const say = useSay();
  const word = useWord('op.cause');
  const [first] = lines;
  const names: readonly (Column<ReconciliationLine> | false)[] = [
    first?.day !== undefined && {
      id: 'day',
      title: say('op.day'),
      cell: ({ day }) => <DateText value={day} />,
    },
    first?.meterId !== undefined && {
      id: 'meter',
      title: say('op.meter'),
      cell: ({ meterId, meterName }) => (meterName === '' ? meterId : meterName),
    },
    first?.unit !== undefined && {
      id: 'unit',
      title: say('op.unit'),
      cell: ({ unit }) => unit,
    },
    first?.subscriptionId !== undefined && {
      id: 'subscription',
      title: say('op.subscription'),
      cell: ({ subscriptionId }) => <SubscriptionName id={subscriptionId} />,
    },
  ];
  const amount = (
    id: string,
    title: string,
    of: (line: ReconciliationLine) => Amount,
  ): Column<ReconciliationLine> => ({
    id,
    title,
    align: 'end',
    cell: (line) => <AmountText amount={of(line)} />,
  });
  return (
    <Section title={say('op.reconciliation.lines')}>
      <DataTable
        caption={say('op.reconciliation.lines')}
        isCaptionHidden
        items={lines}
        keyOf={({ day, meterId, subscriptionId }) => [day, meterId, subscriptionId].join(' ')}
        empty={say('op.reconciliation.empty')}
        columns={[
          ...names.filter((column) => column !== false),
          amount('counted', say('op.reconciliation.counted'), ({ stamp }) => stamp),
          amount('received', say('op.reconciliation.received'), ({ received }) => received),
          amount('difference', say('op.reconciliation.difference'), ({ difference }) => difference),
          amount('billed', say('op.reconciliation.billed'), ({ billed }) => billed),
          {
            id: 'causes',
            title: say('op.reconciliation.cause'),
            cell: ({ causes }) => causes.map(({ cause }) => word(cause)).join(', '),
          },
        ]}
      />
    </Section>
  );
}

function AmountText({ amount }: { readonly amount: Amount }): ReactNode {
  const say = useSay();
  if (amount === null || amount === undefined) {
    return <span aria-label={say('op.reconciliation.unknown')}>-</span>;
  }
  if (amount.quantity !== undefined) return <Quantity value={amount.quantity} />;
  return say('common.rows', { count: amount.rows });
}
