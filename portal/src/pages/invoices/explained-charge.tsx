import type { ReactNode } from 'react';
import type { ExplainedCharge as Charge, Explanation } from '../../api/types/explanation.ts';
import {
  DataTable,
  DateText,
  Money,
  Notice,
  PageLink,
  Quantity,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';

/** The charge of which the line has some, and what other lines have of it. */
export function ExplainedCharge({
  charge,
  data,
}: {
  readonly charge: Charge;
  readonly data: Explanation;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { unit } = data.line;
  const { currency } = data.invoice;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} exact />;
  const quantity = (value: string): ReactNode => <Quantity value={value} unit={unit} exact />;
  const isChanged =
    charge.quantity !== charge.after.quantity || charge.amount !== charge.after.amount;
  return (
    <Section title={say('invoices.explain.charge')}>
      {isChanged && <Notice tone="warning">{say('invoices.explain.changedSince')}</Notice>}
      <DataTable
        caption={say('invoices.explain.chargeLines', {
          charge: charge.charge,
          period: formats.period(charge.period),
        })}
        items={charge.lines}
        keyOf={({ number, line }) => `${number} ${line}`}
        columns={[
          {
            id: 'line',
            title: say('invoices.line'),
            cell: ({ number, line }) => (
              <PageLink to="/invoices/$number/lines/$line" params={{ number, line: String(line) }}>
                {say('invoices.explain.title', { line, number })}
              </PageLink>
            ),
          },
          {
            id: 'issued',
            title: say('invoices.issued'),
            cell: ({ issuedAt }) => <DateText value={issuedAt} />,
          },
          {
            id: 'quantity',
            title: say('invoices.quantity'),
            align: 'end',
            cell: (line) => quantity(line.quantity),
          },
          {
            id: 'amount',
            title: say('invoices.explain.exact'),
            align: 'end',
            cell: (line) => money(line.amount),
          },
        ]}
        footer={[
          [
            say('invoices.explain.chargeNow'),
            '',
            quantity(charge.quantity),
            charge.amount === null ? '-' : money(charge.amount),
          ],
        ]}
      />
    </Section>
  );
}
