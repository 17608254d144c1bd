import { useState, type ReactNode } from 'react';
import { useChange } from '../../../api/hooks.ts';
import type { WindowSums, WindowVerification } from '../../../api/types/stamp.ts';
import { addDays, today } from '../../../app/clock.ts';
import {
  Code,
  ConfirmDialog,
  DataTable,
  DateText,
  Notice,
  Section,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Fields, SelectField, TextField } from '../shared/fields.tsx';

/** Days that are verified at once: the service takes a week of hours and a month of days. */
const MOST_DAYS = { hour: 7, day: 31 } as const;

/** Asks which windows to compute anew, and does it. */
export function VerifyDialog({
  onResult,
  onClose,
}: {
  readonly onResult: (result: WindowVerification) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useSay();
  const [granularity, setGranularity] = useState<string>('day');
  const [first, setFirst] = useState(() => addDays(today(), -7));
  const [last, setLast] = useState(() => addDays(today(), -1));
  const verify = useChange<undefined, WindowVerification>((api) =>
    api.post('/api/v1/windows/verify', {
      granularity,
      from: `${first}T00:00:00Z`,
      to: `${addDays(last, 1)}T00:00:00Z`,
    }),
  );
  const most = MOST_DAYS[granularity === 'hour' ? 'hour' : 'day'];
  const isRange = first !== '' && last !== '' && first <= last && last < addDays(first, most);
  return (
    <ConfirmDialog
      isOpen
      title={say('op.windows.verify')}
      confirmLabel={say('op.windows.verify')}
      canConfirm={isRange}
      onConfirm={async () => onResult(await verify.mutateAsync(undefined))}
      onClose={onClose}
    >
      {say('op.windows.verify.text')}
      <Fields>
        <SelectField
          label={say('op.windows.granularity')}
          value={granularity}
          onChange={setGranularity}
          choices={[
            { value: 'day', label: say('op.windows.days') },
            { value: 'hour', label: say('op.windows.hours') },
          ]}
        />
        <TextField
          label={say('common.period.first')}
          type="date"
          value={first}
          onChange={setFirst}
        />
        <TextField
          label={say('common.period.last')}
          type="date"
          value={last}
          onChange={setLast}
          hint={say('op.windows.verify.most', { days: most })}
        />
      </Fields>
    </ConfirmDialog>
  );
}

/** What came of it: how many are as they were, and each that is not, with rows that differ. */
export function VerificationResult({ result }: { readonly result: WindowVerification }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { equal, unverifiable, different, next } = result;
  return (
    <Section title={say('op.windows.result')}>
      <Notice tone={different.length > 0 ? 'error' : 'success'} isNews>
        {say('op.windows.result.text', { equal, unverifiable, different: different.length })}
        {next !== undefined && ` ${say('op.windows.result.next', { next: formats.time(next) })}`}
      </Notice>
      {different.map((one) => (
        <div key={one.start}>
          <h3>
            <DateText value={one.start} />
          </h3>
          <SumsTable
            caption={say('op.windows.result.sums')}
            sides={[
              [say('op.windows.noted'), one.noted],
              [say('op.windows.stored'), one.stored],
              [say('op.windows.recomputed'), one.recomputed],
            ]}
          />
          <DataTable
            caption={say('op.windows.result.examples')}
            items={one.examples}
            keyOf={({ side, row }) => `${side} ${row}`}
            columns={[
              {
                id: 'side',
                title: say('op.windows.side'),
                cell: ({ side }) =>
                  say(side === 'stored' ? 'op.windows.stored' : 'op.windows.recomputed'),
              },
              { id: 'row', title: say('op.windows.row'), cell: ({ row }) => <Code>{row}</Code> },
            ]}
          />
        </div>
      ))}
    </Section>
  );
}

function SumsTable({
  caption,
  sides,
}: {
  readonly caption: string;
  readonly sides: readonly (readonly [string, WindowSums])[];
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  return (
    <DataTable
      caption={caption}
      items={sides}
      keyOf={([name]) => name}
      columns={[
        { id: 'side', title: say('op.windows.side'), cell: ([name]) => name },
        {
          id: 'rows',
          title: say('op.rows'),
          align: 'end',
          cell: ([, { rows }]) => formats.decimal(rows),
        },
        {
          id: 'records',
          title: say('op.records'),
          align: 'end',
          cell: ([, { records }]) => formats.decimal(records),
        },
        {
          id: 'quantity',
          title: say('op.windows.checkSum'),
          align: 'end',
          cell: ([, { quantity }]) => formats.exact(quantity),
        },
        { id: 'hash', title: say('op.windows.hash'), cell: ([, { hash }]) => <Code>{hash}</Code> },
      ]}
    />
  );
}
