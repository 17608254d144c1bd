import type { ReactNode } from 'react';
import type { QuarantineEntry } from '../../../api/types/stamp.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  Code,
  DataTable,
  DateText,
  FilterBar,
  PageHeader,
  PageLink,
  SelectFilter,
  TextFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { useNextPages } from '../shared/next-pages.ts';
import { State, useWord } from '../shared/state.tsx';

interface Filters {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
}

const STATES = ['held', 'replayed', 'discarded', 'all'] as const;

/** Records that could not be counted, those that wait for a decision unless others are asked for. */
export default function QuarantinePage(): ReactNode {
  const say = useSay();
  const word = useWord('op.state');
  const formats = useFormats();
  const [{ state = 'held', code }, change] = useSearchState<Filters>();
  const list = useNextPages<QuarantineEntry>('/api/v1/quarantine', {
    state: state === 'all' ? undefined : state,
    code,
    limit: 100,
  });
  return (
    <>
      <PageHeader title={say('op.quarantine.nav')} description={say('op.quarantine.text')} />
      <FilterBar
        onReset={
          state !== 'held' || code !== undefined
            ? () => change({ state: undefined, code: undefined })
            : undefined
        }
      >
        <SelectFilter
          label={say('op.state')}
          value={STATES.find((one) => one === state) ?? 'held'}
          choices={STATES.map((value) => ({
            value,
            label: value === 'all' ? say('common.all') : word(value),
          }))}
          onChange={(chosen) => change({ state: chosen === 'held' ? undefined : chosen })}
        />
        <TextFilter
          label={say('op.quarantine.code')}
          value={code}
          placeholder="UnknownMeter"
          onChange={(chosen) => change({ code: chosen })}
        />
      </FilterBar>
      <DataTable
        caption={say('op.quarantine.nav')}
        isCaptionHidden
        keyOf={(one) => one.quarantineId}
        list={list}
        empty={say(state === 'held' && code === undefined ? 'op.quarantine.none' : 'op.noMatch')}
        columns={[
          {
            id: 'id',
            title: say('op.number'),
            cell: ({ quarantineId: id }) => (
              <PageLink to="/quarantine/$id" params={{ id }}>
                {id}
              </PageLink>
            ),
          },
          { id: 'state', title: say('op.state'), cell: (one) => <State value={one.state} /> },
          { id: 'code', title: say('op.quarantine.code'), cell: (one) => <Code>{one.code}</Code> },
          {
            id: 'message',
            title: say('op.quarantine.message'),
            cell: (one) => <span lang="en">{one.message}</span>,
          },
          {
            id: 'occurrences',
            title: say('op.quarantine.occurrences'),
            align: 'end',
            cell: (one) => formats.decimal(one.occurrences),
          },
          {
            id: 'last',
            title: say('op.quarantine.last'),
            cell: (one) => <DateText value={one.lastReceivedAt} />,
          },
        ]}
      />
    </>
  );
}
