import { toWireQuantity, usageBucket } from '../../kernel/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import type { UsageRow } from './store.ts';

/** The columns of the export script, in its order. */
export const SUMMARY_COLUMNS = [
  'UsageStartTime',
  'UsageEndTime',
  'MeterName',
  'Quantity',
  'resourceType',
  'location',
  'resourceGroup',
  'resourceName',
  'subowner',
  'tags',
  'MeterId',
  'additionalInfo',
  'subscription',
  'resourceUri',
] as const;

export type SummaryRow = Readonly<Record<(typeof SUMMARY_COLUMNS)[number], string>>;

/** Names that a row has only by number. */
export interface SummaryNames {
  /** name of a meter by its id in lower case; empty when it has none */
  readonly meterName: (meterKey: string) => string;
  readonly owner: (subscriptionId: string) => string;
}

/**
 * A row as the export script prints it. The parts of the URI are taken by position, as there: segment 4 is the
 * resource group, 7 the type (one segment), 8 the name, counted from the empty one before the first slash.
 */
export function toSummaryRow(
  granularity: Granularity,
  row: UsageRow,
  names: SummaryNames,
): SummaryRow {
  const { start, end } = usageBucket(granularity, row.usage);
  const segments = row.resourceUri.split('/');
  return {
    UsageStartTime: start,
    UsageEndTime: end,
    MeterName: names.meterName(row.meterId.toLowerCase()),
    Quantity: toWireQuantity(row.quantity),
    resourceType: segments[7] ?? '',
    location: row.location,
    resourceGroup: segments[4] ?? '',
    resourceName: segments[8] ?? '',
    subowner: names.owner(row.subscriptionId),
    tags: row.tags,
    MeterId: row.meterId,
    additionalInfo: row.additionalInfo,
    subscription: row.subscriptionId,
    resourceUri: row.resourceUri,
  };
}

/** A line of CSV: every field in quotes, quotes doubled, ended by CR LF. */
export function toCsvLine(fields: readonly string[]): string {
  let line = '';
  for (const field of fields) {
    line += `${line === '' ? '' : ','}"${field.includes('"') ? field.replaceAll('"', '""') : field}"`;
  }
  return `${line}\r\n`;
}

export function summaryHeader(): string {
  return toCsvLine(SUMMARY_COLUMNS);
}

export function toSummaryCsv(row: SummaryRow): string {
  return toCsvLine(SUMMARY_COLUMNS.map((column) => row[column]));
}
