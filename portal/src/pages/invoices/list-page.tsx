import { useEffect, type ReactNode } from 'react';
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
import { useFormats, useSay, type Formats, type Say } from '../../i18n/language.tsx';
import { InvoiceStateBadge } from './invoice-state.tsx';
import { ListFilters } from './list-filters.tsx';
import type { ListSearch, View } from './search.ts';

/** Rows that are looked for before somebody has to ask for more. */
const ENOUGH = 50;
const MOST_PAGES = 5;

export default function InvoicesPage(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const choice = useAccount();
  const { account } = choice;
  const [search, change] = useSearchState<ListSearch>();
  const usualView: View = account?.kind === 'provider' ? 'selling' : 'buying';
  const view = search.view ?? usualView;
  const list = useInvoices(choice, search, view);
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
        columns={columnsOf(say, formats, view)}
        keyOf={({ number }) => number}
        empty={say('invoices.none')}
      />
    </>
  );
}

/** Invoices by what the address says. */
function useInvoices(
  { account, accountId, isPending }: AccountChoice,
  { kind, state, from, to, buyer }: ListSearch,
  view: View,
): Pages<Invoice> {
  const isSelling = view === 'selling' && account !== undefined && isSeller(account);
  const all = usePages<Invoice>(
    '/api/v1/invoices',
    {
      account: isSelling ? buyer : accountId,
      issuer: isSelling ? account.accountId : undefined,
      kind,
      from,
      to,
      // What is overdue is open, and its day is past.
      state: state === 'overdue' ? 'open' : state,
    },
    { enabled: !isPending },
  );
  const day = today();
  const items = state === 'overdue' ? all.items.filter(({ dueDate }) => dueDate < day) : all.items;
  useMore(all, ENOUGH, items.length);
  return { ...all, items, isPending: all.isPending || isPending };
}

/** Loads on by itself while what the server cannot leave out leaves too little. */
function useMore(list: Pages<unknown>, wanted: number, found: number): void {
  const { hasMore, isFetching, pages, loadMore, error } = list;
  useEffect(() => {
    const isEnough = found >= wanted || pages.length >= MOST_PAGES;
    if (hasMore && !isFetching && error === null && !isEnough) loadMore();
  });
}

function columnsOf(say: Say, formats: Formats, view: View): Column<Invoice>[] {
  const other: Column<Invoice> =
    view === 'selling'
      ? { id: 'buyer', title: say('invoices.buyer'), cell: ({ buyer }) => buyer.name }
      : { id: 'seller', title: say('invoices.seller'), cell: ({ seller }) => seller.name };
  return [
    {
      id: 'number',
      title: say('invoices.number'),
      isOneLine: true,
      cell: ({ number }) => (
        <PageLink to="/invoices/$number" params={{ number }}>
          {number}
        </PageLink>
      ),
    },
    { id: 'kind', title: say('invoices.kind'), cell: ({ kind }) => say(`invoices.kind.${kind}`) },
    other,
    {
      id: 'period',
      title: say('invoices.period'),
      cell: ({ period }) => formats.period(period.name),
    },
    {
      id: 'issued',
      title: say('invoices.issued'),
      cell: ({ issueDate }) => <DateText value={issueDate} />,
    },
    { id: 'due', title: say('invoices.due'), cell: ({ dueDate }) => <DateText value={dueDate} /> },
    {
      id: 'state',
      title: say('invoices.state'),
      cell: (invoice) => <InvoiceStateBadge invoice={invoice} />,
    },
    {
      id: 'gross',
      title: say('invoices.gross'),
      align: 'end',
      cell: ({ gross, currency }) => <Money amount={gross} currency={currency} />,
    },
    {
      id: 'open',
      title: say('invoices.stillOpen'),
      align: 'end',
      cell: ({ open, currency }) => <Money amount={open} currency={currency} />,
    },
  ];
}
