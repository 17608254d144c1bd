import type { ReactNode } from 'react';
import { useAnswer } from '../../api/hooks.ts';
import type { BuyerMargin, Margins, MarginSums } from '../../api/types/cost.ts';
import {
  type Column,
  DataTable,
  ErrorNotice,
  Figure,
  Money,
  Percent,
  Section,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { isAskable, marginQuery, type Question } from '../analysis/query.ts';

const columnIds = ['sold', 'bought', 'margin', 'percent'] as const;

/** What is left of what each buyer paid. */
export function MarginSection({ question }: { readonly question: Question }): ReactNode {
  const say = useSay();
  const { data, error, refetch } = useAnswer<Margins>(
    '/api/v1/cost-analysis/margin',
    marginQuery(question),
    { keep: true, enabled: isAskable(question) },
  );
  return (
    <Section title={say('cost.margin')}>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data !== undefined && <MarginTable margins={data} />}
      {data?.ownUse !== undefined && (
        <Figure
          label={say('cost.margin.ownUse')}
          value={<Money amount={data.ownUse} currency={data.currency} />}
          hint={say('cost.margin.ownUse.hint')}
        />
      )}
    </Section>
  );
}

function MarginTable({ margins }: { readonly margins: Margins }): ReactNode {
  const say = useSay();
  const cellOf = (sums: MarginSums, id: (typeof columnIds)[number]): ReactNode => {
    const value = sums[id];
    if (value === undefined) return '-';
    if (id === 'percent') return <Percent value={value} least={1} />;
    const { currency, boughtCurrency = currency } = margins;
    return <Money amount={value} currency={id === 'bought' ? boughtCurrency : currency} />;
  };
  const columns: readonly Column<BuyerMargin>[] = [
    { id: 'buyer', title: say('cost.margin.buyer'), cell: ({ name }) => name },
    ...columnIds.map((id) => ({
      id,
      title: say(`cost.margin.${id}`),
      align: 'end' as const,
      cell: (buyer: BuyerMargin) => cellOf(buyer, id),
    })),
  ];
  const rowOf = (name: string, sums: MarginSums): readonly ReactNode[] => [
    name,
    ...columnIds.map((id) => <span key={id}>{cellOf(sums, id)}</span>),
  ];
  const { others, total } = margins;
  return (
    <DataTable
      caption={say('cost.margin.caption')}
      columns={columns}
      keyOf={({ key }) => key}
      items={margins.buyers}
      empty={say('cost.margin.none')}
      footer={[
        ...(others === undefined
          ? []
          : [rowOf(say('analysis.others.count', { count: others.count }), others)]),
        rowOf(say('analysis.total'), total),
      ]}
    />
  );
}
