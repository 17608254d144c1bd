import type { ReactNode } from 'react';
import { useAnswer, usePages } from '../../../api/hooks.ts';
import type { LedgerBalance, LedgerEntry } from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  FilterBar,
  Money,
  PageHeader,
  Section,
  SelectFilter,
  TextFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { Answered } from '../shared/answered.tsx';
import { useWord } from '../shared/state.tsx';

interface Filters {
  readonly book?: string | undefined;
  readonly party?: string | undefined;
  readonly reference?: string | undefined;
}

/** What the accounts of the ledger come to, and the entries that they are made of. */
export default function LedgerPage(): ReactNode {
  const say = useSay();
  const { choices } = useAccountChoices();
  const [{ book, party, reference }, change] = useSearchState<Filters>();
  const isFiltered = [book, party, reference].some((one) => one !== undefined);
  return (
    <>
      <PageHeader title={say('op.ledger.nav')} description={say('op.ledger.text')} />
      <FilterBar
        onReset={
          isFiltered
            ? () => change({ book: undefined, party: undefined, reference: undefined })
            : undefined
        }
      >
        <SelectFilter
          label={say('op.ledger.book')}
          all={say('common.all')}
          value={book}
          choices={choices}
          onChange={(id) => change({ book: id })}
        />
        <SelectFilter
          label={say('op.ledger.party')}
          all={say('common.all')}
          value={party}
          choices={choices}
          onChange={(id) => change({ party: id })}
        />
        <TextFilter
          label={say('op.ledger.reference')}
          value={reference}
          onChange={(text) => change({ reference: text })}
        />
      </FilterBar>
      <Balances book={book} party={party} />
      <Entries book={book} party={party} reference={reference} />
    </>
  );
}

function Balances(query: Pick<Filters, 'book' | 'party'>): ReactNode {
  const say = useSay();
  const word = useWord('op.ledgerAccount');
  const { nameOf } = useAccountChoices();
  const answer = useAnswer<{ readonly value: readonly LedgerBalance[] }>(
    '/api/v1/ledger/balances',
    { ...query },
    { keep: true },
  );
  return (
    <Section title={say('op.ledger.balances')}>
      <Answered answer={answer}>
        {({ value }) => (
          <DataTable
            caption={say('op.ledger.balances.caption')}
            items={value}
            keyOf={(one) => [one.book, one.party, one.account, one.currency].join(' ')}
            empty={say('op.ledger.balances.empty')}
            columns={[
              { id: 'book', title: say('op.ledger.book'), cell: (one) => nameOf(one.book) },
              { id: 'party', title: say('op.ledger.party'), cell: (one) => nameOf(one.party) },
              {
                id: 'account',
                title: say('op.ledger.account'),
                isRowHeader: true,
                cell: ({ account }) => word(account),
              },
              {
                id: 'balance',
                title: say('op.ledger.balance'),
                align: 'end',
                cell: ({ balance, currency }) => <Money amount={balance} currency={currency} />,
              },
            ]}
          />
        )}
      </Answered>
    </Section>
  );
}

function Entries(query: Filters): ReactNode {
  const say = useSay();
  const kind = useWord('op.entryKind');
  const account = useWord('op.ledgerAccount');
  const { nameOf } = useAccountChoices();
  const list = usePages<LedgerEntry>('/api/v1/ledger/entries', { ...query });
  return (
    <Section title={say('op.ledger.entries')}>
      <DataTable
        caption={say('op.ledger.entries')}
        isCaptionHidden
        list={list}
        keyOf={({ entry }) => entry}
        empty={say('op.ledger.entries.empty')}
        columns={[
          { id: 'entry', title: say('op.number'), cell: ({ entry }) => entry },
          {
            id: 'at',
            title: say('op.at'),
            cell: ({ occurredAt }) => <DateText value={occurredAt} />,
          },
          { id: 'kind', title: say('op.kind'), cell: (one) => kind(one.kind) },
          { id: 'book', title: say('op.ledger.book'), cell: (one) => nameOf(one.book) },
          {
            id: 'reference',
            title: say('op.ledger.reference'),
            cell: ({ reference }) => <Code>{reference}</Code>,
          },
          {
            id: 'postings',
            title: say('op.ledger.postings'),
            cell: ({ postings }) =>
              postings.map((one) => (
                <div key={`${one.account} ${one.party} ${one.amount}`}>
                  {say('common.labelled', {
                    label: `${account(one.account)} (${nameOf(one.party)})`,
                  })}{' '}
                  <Money amount={one.amount} currency={one.currency} />
                </div>
              )),
          },
        ]}
      />
    </Section>
  );
}
