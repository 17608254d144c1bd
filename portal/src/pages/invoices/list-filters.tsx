import type { ReactNode } from 'react';
import { isSeller } from '../../api/types/accounts.ts';
import { invoiceKinds } from '../../api/types/invoices.ts';
import type { AccountChoice } from '../../app/account.ts';
import { addDays } from '../../app/clock.ts';
import { DayFilter, FilterBar, SelectFilter } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { invoiceStates, views, type ListSearch, type View } from './search.ts';

const NOTHING: ListSearch = {
  buyer: undefined,
  kind: undefined,
  state: undefined,
  from: undefined,
  to: undefined,
};

/** What is listed of the invoices. */
export function ListFilters({
  search,
  view,
  choice: { account, accounts },
  onChange,
}: {
  readonly search: ListSearch;
  readonly view: View;
  readonly choice: AccountChoice;
  readonly onChange: (change: ListSearch) => void;
}): ReactNode {
  const say = useSay();
  const { kind, state, buyer, from, to } = search;
  const sells = account !== undefined && isSeller(account);
  const buyers = accounts.filter(({ parentId }) => parentId === account?.accountId);
  const isFiltered = [kind, state, buyer, from, to].some((one) => one !== undefined);
  return (
    <FilterBar onReset={isFiltered ? () => onChange(NOTHING) : undefined}>
      {sells && (
        <SelectFilter
          label={say('invoices.view')}
          value={view}
          choices={views.map((value) => ({ value, label: say(`invoices.view.${value}`) }))}
          onChange={(chosen) => onChange({ ...NOTHING, view: chosen })}
        />
      )}
      {sells && view === 'selling' && (
        <SelectFilter
          label={say('invoices.buyer')}
          value={buyer}
          all={say('common.all')}
          choices={buyers.map(({ accountId, name }) => ({ value: accountId, label: name }))}
          onChange={(chosen) => onChange({ buyer: chosen })}
        />
      )}
      <SelectFilter
        label={say('invoices.state')}
        value={state}
        all={say('common.all')}
        choices={invoiceStates.map((value) => ({ value, label: say(`invoices.state.${value}`) }))}
        onChange={(chosen) => onChange({ state: chosen })}
      />
      <SelectFilter
        label={say('invoices.kind')}
        value={kind}
        all={say('common.all')}
        choices={invoiceKinds.map((value) => ({ value, label: say(`invoices.kind.${value}`) }))}
        onChange={(chosen) => onChange({ kind: chosen })}
      />
      <DayFilter
        label={say('invoices.issuedFrom')}
        value={from}
        onChange={(day) => onChange({ from: day })}
      />
      <DayFilter
        label={say('invoices.issuedTo')}
        value={to === undefined ? undefined : addDays(to, -1)}
        onChange={(day) => onChange({ to: day === undefined ? undefined : addDays(day, 1) })}
      />
    </FilterBar>
  );
}
