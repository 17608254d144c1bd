import type { ReactNode } from 'react';
import type { ExplainedDay as Day, ExplainedRow } from '../../api/types/explanation.ts';
import { Code, DataTable, DateText, Notice, Quantity, Section } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { windowTime } from '../operator/shared/window-time.ts';

interface Shown {
  readonly row: ExplainedRow;
}

/** What one resource used on one day: rows as they were reported, and the records behind them. */
export function ExplainedDay({
  day,
  unit,
}: {
  readonly day: Day;
  readonly unit: string | undefined;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const title = say('invoices.explain.rows', {
    resource: day.resourceUri.split('/').at(-1) ?? '',
    day: formats.time(day.day),
  });
  // They are told of a resource and a day that somebody chose.
  const hasRecords = day.rows.some(({ records }) => records !== undefined);
  return (
    <Section title={title}>
      {day.isExample && <p>{say('invoices.explain.example')}</p>}
      <DataTable
        caption={title}
        isCaptionHidden
        items={day.rows.map((row, at) => ({ row, at }))}
        keyOf={({ at }) => String(at)}
        columns={[
          {
            id: 'usage',
            title: say('invoices.explain.usageHour'),
            cell: ({ row }) => <DateText value={row.usageStart} />,
          },
          {
            id: 'quantity',
            title: say('invoices.quantity'),
            align: 'end',
            cell: ({ row }) => <Quantity value={row.quantity} unit={unit} exact />,
          },
          {
            id: 'window',
            title: say('invoices.explain.window'),
            cell: ({ row }) => <DateText value={windowTime(row.window)} />,
          },
          {
            id: 'accepted',
            title: say('invoices.explain.accepted'),
            cell: ({ row }) => <DateText value={row.acceptedAt} precision="second" />,
          },
          {
            id: 'hash',
            title: say('invoices.explain.hash'),
            cell: ({ row }) => (
              <Code>
                <span title={row.windowHash}>{row.windowHash.slice(0, 12)}…</span>
              </Code>
            ),
          },
          ...(hasRecords
            ? [
                {
                  id: 'records',
                  title: say('invoices.explain.records'),
                  cell: ({ row }: Shown) => <Records records={row.records} unit={unit} />,
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}

function Records({
  records,
  unit,
}: {
  readonly records: ExplainedRow['records'];
  readonly unit: string | undefined;
}): ReactNode {
  const say = useSay();
  if (records === undefined) return '-';
  if (records.state !== 'found') return say(`invoices.explain.records.${records.state}`);
  const { value = [], more = false } = records;
  return (
    <>
      <details>
        <summary>{say('invoices.explain.recordCount', { count: value.length })}</summary>
        <ul>
          {value.map(({ recordKey, usageStart, usageEnd, quantity }) => (
            <li key={`${recordKey} ${usageStart}`}>
              <DateText value={usageStart} precision="second" /> –{' '}
              <DateText value={usageEnd} precision="second" />:{' '}
              <Quantity value={quantity} unit={unit} exact />{' '}
              <small>
                <Code>{recordKey}</Code>
              </small>
            </li>
          ))}
        </ul>
      </details>
      {more && <Notice tone="info">{say('invoices.explain.moreRecords')}</Notice>}
    </>
  );
}
