import type { AnalysisAnswer, AnalysisGroup } from '../../api/types/analysis.ts';
import { seriesOf } from './shown.ts';

/** A row as RFC 4180 has it. */
export function csvRow(cells: readonly (string | undefined)[]): string {
  return `${cells.map((cell) => cellOf(cell ?? '')).join(',')}\r\n`;
}

/** What a spreadsheet would run rather than show. A negative number is none. */
const FORMULA = /^(?:[=+@\t\r]|-(?![\d.]))/;

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Columns of the file of groups: message ids, and what stands below. */
export const groupColumns: readonly {
  readonly title: string;
  readonly cell: (group: AnalysisGroup, answer: AnalysisAnswer) => string | undefined;
}[] = [
  { title: 'analysis.key', cell: ({ key }) => key },
  { title: 'analysis.name', cell: ({ name }) => name },
  {
    title: 'analysis.dimension.subscription',
    cell: ({ parent }) => parent?.subscriptionName ?? parent?.subscription,
  },
  { title: 'analysis.dimension.resourceGroup', cell: ({ parent }) => parent?.resourceGroup },
  { title: 'analysis.amount', cell: ({ amount }) => amount },
  {
    title: 'analysis.unit',
    cell: ({ unit }, { currency, unit: common }) => unit ?? currency ?? common,
  },
];

/** The groups of one page. */
export function groupRows(page: AnalysisAnswer): string {
  return page.groups
    .map((group) => csvRow(groupColumns.map(({ cell }) => cell(group, page))))
    .join('');
}

/** What the chart draws: a row for each bucket, with its sum where there is one. */
export function seriesCsv(answer: AnalysisAnswer, say: (id: string) => string): string {
  const series = seriesOf(answer, undefined, {
    none: say('analysis.none'),
    others: say('analysis.others'),
  });
  const totals = answer.total?.points;
  const head = [
    say('analysis.bucket'),
    ...series.map(({ name }) => name),
    ...(totals === undefined ? [] : [say('analysis.total')]),
  ];
  const rows = answer.buckets.map((bucket, at) => {
    // A point that is not there is not known, which is another thing than nothing.
    const points = series.map((one) => one.points[at]);
    return csvRow([bucket, ...points, ...(totals === undefined ? [] : [totals[at]])]);
  });
  return csvRow(head) + rows.join('');
}
