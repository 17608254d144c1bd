import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import type { Api } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { useChange } from '../../api/hooks.ts';
import type { Budget, BudgetTerms } from '../../api/types/budgets.ts';
import { Loading, Notice, PageHeader, PageLink } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { BudgetForm } from './budget-form.tsx';
import { newDraft } from './draft.ts';
import { budgetPath, budgetsPath } from './paths.ts';

/** Sets a budget for the account that is chosen. */
export default function NewBudgetPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const { account, isPending } = useAccount();
  const accountId = account?.accountId ?? '';
  const create = useChange<BudgetTerms, Budget>(
    async (api, terms) => {
      const path = budgetPath(accountId, terms.name);
      // Writing one that is there would change it unasked.
      if (await exists(api, path)) {
        throw new ApiError(400, { code: 'BudgetExists', message: say('budgets.exists') });
      }
      return api.put<Budget>(path, terms);
    },
    [budgetsPath(accountId)],
  );
  return (
    <>
      <PageHeader
        title={say('budgets.new')}
        trail={<PageLink to="/budgets">{say('budgets.title')}</PageLink>}
        description={account?.name}
      />
      {account === undefined &&
        (isPending ? <Loading /> : <Notice>{say('budgets.noAccount')}</Notice>)}
      {account !== undefined && (
        <BudgetForm
          // Another account has other costs to choose from, and another currency.
          key={accountId}
          account={account}
          isNew
          draft={newDraft(account.kind === 'provider' ? 'selling' : 'buying')}
          save={async (terms) => {
            await create.mutateAsync(terms);
            await navigate({ to: `/budgets/${encodeURIComponent(terms.name)}` });
          }}
          cancel={() => void navigate({ to: '/budgets' })}
        />
      )}
    </>
  );
}

async function exists(api: Api, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return false;
    throw error;
  }
}
