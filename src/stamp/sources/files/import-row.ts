import {
  Decimal,
  hourOf,
  isUtcMidnight,
  isWholeHour,
  NumberText,
  parseMeterId,
  parseResourceUri,
  parseSubscriptionId,
  parseWireTime,
  type ExactJson,
  type Instant,
  type MeterId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { badValue } from './text.ts';

/** One row of another stamp's usage, an hour's or a day's. */
export interface ImportRow {
  /** Counted from 1 through the file; a header does not count. */
  readonly row: number;
  readonly granularity: 'Hourly' | 'Daily';
  /** A whole hour, or midnight in UTC. */
  readonly usageStart: Instant;
  /** One hour or one day later. */
  readonly usageEnd: Instant;
  readonly subscriptionId: SubscriptionId;
  /** The subscription's owner, where the file names one. */
  readonly owner: string | undefined;
  /** Kept as in the file, like the next three. */
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  readonly meterId: MeterId;
  readonly meterName: string | undefined;
  /** Decimal text in the meter's unit, without trailing zeros. */
  readonly quantity: string;
}

/** A row's values by the names of its columns; the names are those that messages use. */
export type Values = (column: string) => ExactJson | undefined;

/** How a file names what a row needs. */
export interface Columns {
  readonly usageStart: string;
  readonly usageEnd: string;
  readonly subscription: string;
  readonly meterId: string;
  readonly quantity: string;
}

/** What says which resource was used. */
export interface Instance {
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** What a file may say besides. */
export interface Extras {
  readonly owner: string | undefined;
  readonly meterName: string | undefined;
}

const LONGEST_SHOWN = 80;

/**
 * Checks the values of one row.
 * @param uriColumn the column that the resource URI came from, for messages
 * @throws StackmeterError ImportFormat naming row, column and what is expected there
 */
export function makeImportRow(
  row: number,
  values: Values,
  columns: Columns,
  instance: Instance,
  uriColumn: string,
  extras: Extras,
): ImportRow {
  const usageStart = readTime(row, values, columns.usageStart);
  const usageEnd = readTime(row, values, columns.usageEnd);
  const granularity = granularityOf(usageStart, usageEnd);
  if (granularity === undefined) {
    throw badValue(
      row,
      columns.usageEnd,
      `usage from ${usageStart.toString()} to ${usageEnd.toString()} is neither a whole hour nor a whole day in UTC`,
    );
  }
  const subscriptionId = readSubscription(row, values, columns.subscription);
  if (parseResourceUri(instance.resourceUri)?.subscriptionId !== subscriptionId) {
    throw badValue(
      row,
      uriColumn,
      `${shown(instance.resourceUri)} is not the URI of a resource of the subscription ${subscriptionId}, such as /subscriptions/${subscriptionId}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/web01`,
    );
  }
  return {
    row,
    granularity,
    usageStart,
    usageEnd,
    subscriptionId,
    owner: extras.owner,
    resourceUri: instance.resourceUri,
    location: instance.location,
    tags: instance.tags,
    additionalInfo: instance.additionalInfo,
    meterId: readMeterId(row, values, columns.meterId),
    meterName: extras.meterName,
    quantity: readQuantity(row, values, columns.quantity),
  };
}

function granularityOf(start: Instant, end: Instant): 'Hourly' | 'Daily' | undefined {
  if (!isWholeHour(start) || !isWholeHour(end)) return undefined;
  const hours = hourOf(end) - hourOf(start);
  if (hours === 1) return 'Hourly';
  return hours === 24 && isUtcMidnight(start) ? 'Daily' : undefined;
}

function readTime(row: number, values: Values, column: string): Instant {
  const text = readText(row, values, column);
  const time = parseWireTime(text);
  if (time === undefined) {
    throw badValue(row, column, `${shown(text)} is not a time such as 2018-06-01T10:00:00+00:00`);
  }
  return time;
}

function readSubscription(row: number, values: Values, column: string): SubscriptionId {
  const text = readText(row, values, column);
  const id = parseSubscriptionId(text);
  if (id === undefined) throw badValue(row, column, `${shown(text)} is not a GUID`);
  return id;
}

function readMeterId(row: number, values: Values, column: string): MeterId {
  const text = readText(row, values, column);
  const id = parseMeterId(text);
  if (id === undefined) throw badValue(row, column, `${shown(text)} is not the id of a meter`);
  return id;
}

/** A number is taken from its text: it never becomes a binary fraction. */
function readQuantity(row: number, values: Values, column: string): string {
  const value = values(column);
  const text = value instanceof NumberText ? value.text : typeof value === 'string' ? value : '';
  const quantity = Decimal.parse(text.trim());
  if (quantity === undefined || quantity.isNegative()) {
    const found = text === '' ? shownJson(value) : shown(text);
    throw badValue(row, column, `${found} is not a number from 0 on, such as 12.5 or 1E-05`);
  }
  return quantity.toText();
}

/** A value that must be text, and there. */
export function readText(row: number, values: Values, column: string): string {
  const value = values(column);
  if (typeof value === 'string' && value !== '') return value;
  throw badValue(row, column, `${shownJson(value)} stands where text is expected`);
}

/** Text that may be missing. */
export function optionalText(values: Values, column: string): string | undefined {
  const value = values(column);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Tags or additionalInfo as text. Azure Stack writes text; public Azure writes objects, and documents show null: an object
 * becomes its JSON text, null and a missing value become empty text.
 */
export function keptText(value: ExactJson | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Names are matched without case; of two that differ in case only, the first counts. */
export function valuesOf(object: { readonly [key: string]: ExactJson }): Values {
  const byName = new Map<string, ExactJson>();
  for (const [name, value] of Object.entries(object)) {
    const lower = name.toLowerCase();
    if (!byName.has(lower)) byName.set(lower, value);
  }
  return (column) => byName.get(column.toLowerCase());
}

export function isJsonObject(
  value: ExactJson | undefined,
): value is { readonly [key: string]: ExactJson } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberText)
  );
}

function shownJson(value: ExactJson | undefined): string {
  return value === undefined || value === '' ? 'nothing' : shown(JSON.stringify(value));
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `'${text.slice(0, LONGEST_SHOWN)}...'` : `'${text}'`;
}
