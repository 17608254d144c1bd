import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { usePages } from '../../api/hooks.ts';
import type { Budget } from '../../api/types/budgets.ts';
import {
  type Column,
  DataTable,
  Loading,
  Money,
  Notice,
  PageHeader,
  PageLink,
} from '../../components/index.ts';
import { useSay, type Say } from '../../i18n/language.tsx';
import { BudgetProgress, BudgetState } from './budget-progress.tsx';
import { budgetsPath } from './paths.ts';

/** The budgets of an account, and how each stands. */
export default function BudgetsPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const { accountId, account, isPending } = useAccount();
  const canWrite = may(viewer, 'Microsoft.Consumption/budgets/write') && accountId !== undefined;
  return (
    <>
      <PageHeader
        title={say('budgets.title')}
        description={say('budgets.description')}
        {...(canWrite && { actions: <NewBudget /> })}
      />
      {accountId === undefined && isPending && <Loading />}
      {accountId === undefined && !isPending && <Notice>{say('budgets.noAccount')}</Notice>}
      {accountId !== undefined && (
        <BudgetList accountId={accountId} name={account?.name ?? accountId} canWrite={canWrite} />
      )}
    </>
  );
}

function NewBudget(): ReactNode {
  const say = useSay();
  return (
    <PageLink to="/new-budget" isButton>
      {say('budgets.new')}
    </PageLink>
  );
}

function BudgetList({
  accountId,
  name,
  canWrite,
}: {
  readonly canWrite: boolean;
  readonly accountId: string;
  readonly name: string;
}): ReactNode {
  const say = useSay();
  const list = usePages<Budget>(budgetsPath(accountId));
  return (
    <DataTable
      caption={say('budgets.list', { account: name })}
      columns={columnsOf(say)}
      keyOf={(budget) => budget.name}
      list={list}
      empty={
        <>
          {say('budgets.none')} {say('budgets.none.hint')}
        </>
      }
      emptyAction={canWrite && <NewBudget />}
    />
  );
}

function columnsOf(say: Say): readonly Column<Budget>[] {
  return [
    {
      id: 'name',
      title: say('budgets.name'),
      cell: ({ name }) => (
        <PageLink to="/budgets/$budget" params={{ budget: name }}>
          {name}
        </PageLink>
      ),
    },
    {
      id: 'grain',
      title: say('budgets.grain'),
      cell: ({ grain }) => say(`budgets.grain.${grain}`),
    },
    {
      id: 'amount',
      title: say('budgets.amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
    },
    {
      id: 'spent',
      title: say('budgets.spent'),
      cell: (budget) => <BudgetProgress budget={budget} />,
    },
    {
      id: 'forecast',
      title: say('budgets.forecast'),
      align: 'end',
      cell: ({ current, currency }) =>
        current?.forecast !== undefined && (
          <Money amount={current.forecast.amount} currency={currency} />
        ),
    },
    {
      id: 'state',
      title: say('budgets.state'),
      cell: (budget) => <BudgetState budget={budget} />,
    },
  ];
}
