import { hash } from 'node:crypto';
import {
  Decimal,
  fail,
  isJsonObject,
  parseDirectoryTenantId,
  parseMeterId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type HourNumber,
  type MeterId,
  type SubscriptionId,
} from '../kernel/index.ts';
import { parseWindowName, windowName } from './window-name.ts';

/** Most rows of a batch. */
export const BATCH_ROWS = 1000;

/** The form of batches and manifests; another one gets another number. */
export const REPORT_VERSION = 1;

/** A resource whose use is reported, with the texts as emitted, and the directory that it is for. */
export interface ReportedResource {
  readonly subscriptionId: SubscriptionId;
  /** Directory tenant of the subscription when the window was sent. */
  readonly tenantId: DirectoryTenantId;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** One row of a closed window. */
export interface ReportedRow {
  /** Which of the batch's resources. */
  readonly resource: number;
  readonly meterId: MeterId;
  /** Hour of use, hours since 1970-01-01T00:00Z. */
  readonly usageHour: number;
  /** Decimal text, no digit lost, none added. */
  readonly quantity: string;
}

/** Up to a thousand rows of one closed window. Which rows are in which batch follows from the window alone. */
export interface Batch {
  readonly window: HourNumber;
  /** 1, 2, 3 and so on. */
  readonly sequence: number;
  readonly resources: readonly ReportedResource[];
  readonly rows: readonly ReportedRow[];
}

const LONGEST_TEXT = 65_536;
/** Hours that usage can be ahead of the window that it is reported in, for clocks that differ. */
const MOST_AHEAD = 24;
/** Hours that it can be behind: ten years. */
const MOST_BEHIND = 87_660;
/**
 * A record has at most 30 digits. Spread over hours it gets six more after the point, and of sums of many there are more
 * before it.
 */
const WHOLE_DIGITS = 40;
const PLACES = 36;

/** The body of a batch as it is sent. The same batch always gives the same text. */
export function writeBatch(batch: Batch): string {
  return JSON.stringify({
    version: REPORT_VERSION,
    window: windowName(batch.window),
    sequence: batch.sequence,
    resources: batch.resources.map((one) => [
      one.subscriptionId,
      one.tenantId,
      one.resourceUri,
      one.location,
      one.tags,
      one.additionalInfo,
    ]),
    rows: batch.rows.map((row) => [row.resource, row.meterId, row.usageHour, row.quantity]),
  });
}

/** SHA-256 of the body of a batch, not compressed, in hexadecimal digits. */
export function digestOfBatch(body: string | Buffer): string {
  return hash('sha256', body);
}

/**
 * Reads the body of a batch, parsed as JSON.
 *
 * @throws InvalidReport for anything that is not as {@link writeBatch} writes it
 */
export function readBatch(body: unknown): Batch {
  if (!isJsonObject(body)) throw invalid('the body', 'has to be a JSON object');
  const { version, window, sequence, resources, rows } = body;
  if (version !== REPORT_VERSION) throw invalid('version', `has to be ${REPORT_VERSION}`);
  const hour = typeof window === 'string' ? parseWindowName(window) : undefined;
  if (hour === undefined) throw invalid('window', 'has to be an hour like 2026-11-23T10Z');
  if (!isCount(sequence)) throw invalid('sequence', 'has to be a whole number from 1 up');
  const listed = readList('resources', resources).map(readResource);
  const read = readList('rows', rows).map((row, at) => readRow(row, at, listed.length));
  for (const [at, { usageHour }] of read.entries()) checkHour(usageHour, at, hour);
  return { window: hour, sequence, resources: listed, rows: read };
}

function readList(place: string, value: unknown): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length > 0 && list.length <= BATCH_ROWS) return list;
  throw invalid(place, `has to be a list of 1 to ${BATCH_ROWS}`);
}

function readResource(value: unknown, at: number): ReportedResource {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = list.filter((text) => isText(text));
  if (list.length !== 6 || texts.length !== 6) {
    throw invalid(`resources[${at}]`, `has to be six texts of at most ${LONGEST_TEXT} characters`);
  }
  const [subscription = '', tenant = '', resourceUri = '', location = ''] = texts;
  const [tags = '', additionalInfo = ''] = texts.slice(4);
  const subscriptionId = parseSubscriptionId(subscription);
  const tenantId = parseDirectoryTenantId(tenant);
  if (subscriptionId === undefined || tenantId === undefined) {
    throw invalid(`resources[${at}]`, 'has to begin with two GUIDs');
  }
  return { subscriptionId, tenantId, resourceUri, location, tags, additionalInfo };
}

function readRow(value: unknown, at: number, resources: number): ReportedRow {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const [resource, meter, usageHour, quantity] = list;
  const meterId = typeof meter === 'string' ? parseMeterId(meter) : undefined;
  if (
    list.length !== 4 ||
    !isIndex(resource, resources) ||
    meterId === undefined ||
    !isIndex(usageHour, Number.MAX_SAFE_INTEGER) ||
    typeof quantity !== 'string' ||
    !isQuantity(quantity)
  ) {
    throw invalid(
      `rows[${at}]`,
      `has to be the number of a resource, a meter id, an hour and a quantity that is not negative, with at most ${WHOLE_DIGITS} digits before and ${PLACES} after the point`,
    );
  }
  return { resource, meterId, usageHour, quantity };
}

/** Of old usage somebody has to decide what becomes of it; from the future there is none. */
function checkHour(usageHour: number, at: number, window: number): void {
  if (usageHour <= window + MOST_AHEAD && usageHour >= window - MOST_BEHIND) return;
  throw invalid(
    `rows[${at}]`,
    `has to be of an hour at most ${MOST_AHEAD} hours after and ${MOST_BEHIND} hours before its window`,
  );
}

/** One digit and no more is what most rows have. */
function isQuantity(text: string): boolean {
  if (/^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text)) return true;
  const value = Decimal.parse(text);
  if (value === undefined || value.isNegative() || value.scale > PLACES) return false;
  return value.digits() - value.scale <= WHOLE_DIGITS;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000_000;
}

function isIndex(value: unknown, below: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < below;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT && value.isWellFormed();
}

export function invalid(place: string, rule: string): Error {
  return fail('InvalidReport', { place, rule });
}
