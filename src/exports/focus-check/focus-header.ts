import { fail } from '../../kernel/index.ts';
import {
  focusColumns,
  focusDatasets,
  type FocusDataset,
  type FocusTable,
  type FocusVersion,
} from '../focus/index.ts';
import type { Row } from './site.ts';

export interface FocusFileOptions {
  /** what it is; seen from its columns when left out */
  readonly version?: FocusVersion;
  readonly dataset?: FocusDataset;
  /** whether it is CSV that is packed; by its name when left out */
  readonly isPacked?: boolean;
}

/** Columns and rows of a file, before it is known of which dataset they are. */
export interface FileRows {
  readonly columns: readonly string[];
  readonly rows: () => AsyncIterable<Row>;
}

/**
 * What the columns of a file say that it is.
 *
 * @throws FocusFileInvalid for columns without a name, or two of one name
 */
export function tableOf(
  file: string,
  { columns, rows }: FileRows,
  options: FocusFileOptions,
): FocusTable {
  requireNames(file, columns);
  const dataset = options.dataset ?? datasetOf(columns);
  const version = options.version ?? versionOf(columns, dataset);
  return { version, dataset, columns, source: file, rows };
}

function requireNames(file: string, columns: readonly string[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (columns.includes('')) {
    const at = columns.indexOf('') + 1;
    throw fail('FocusFileInvalid', { file, reason: `column ${at} of its header has no name` });
  }
  if (twice !== undefined) {
    const reason = `its header has the column ${twice} twice, so that nobody can tell which one counts`;
    throw fail('FocusFileInvalid', { file, reason });
  }
  const [only = ''] = columns;
  if (columns.length === 1 && /[;\t|]/.test(only)) {
    const reason = 'its header is one single column, so its values are not divided by commas';
    throw fail('FocusFileInvalid', { file, reason });
  }
}

const namesOf = (dataset: FocusDataset): string[] =>
  [...focusColumns['1.4'][dataset], ...focusColumns['1.2'][dataset]].map(({ name }) => name);

/** Columns that one dataset has and no other. */
const ownNames: ReadonlyMap<FocusDataset, ReadonlySet<string>> = new Map(
  focusDatasets.map((dataset) => {
    const others = new Set(focusDatasets.filter((one) => one !== dataset).flatMap(namesOf));
    return [dataset, new Set(namesOf(dataset).filter((name) => !others.has(name)))];
  }),
);

/** The dataset of whose own columns the header has the most. */
function datasetOf(columns: readonly string[]): FocusDataset {
  let best: FocusDataset = 'CostAndUsage';
  let most = 0;
  for (const [dataset, names] of ownNames) {
    const count = columns.filter((column) => names.has(column)).length;
    if (count > most) [best, most] = [dataset, count];
  }
  return best;
}

/** A file of 1.2 has the columns that left after it, and none of those that came. */
function versionOf(columns: readonly string[], dataset: FocusDataset): FocusVersion {
  if (dataset !== 'CostAndUsage') return '1.4';
  const named = (version: FocusVersion): Set<string> =>
    new Set(focusColumns[version].CostAndUsage.map(({ name }) => name));
  const [older, newer] = [named('1.2'), named('1.4')];
  const left = columns.filter((column) => older.has(column) && !newer.has(column)).length;
  const came = columns.filter((column) => newer.has(column) && !older.has(column)).length;
  return left > came ? '1.2' : '1.4';
}
