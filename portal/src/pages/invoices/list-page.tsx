import { useEffect, useMemo, type ReactNode } from 'react';
import { usePages, type Pages } from '../../api/hooks.ts';
import { isSeller } from '../../api/types/accounts.ts';
import type { Invoice } from '../../api/types/invoices.ts';
import { useAccount, type AccountChoice } from '../../app/account.ts';
import { useSearchState } from '../../app/address.ts';
import { today } from '../../app/clock.ts';
import {
  DataTable,
  DateText,
  Money,
  Notice,
  PageHeader,
  PageLink,
  type Column,
} from '../../components/index.ts';
import { useSay, type Say } from '../../i18n/language.tsx';
import { InvoiceStateBadge } from './invoice-state.tsx';
import { ListFilters } from './list-filters.tsx';
import type { ListSearch, View } from './search.ts';

/** Rows that are looked for before somebody has to ask for more. */
const ENOUGH = 50;
const MOST_PAGES = 5;

export default function InvoicesPage(): ReactNode {
  const say = useSay();
  const choice = useAccount();
  const { account } = choice;
  const [search, change] = useSearchState<ListSearch>();
  const usualView: View = account?.kind === 'provider' ? 'selling' : 'buying';
  const view = search.view ?? usualView;
  const { list, isOpen } = useInvoices(choice, search, view);
  return (
    <>
      <PageHeader
        title={say('invoices.title')}
        description={say(view === 'selling' ? 'invoices.sold' : 'invoices.bought', {
          account: account?.name ?? '',
        })}
      />
      <ListFilters search={search} view={view} choice={choice} onChange={change} />
      {view === 'buying' && account?.kind === 'provider' && (
        <Notice>{say('invoices.providerBuysNothing')}</Notice>
      )}
      <DataTable
        caption={say('invoices.list')}
        isCaptionHidden
        list={list}
        columns={columnsOf(say, view, isOpen)}
        keyOf={({ number }) => number}
        empty={say('invoices.none')}
      />
    </>
  );
}

/** Invoices by what the address says, and which of them are still to be paid. */
function useInvoices(
  { account, accountId, isPending }: AccountChoice,
  search: ListSearch,
  view: View,
): { readonly list: Pages<Invoice>; readonly isOpen: (invoice: Invoice) => boolean | undefined } {
  const { kind, state, from, to, buyer } = search;
  const isSelling = view === 'selling' && account !== undefined && isSeller(account);
  const filters = { account: isSelling ? buyer : accountId, kind, from, to };
  const wantsOpen = state === 'open' || state === 'overdue';
  const all = usePages<Invoice>(
    '/api/v1/invoices',
    { ...filters, state: wantsOpen ? 'open' : state },
    { enabled: !isPending },
  );
  // A list does not say what has been paid of it, but it can be asked for what has not.
  const open = usePages<Invoice>(
    '/api/v1/invoices',
    { ...filters, state: 'open' },
    { enabled: !isPending && state === undefined },
  );
  useMore(open, Number.POSITIVE_INFINITY, open.items.length);
  const day = today();
  const items = all.items.filter(
    ({ issuerId, dueDate }) =>
      (!isSelling || issuerId === account.accountId) && (state !== 'overdue' || dueDate < day),
  );
  useMore(all, ENOUGH, items.length);
  const openNumbers = useMemo(() => new Set(open.items.map(({ number }) => number)), [open.items]);
  const isOpen = ({ number }: Invoice): boolean | undefined => {
    if (state !== undefined) return wantsOpen;
    if (openNumbers.has(number)) return true;
    return open.isPending || open.hasMore || open.error !== null ? undefined : false;
  };
  return { list: { ...all, items, isPending: all.isPending || isPending }, isOpen };
}

/** Loads on by itself while what the server cannot leave out leaves too little. */
function useMore(list: Pages<unknown>, wanted: number, found: number): void {
  const { hasMore, isFetching, pages, loadMore, error } = list;
  useEffect(() => {
    const isEnough = found >= wanted || pages.length >= MOST_PAGES;
    if (hasMore && !isFetching && error === null && !isEnough) loadMore();
  });
}

function columnsOf(
  say: Say,
  view: View,
  isOpen: (invoice: Invoice) => boolean | undefined,
): Column<Invoice>[] {
  const other: Column<Invoice> =
    view === 'selling'
      ? { id: 'buyer', title: say('invoices.buyer'), cell: ({ buyer }) => buyer.name }
      : { id: 'seller', title: say('invoices.seller'), cell: ({ seller }) => seller.name };
  return [
    {
      id: 'number',
      title: say('invoices.number'),
      cell: ({ number }) => (
        <PageLink to="/invoices/$number" params={{ number }}>
          {number}
        </PageLink>
      ),
    },
    { id: 'kind', title: say('invoices.kind'), cell: ({ kind }) => say(`invoices.kind.${kind}`) },
    other,
    { id: 'period', title: say('invoices.period'), cell: ({ period }) => period.name },
    {
      id: 'issued',
      title: say('invoices.issued'),
      cell: ({ issueDate }) => <DateText value={issueDate} />,
    },
    { id: 'due', title: say('invoices.due'), cell: ({ dueDate }) => <DateText value={dueDate} /> },
    {
      id: 'state',
      title: say('invoices.state'),
      cell: (invoice) => <InvoiceStateBadge invoice={invoice} isOpen={isOpen(invoice)} />,
    },
    {
      id: 'gross',
      title: say('invoices.gross'),
      align: 'end',
      cell: ({ gross, currency }) => <Money amount={gross} currency={currency} />,
    },
  ];
}
