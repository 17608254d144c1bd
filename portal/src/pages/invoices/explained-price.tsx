import type { ReactNode } from 'react';
import type {
  Explanation,
  ExplainedPrice as Price,
  PriceStep,
} from '../../api/types/explanation.ts';
import { useAccount } from '../../app/account.ts';
import { DataTable, DateText, Facts, Money, Quantity, Section } from '../../components/index.ts';
import { useFormats, useHasText, useSay } from '../../i18n/language.tsx';

/** By which price, and how the steps of it come to the amount. */
export function ExplainedPrice({
  price,
  data,
}: {
  readonly price: Price;
  readonly data: Explanation;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { nameOf } = useAccount();
  const { unit } = data.line;
  const { currency } = data.invoice;
  const { item, group, chain = [] } = price;
  const quantity = (value: string): ReactNode => <Quantity value={value} unit={unit} exact />;
  const markups = chain.map(({ accountId, markupPercent }) =>
    say('invoices.explain.markup', {
      account: nameOf(accountId),
      percent: formats.percent(markupPercent, 4),
    }),
  );
  return (
    <Section title={say('invoices.explain.price')}>
      <Facts
        items={[
          {
            label: say('invoices.explain.priceList'),
            value:
              price.priceListId === undefined
                ? undefined
                : say('invoices.explain.priceListVersion', {
                    list: price.priceListId,
                    version: price.version ?? 0,
                  }),
          },
          {
            label: say('invoices.explain.inForceFrom'),
            value:
              price.effectiveFrom === undefined ? undefined : (
                <DateText value={price.effectiveFrom} />
              ),
          },
          { label: say('invoices.explain.chain'), value: markups.join('; ') },
          {
            label: say('invoices.explain.exchangeRate'),
            value: price.exchangeRate === undefined ? undefined : formats.exact(price.exchangeRate),
          },
          {
            label: say('invoices.explain.included'),
            value: item === undefined ? undefined : quantity(item.included),
          },
          { label: say('invoices.explain.noPrice'), value: price.problem },
          {
            label: say('invoices.explain.together'),
            value:
              group === undefined
                ? undefined
                : say('invoices.explain.charges', { count: group.charges }),
          },
          {
            label: say('invoices.explain.before'),
            value: group === undefined || group.before === '0' ? undefined : quantity(group.before),
          },
        ]}
      />
      {group !== undefined && <Steps group={group} unit={unit} currency={currency} />}
    </Section>
  );
}

function Steps({
  group,
  unit,
  currency,
}: {
  readonly group: NonNullable<Price['group']>;
  readonly unit: string | undefined;
  readonly currency: string;
}): ReactNode {
  const say = useSay();
  const hasText = useHasText();
  const money = (amount: string | undefined): ReactNode =>
    amount === undefined ? '-' : <Money amount={amount} currency={currency} exact />;
  const quantity = (value: string | undefined): ReactNode =>
    value === undefined ? '-' : <Quantity value={value} unit={unit} exact />;
  const range = ({ from, upTo }: PriceStep): ReactNode => {
    if (from === undefined && upTo === undefined) return '-';
    return (
      <>
        <Quantity value={from ?? '0'} exact /> – {upTo === undefined ? '∞' : quantity(upTo)}
      </>
    );
  };
  return (
    <DataTable
      caption={say('invoices.explain.steps')}
      items={group.steps.map((step, at) => ({ step, at }))}
      keyOf={({ at }) => String(at)}
      columns={[
        {
          id: 'kind',
          title: say('invoices.explain.step'),
          cell: ({ step: { kind } }) => {
            const id = `invoices.priceKind.${kind}`;
            return hasText(id) ? say(id) : kind;
          },
        },
        { id: 'range', title: say('invoices.explain.range'), cell: ({ step }) => range(step) },
        {
          id: 'quantity',
          title: say('invoices.quantity'),
          align: 'end',
          cell: ({ step }) => quantity(step.quantity),
        },
        {
          id: 'unitPrice',
          title: say('invoices.unitPrice'),
          align: 'end',
          cell: ({ step }) => money(step.unitPrice ?? step.fixed),
        },
        {
          id: 'amount',
          title: say('invoices.amount'),
          align: 'end',
          cell: ({ step }) => money(step.amount),
        },
      ]}
      footer={[
        [
          say('common.total'),
          '',
          quantity(group.total),
          '',
          group.amount === null ? '-' : money(group.amount),
        ],
      ]}
    />
  );
}
