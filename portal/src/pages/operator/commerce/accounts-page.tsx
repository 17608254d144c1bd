import { makeStyles, mergeClasses } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../../api/hooks.ts';
import type { AccountDetail, BillingProblems } from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  DataTable,
  FilterBar,
  PageHeader,
  PageLink,
  Section,
  SelectFilter,
  StateBadge,
  TextFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { useWord } from '../shared/state.tsx';
import { BillingProblemTables } from './billing-problems.tsx';
import { treeOf, type Placed } from './account-tree.ts';

interface Filters {
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
}

const KINDS = ['provider', 'partner', 'enterprise', 'customer'] as const;

/** Who sells to whom, and which accounts cannot be invoiced. */
export default function AccountsPage(): ReactNode {
  const say = useSay();
  const problems = useAnswer<BillingProblems>('/api/v1/billing-problems');
  return (
    <>
      <PageHeader title={say('op.accounts.nav')} description={say('op.accounts.text')} />
      <Answered answer={problems}>{(found) => <BillingProblemTables problems={found} />}</Answered>
      <Section title={say('op.accounts.tree')}>
        <Tree parked={new Set(problems.data?.value.map(({ accountId }) => accountId))} />
      </Section>
    </>
  );
}

const useStyles = makeStyles({
  name: { display: 'inline-block' },
  1: { paddingInlineStart: '24px' },
  2: { paddingInlineStart: '48px' },
  3: { paddingInlineStart: '72px' },
});

function Tree({ parked }: { readonly parked: ReadonlySet<string> }): ReactNode {
  const say = useSay();
  const word = useWord('op.accountKind');
  const [{ kind, search }, change] = useSearchState<Filters>();
  const list = usePages<AccountDetail>('/api/v1/accounts', { kind });
  const wanted = search?.toLowerCase() ?? '';
  const isFiltered = kind !== undefined || wanted !== '';
  const placed = treeOf(list.items).filter(({ account }) =>
    account.name.toLowerCase().includes(wanted),
  );
  return (
    <>
      <FilterBar
        onReset={isFiltered ? () => change({ kind: undefined, search: undefined }) : undefined}
      >
        <SelectFilter
          label={say('op.kind')}
          all={say('common.all')}
          value={KINDS.find((one) => one === kind)}
          choices={KINDS.map((value) => ({ value, label: word(value) }))}
          onChange={(chosen) => change({ kind: chosen })}
        />
        <TextFilter
          label={say('op.search')}
          value={search}
          onChange={(text) => change({ search: text })}
        />
      </FilterBar>
      <DataTable
        caption={say('op.accounts.tree')}
        isCaptionHidden
        list={{ ...list, items: placed }}
        keyOf={({ account }: Placed) => account.accountId}
        empty={say(isFiltered ? 'op.noMatch' : 'op.accounts.empty')}
        columns={[
          { id: 'name', title: say('op.name'), cell: (one) => <AccountName placed={one} /> },
          { id: 'kind', title: say('op.kind'), cell: ({ account }) => word(account.kind) },
          {
            id: 'seller',
            title: say('op.account.seller'),
            cell: ({ seller }) => seller?.name ?? '-',
          },
          {
            id: 'currency',
            title: say('op.currency'),
            cell: ({ account }) => account.currency,
          },
          {
            id: 'state',
            title: say('op.state'),
            cell: ({ account }) =>
              parked.has(account.accountId) ? (
                <StateBadge tone="bad">{say('op.account.parked')}</StateBadge>
              ) : (
                <StateBadge tone="good">{say('op.account.fine')}</StateBadge>
              ),
          },
        ]}
      />
    </>
  );
}

function AccountName({ placed: { account, level } }: { readonly placed: Placed }): ReactNode {
  const styles = useStyles();
  // Deeper levels stand below each other: the column of sellers tells them apart.
  const depth = level === 0 ? undefined : level === 1 ? 1 : level === 2 ? 2 : 3;
  return (
    <span className={mergeClasses(styles.name, depth !== undefined && styles[depth])}>
      <PageLink to="/accounts/$id" params={{ id: account.accountId }}>
        {account.name}
      </PageLink>
    </span>
  );
}
