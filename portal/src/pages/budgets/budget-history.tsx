import type { ReactNode } from 'react';
import { usePages } from '../../api/hooks.ts';
import type { Budget, BudgetFiring } from '../../api/types/budgets.ts';
import { type Column, DataTable, DateText, Money, Section } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { budgetPath } from './paths.ts';

/** The alerts that went out, the last one first. */
export function BudgetHistory({
  budget: { accountId, name, currency },
}: {
  readonly budget: Budget;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  const list = usePages<BudgetFiring>(`${budgetPath(accountId, name)}/history`);
  const told = ({ mails, mailsWithheld, webhook }: BudgetFiring): string =>
    [
      say('budgets.history.mails', { count: mails }),
      ...(mailsWithheld > 0 ? [say('budgets.history.withheld', { count: mailsWithheld })] : []),
      ...(webhook ? [say('budgets.alert.webhooks')] : []),
    ].join(', ');
  const columns: readonly Column<BudgetFiring>[] = [
    {
      id: 'at',
      title: say('budgets.history.at'),
      cell: ({ firedAt }) => <DateText value={firedAt} />,
    },
    {
      id: 'span',
      title: say('budgets.history.span'),
      cell: ({ from }) => <DateText value={from} precision="day" />,
    },
    {
      id: 'threshold',
      title: say('budgets.history.threshold'),
      cell: ({ of, unit, threshold }) =>
        say(`budgets.alert.at.${of}`, {
          threshold:
            unit === 'percent' ? format.percent(threshold, 2) : format.money(threshold, currency),
        }),
    },
    {
      id: 'spent',
      title: say('budgets.history.spent'),
      align: 'end',
      cell: ({ spent }) => <Money amount={spent} currency={currency} />,
    },
    { id: 'told', title: say('budgets.history.told'), cell: told },
  ];
  return (
    <Section title={say('budgets.history')}>
      <DataTable
        caption={say('budgets.history')}
        isCaptionHidden
        columns={columns}
        keyOf={({ firedAt, of, unit, threshold, from }) =>
          `${firedAt} ${from} ${of} ${unit} ${threshold}`
        }
        list={list}
        empty={say('budgets.history.none')}
      />
    </Section>
  );
}
