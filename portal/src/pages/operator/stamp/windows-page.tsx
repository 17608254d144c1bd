import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer, usePages } from '../../../api/hooks.ts';
import type { StampWindow, WindowStatus, WindowVerification } from '../../../api/types/stamp.ts';
import { useSearchState } from '../../../app/address.ts';
import { addDays } from '../../../app/clock.ts';
import {
  DataTable,
  DateText,
  DayFilter,
  Facts,
  FilterBar,
  PageHeader,
  SelectFilter,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { useDuration } from '../shared/duration.ts';
import { State } from '../shared/state.tsx';
import { VerificationResult, VerifyDialog } from './verify-windows.tsx';

interface Filters {
  readonly granularity?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The reported windows: which are open, which are closed, and whether those still are what they were. */
export default function WindowsPage(): ReactNode {
  const say = useSay();
  const [filters, change] = useSearchState<Filters>();
  const { from, to } = filters;
  const granularity = filters.granularity === 'hour' ? 'hour' : 'day';
  const list = usePages<StampWindow>('/api/v1/windows', {
    granularity,
    from: from === undefined ? undefined : `${from}T00:00:00Z`,
    to: to === undefined ? undefined : `${addDays(to, 1)}T00:00:00Z`,
    limit: granularity === 'hour' ? 48 : 62,
  });
  const [isVerifying, setVerifying] = useState(false);
  const [verification, setVerification] = useState<WindowVerification>();
  return (
    <>
      <PageHeader
        title={say('op.windows.nav')}
        description={say('op.windows.text')}
        actions={<Button onClick={() => setVerifying(true)}>{say('op.windows.verify')}</Button>}
      />
      <Status />
      {verification !== undefined && <VerificationResult result={verification} />}
      <FilterBar
        onReset={
          [filters.granularity, from, to].some((one) => one !== undefined)
            ? () => change({ granularity: undefined, from: undefined, to: undefined })
            : undefined
        }
      >
        <SelectFilter
          label={say('op.windows.granularity')}
          value={granularity}
          choices={[
            { value: 'day', label: say('op.windows.days') },
            { value: 'hour', label: say('op.windows.hours') },
          ]}
          onChange={(chosen) => change({ granularity: chosen === 'hour' ? chosen : undefined })}
        />
        <DayFilter
          label={say('common.period.first')}
          value={from}
          onChange={(day) => change({ from: day })}
        />
        <DayFilter
          label={say('common.period.last')}
          value={to}
          onChange={(day) => change({ to: day })}
        />
      </FilterBar>
      <WindowTable list={list} />
      {isVerifying && (
        <VerifyDialog onResult={setVerification} onClose={() => setVerifying(false)} />
      )}
    </>
  );
}

function WindowTable({
  list,
}: {
  readonly list: ReturnType<typeof usePages<StampWindow>>;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const count = (text: string | undefined): string =>
    text === undefined ? '-' : formats.decimal(text);
  return (
    <DataTable
      caption={say('op.windows.nav')}
      isCaptionHidden
      keyOf={({ granularity, start }) => `${granularity} ${start}`}
      list={list}
      empty={say('op.windows.empty')}
      columns={[
        {
          id: 'start',
          title: say('op.windows.start'),
          cell: ({ granularity, start }) =>
            granularity === 'day' ? (
              <DateText value={start.slice(0, 10)} />
            ) : (
              <DateText value={start} />
            ),
        },
        { id: 'state', title: say('op.state'), cell: ({ state }) => <State value={state} /> },
        {
          id: 'origin',
          title: say('op.windows.origin'),
          cell: ({ origin }) => say(`op.windows.origin.${origin}`),
        },
        { id: 'rows', title: say('op.rows'), align: 'end', cell: ({ rows }) => count(rows) },
        {
          id: 'records',
          title: say('op.records'),
          align: 'end',
          cell: ({ records }) => count(records),
        },
        {
          id: 'closed',
          title: say('op.windows.closedAt'),
          cell: ({ closedAt }) => <DateText value={closedAt} />,
        },
        {
          id: 'kept',
          title: say('op.windows.kept'),
          isOneLine: true,
          cell: ({ expiredAt, recordsExpiredAt }) =>
            say(
              expiredAt !== undefined
                ? 'op.windows.kept.sums'
                : recordsExpiredAt !== undefined
                  ? 'op.windows.kept.rows'
                  : 'op.windows.kept.all',
            ),
        },
      ]}
    />
  );
}

const EVERY_MS = 60_000;
/** Windows close within a few minutes; later than this something is wrong. */
const LATE_SECONDS = 900;

function Status(): ReactNode {
  const say = useSay();
  const duration = useDuration();
  const answer = useAnswer<WindowStatus>('/api/v1/windows/status', undefined, { every: EVERY_MS });
  return (
    <Answered answer={answer}>
      {({ openHour, firstHour, lagSeconds, importedOpen }) => (
        <Facts
          items={[
            { label: say('op.windows.open'), value: openHour && <DateText value={openHour} /> },
            {
              label: say('op.windows.lag'),
              value:
                lagSeconds > LATE_SECONDS ? (
                  <StateBadge tone="bad">{duration(lagSeconds)}</StateBadge>
                ) : lagSeconds > 0 ? (
                  duration(lagSeconds)
                ) : (
                  <StateBadge tone="good">{say('op.windows.onTime')}</StateBadge>
                ),
            },
            { label: say('op.windows.first'), value: firstHour && <DateText value={firstHour} /> },
            {
              label: say('op.windows.imported'),
              value:
                importedOpen > 0 ? (
                  <StateBadge tone="warning">
                    {say('op.windows.importedOpen', { count: importedOpen })}
                  </StateBadge>
                ) : undefined,
            },
          ]}
        />
      )}
    </Answered>
  );
}
