import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { usePart } from '../../app/address.ts';
import { useAnswer, useChange } from '../../api/hooks.ts';
import type { Budget, BudgetTerms } from '../../api/types/budgets.ts';
import { ErrorNotice, Loading, PageHeader, PageLink } from '../../components/index.ts';
import { useLanguage, useSay } from '../../i18n/language.tsx';
import { BudgetForm } from './budget-form.tsx';
import { draftOf } from './draft.ts';
import { budgetPath, budgetsPath } from './paths.ts';

/** Changes what a budget says. */
export default function EditBudgetPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const { language } = useLanguage();
  const name = usePart('budget');
  const { account } = useAccount();
  const accountId = account?.accountId ?? '';
  const path = budgetPath(accountId, name);
  const { data, error } = useAnswer<Budget>(path, undefined, { enabled: accountId !== '' });
  const change = useChange<BudgetTerms, Budget>(
    (api, terms) => api.put<Budget>(path, terms),
    [budgetsPath(accountId)],
  );
  const leave = (): Promise<void> => navigate({ to: `/budgets/${encodeURIComponent(name)}` });
  return (
    <>
      <PageHeader
        title={say('budgets.edit.title', { name })}
        trail={
          <PageLink to="/budgets/$budget" params={{ budget: name }}>
            {name}
          </PageLink>
        }
      />
      <ErrorNotice error={error} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && account !== undefined && (
        <BudgetForm
          account={account}
          isNew={false}
          draft={draftOf(data, language)}
          save={async (terms) => {
            await change.mutateAsync(terms);
            await leave();
          }}
          cancel={() => void leave()}
        />
      )}
    </>
  );
}
