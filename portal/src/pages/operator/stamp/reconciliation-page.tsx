import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useAnswer } from '../../../api/hooks.ts';
import type { Reconciliation, ReconciliationLine } from '../../../api/types/stamp.ts';
import { useSearchState } from '../../../app/address.ts';
import { addDays, monthStart, today } from '../../../app/clock.ts';
import {
  Cards,
  ChartView,
  DataTable,
  DateText,
  Figure,
  FilterBar,
  Notice,
  PageHeader,
  PeriodPicker,
  presets,
  periodOf,
  Section,
  SelectFilter,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { useWord } from '../shared/state.tsx';
import { ReconciliationTable } from './reconciliation-table.tsx';

interface Filters {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: string | undefined;
}

const GROUPS = ['meter', 'day', 'subscription', 'day,meter', 'meter,subscription'] as const;

/** What was counted beside what was received and billed, and why they differ. */
export default function ReconciliationPage(): ReactNode {
  const say = useSay();
  const [{ period, from, to, by }, change] = useSearchState<Filters>();
  const preset = presets.find((one) => one === period);
  const chosen =
    preset !== undefined
      ? periodOf(preset)
      : from !== undefined && to !== undefined
        ? { from, to }
        : undefined;
  // Nothing is compared beyond the hour that is open.
  const shown = chosen ?? { from: monthStart(today()), to: addDays(today(), 1) };
  const group = GROUPS.find((one) => one === by) ?? 'meter';
  const range = {
    from: `${shown.from}T00:00:00Z`,
    to: shown.to > today() ? undefined : `${shown.to}T00:00:00Z`,
  };
  const answer = useAnswer<Reconciliation>(
    '/api/v1/reconciliation',
    { ...range, by: group },
    { keep: true },
  );
  // One after the other: each compares the whole of both sides.
  const byDay = useAnswer<Reconciliation>(
    '/api/v1/reconciliation',
    { ...range, by: 'day' },
    { enabled: answer.data !== undefined && group !== 'day' },
  );
  const days = group === 'day' ? answer : byDay;
  return (
    <>
      <PageHeader
        title={say('op.reconciliation.nav')}
        description={say('op.reconciliation.text')}
      />
      <FilterBar>
        <PeriodPicker
          value={shown}
          preset={preset ?? (chosen === undefined ? 'thisMonth' : undefined)}
          onChange={(next, name) =>
            change(
              name === undefined
                ? { ...next, period: undefined }
                : { period: name, from: undefined, to: undefined },
            )
          }
        />
        <SelectFilter
          label={say('op.reconciliation.by')}
          value={group}
          choices={GROUPS.map((value) => ({
            value,
            label: say(`op.reconciliation.by.${value.replace(',', '-')}`),
          }))}
          onChange={(next) => change({ by: next })}
        />
      </FilterBar>
      <Answered answer={answer}>
        {(found) => (
          <>
            <Verdict found={found} onRetry={() => void answer.refetch()} />
            <Steps found={found} />
            <Answered answer={days}>{({ lines }) => <Picture lines={lines} />}</Answered>
            <Causes found={found} />
            <ReconciliationTable lines={found.lines} />
          </>
        )}
      </Answered>
    </>
  );
}

function Verdict({
  found,
  onRetry,
}: {
  readonly found: Reconciliation;
  readonly onRetry: () => void;
}): ReactNode {
  const say = useSay();
  const { verdict, commerce, refusal } = found;
  const tone = { explained: 'success', unexplained: 'error', unknown: 'warning' } as const;
  return (
    <>
      <Notice
        tone={tone[verdict]}
        {...(verdict === 'unknown' && {
          actions: <Button onClick={onRetry}>{say('common.retry')}</Button>,
        })}
      >
        {say(`op.reconciliation.verdict.${verdict}`)}
        {commerce.state === 'not activated' && ` ${say('op.bridge.notActivated')}`}
        {commerce.error !== undefined && <span lang="en"> {commerce.error.message}</span>}
      </Notice>
      {refusal !== undefined && (
        <Notice tone="error" title={say('op.bridge.refused')}>
          <span lang="en">{refusal.message}</span>
        </Notice>
      )}
    </>
  );
}

/** The way of the rows: counted, received, billed, each with what it lacks of the one before. */
function Steps({ found }: { readonly found: Reconciliation }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { rows, billing } = found;
  const unknown = say('op.reconciliation.unknown');
  const missing = rows.received === null ? undefined : rows.stamp - rows.received;
  return (
    <Cards>
      <Section isCard title={say('op.reconciliation.counted')}>
        <Figure
          label={say('op.rows')}
          value={formats.count(rows.stamp)}
          hint={say('op.reconciliation.counted.hint')}
        />
      </Section>
      <Section isCard title={say('op.reconciliation.received')}>
        <Figure
          label={say('op.rows')}
          value={rows.received === null ? unknown : formats.count(rows.received)}
          hint={missing !== undefined && <Difference rows={missing} />}
        />
      </Section>
      <Section isCard title={say('op.reconciliation.billed')}>
        <Figure
          label={say('op.rows')}
          value={billing === undefined ? unknown : formats.count(billing.rows.billed)}
          hint={
            billing !== undefined && (
              <>
                <Difference rows={billing.unexplained.places} isPlaces />{' '}
                {billing.rows.notYetRated > 0 &&
                  say('op.reconciliation.notYetRated', {
                    rows: formats.count(billing.rows.notYetRated),
                  })}
              </>
            )
          }
        />
      </Section>
    </Cards>
  );
}

function Difference({
  rows,
  isPlaces = false,
}: {
  readonly rows: number;
  readonly isPlaces?: boolean;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  if (rows === 0) return <StateBadge tone="good">{say('op.reconciliation.same')}</StateBadge>;
  const id = isPlaces ? 'op.reconciliation.places' : 'op.reconciliation.differs';
  return <StateBadge tone="warning">{say(id, { rows: formats.count(rows) })}</StateBadge>;
}

function Picture({ lines }: { readonly lines: readonly ReconciliationLine[] }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const days = lines.flatMap(({ day }) => (day === undefined ? [] : [day]));
  if (days.length < 2) return null;
  const rowsOf = (one: { readonly rows: number } | null | undefined): string | undefined =>
    one === null || one === undefined ? undefined : String(one.rows);
  return (
    <Section title={say('op.reconciliation.picture')}>
      <ChartView
        kind="line"
        title={say('op.reconciliation.picture')}
        labels={days.map((day) => formats.time(day))}
        times={days.map((day) => `${day}T00:00:00Z`)}
        format={(value) => formats.decimal(value)}
        series={[
          {
            key: 'counted',
            name: say('op.reconciliation.counted'),
            points: lines.map(({ stamp }) => rowsOf(stamp)),
          },
          {
            key: 'received',
            name: say('op.reconciliation.received'),
            points: lines.map(({ received }) => rowsOf(received)),
          },
          {
            key: 'billed',
            name: say('op.reconciliation.billed'),
            points: lines.map(({ billed }) => rowsOf(billed)),
            isDashed: true,
          },
        ]}
      />
    </Section>
  );
}

function Causes({ found: { causes } }: { readonly found: Reconciliation }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const word = useWord('op.cause');
  if (causes.length === 0) return null;
  return (
    <Section title={say('op.reconciliation.causes')}>
      <DataTable
        caption={say('op.reconciliation.causes')}
        isCaptionHidden
        items={causes}
        keyOf={({ cause }) => cause}
        columns={[
          { id: 'cause', title: say('op.reconciliation.cause'), cell: ({ cause }) => word(cause) },
          {
            id: 'rows',
            title: say('op.rows'),
            align: 'end',
            cell: ({ rows }) => formats.count(rows),
          },
          {
            id: 'spans',
            title: say('op.reconciliation.hours'),
            cell: ({ spans = [] }) =>
              spans.map(({ from, to }) => (
                <div key={from}>
                  <DateText value={from} /> - <DateText value={to} />
                </div>
              )),
          },
        ]}
      />
    </Section>
  );
}
