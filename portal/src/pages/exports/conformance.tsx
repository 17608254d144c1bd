import type { ReactNode } from 'react';
import type { ConformanceFinding, ConformanceReport } from '../../api/types/exports.ts';
import { type Column, DataTable, StateBadge } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';

type Dataset = ConformanceReport['datasets'][number];
type Unchecked = ConformanceReport['notChecked'][number];

const counts = ['passed', 'failed', 'warnings', 'notApplicable', 'notChecked'] as const;

/** What the check against the rules of FOCUS came to. What was not checked is said, not passed over. */
export function Conformance({ report }: { readonly report: ConformanceReport }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const columns: readonly Column<Dataset>[] = [
    {
      id: 'dataset',
      title: say('exports.conformance.dataset'),
      cell: ({ dataset }) => dataset,
    },
    {
      id: 'rows',
      title: say('exports.file.rows'),
      align: 'end',
      cell: ({ rows }) => format.count(rows),
    },
    ...counts.map((count) => ({
      id: count,
      title: say(`exports.conformance.${count}`),
      align: 'end' as const,
      cell: ({ rules }: Dataset) => format.count(rules[count]),
    })),
  ];
  return (
    <>
      <p>
        <StateBadge tone={report.conforms ? 'good' : 'bad'}>
          {say(report.conforms ? 'exports.conformance.conforms' : 'exports.conformance.fails')}
        </StateBadge>
      </p>
      <DataTable
        caption={say('exports.conformance', { version: report.version })}
        columns={columns}
        keyOf={({ dataset }) => dataset}
        items={report.datasets.filter(({ isThere }) => isThere)}
      />
      {report.findings.length > 0 && <Findings findings={report.findings} />}
      {report.notChecked.length > 0 && <NotChecked groups={report.notChecked} />}
    </>
  );
}

function Findings({ findings }: { readonly findings: readonly ConformanceFinding[] }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const columns: readonly Column<ConformanceFinding>[] = [
    {
      id: 'rule',
      title: say('exports.conformance.rule'),
      cell: ({ ruleId, source }) => (source === 'FOCUS' ? ruleId : `${ruleId} (Stackmeter)`),
    },
    {
      id: 'severity',
      title: say('exports.conformance.severity'),
      cell: ({ severity }) => (
        <StateBadge tone={severity === 'error' ? 'bad' : 'warning'}>
          {say(`exports.conformance.severity.${severity}`)}
        </StateBadge>
      ),
    },
    {
      id: 'column',
      title: say('exports.conformance.column'),
      cell: ({ dataset, column }) => (column === undefined ? dataset : `${dataset}.${column}`),
    },
    {
      id: 'message',
      title: say('exports.conformance.message'),
      cell: ({ message }) => <span lang="en">{message}</span>,
    },
    {
      id: 'count',
      title: say('exports.conformance.count'),
      align: 'end',
      cell: ({ count }) => format.count(count),
    },
  ];
  return (
    <DataTable
      caption={say('exports.conformance.findings')}
      columns={columns}
      keyOf={({ ruleId, dataset, column }) => `${ruleId} ${dataset} ${column ?? ''}`}
      items={findings}
    />
  );
}

function NotChecked({ groups }: { readonly groups: readonly Unchecked[] }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const columns: readonly Column<Unchecked>[] = [
    {
      id: 'reason',
      title: say('exports.conformance.reason'),
      cell: ({ reason }) => <span lang="en">{reason}</span>,
    },
    {
      id: 'dataset',
      title: say('exports.conformance.dataset'),
      cell: ({ dataset }) => dataset,
    },
    {
      id: 'rules',
      title: say('exports.conformance.rules'),
      align: 'end',
      cell: ({ rules }) => format.count(rules.length),
    },
  ];
  return (
    <DataTable
      caption={say('exports.conformance.why')}
      columns={columns}
      keyOf={({ dataset, reason }) => `${dataset} ${reason}`}
      items={groups}
    />
  );
}
