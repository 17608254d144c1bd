import { realpath } from 'node:fs/promises';
import {
  fail,
  formatWireTime,
  hourFromInstant,
  isUtcMidnight,
  meterKey,
  parseResourceUri,
  type HourNumber,
  type Instant,
  type MeterKey,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { SYSTEM } from '../../audit/index.ts';
import { openPresentHour, readStampState, type WindowTools } from '../aggregation/index.ts';
import {
  adoptDirectoryTenant,
  adoptSubscription,
  holdDirectoryVersion,
  listSubscriptions,
  tenantOfOwner,
} from '../directory/index.ts';
import type { HistoricalEvent } from '../intake/index.ts';
import { insertMeters, listMeters, type Meter } from '../meters/index.ts';
import {
  readImportFile,
  toHistoricalEvent,
  type ImportFormat,
  type Occurrences,
  type ReportedRow,
} from './files/index.ts';
import { importHistory, type ImportProgress, type ImportSummary } from './import-history.ts';

/** Files of one export of another stamp's usage. */
export interface FileImport {
  readonly paths: readonly string[];
  readonly format: ImportFormat;
  /** The reported time that the files cover, half-open: whole hours; with daily rows midnights in UTC. */
  readonly reportedStart: Instant;
  readonly reportedEnd: Instant;
  /** Under which subscriptions are made that the files name and nobody knows. */
  readonly providerSubscriptionId: SubscriptionId;
  readonly keepOpen?: boolean;
  readonly onProgress?: (progress: FileImportProgress) => void;
}

export type FileImportProgress =
  | { readonly step: 'checking'; readonly rows: number }
  | (ImportProgress & { readonly rows: number });

export interface FileImportSummary extends ImportSummary {
  /** rows of all files */
  readonly rows: number;
  readonly subscriptionsCreated: number;
  readonly metersCreated: number;
}

/** What a first reading of the files has found. */
interface Findings {
  rows: number;
  hasDailyRows: boolean;
  /** owner by subscription, the first that is named */
  readonly owners: Map<SubscriptionId, string | undefined>;
  readonly meters: Map<MeterKey, Meter>;
}

/**
 * Imports another stamp's usage from files, all of it or nothing that can be told beforehand: the files are read twice,
 * the first time only to check every row. Subscriptions and meters that nobody knows are made. Run again, it changes nothing.
 *
 * The files count as one, in the order in which they are named.
 *
 * @throws InvalidProperty for a range that is none or too long, and for a file that is named twice; ImportFormat, ImportOutsideReportedRange,
 *   ImportWindowNotBeforeFirst, ImportWindowClosed
 */
export async function importFiles(
  tools: WindowTools,
  request: FileImport,
): Promise<FileImportSummary> {
  const range = readRange(request);
  await requireDifferentFiles(request.paths);
  const found = await check(request, range);
  if (found.hasDailyRows) requireMidnights(request);
  // The first hour of this stamp bounds what may be imported, so there has to be one.
  await openPresentHour(tools);
  const state = await readStampState(tools.database.pool);
  // Before windows are opened, so that none stays open when this fails; and not for a range that will be refused.
  const created =
    state !== undefined && range.end <= state.firstHour
      ? await makeKnown(tools, request, found)
      : { subscriptionsCreated: 0, metersCreated: 0 };
  const summary = await importHistory(tools, {
    from: range.start,
    through: range.end - 1,
    records: records(request, range),
    keepOpen: request.keepOpen === true,
    onProgress: (progress) => request.onProgress?.({ ...progress, rows: found.rows }),
  });
  return { ...summary, ...created, rows: found.rows };
}

interface HourRange {
  readonly start: HourNumber;
  readonly end: HourNumber;
}

/** Ten years: every hour of the range gets a window, so that a slip of the pen must not make millions. */
const LONGEST_DAYS = 3660;

function readRange({ reportedStart, reportedEnd }: FileImport): HourRange {
  const start = wholeHour('reported start', reportedStart);
  const end = wholeHour('reported end', reportedEnd);
  if (start >= end) {
    throw invalid('reported start', reportedStart, 'it has to be before the reported end');
  }
  if (end - start > LONGEST_DAYS * 24) {
    const rule = `it is more than ${LONGEST_DAYS.toLocaleString('en')} days after the reported start ${formatWireTime(reportedStart)}; import longer histories part by part`;
    throw invalid('reported end', reportedEnd, rule);
  }
  return { start, end };
}

/** A file named twice would pass for one with a tail for each row. */
async function requireDifferentFiles(paths: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  for (const path of paths) {
    // One that cannot be found is told when it is read.
    const file = await realpath(path).catch(() => path);
    if (seen.has(file)) {
      const rule = 'it is named twice; name each file once';
      throw fail('InvalidProperty', { parameter: 'FILE', value: path, rule });
    }
    seen.add(file);
  }
}

function wholeHour(parameter: string, time: Instant): HourNumber {
  const hour = hourFromInstant(time);
  if (hour === undefined) throw invalid(parameter, time, 'it has to be a whole hour');
  return hour;
}

function requireMidnights({ reportedStart, reportedEnd }: FileImport): void {
  const rule = 'there are daily rows, and with those it has to be midnight UTC';
  if (!isUtcMidnight(reportedStart)) throw invalid('reported start', reportedStart, rule);
  if (!isUtcMidnight(reportedEnd)) throw invalid('reported end', reportedEnd, rule);
}

function invalid(parameter: string, time: Instant, rule: string): Error {
  return fail('InvalidProperty', { parameter, value: formatWireTime(time), rule });
}

async function* rowsOf(
  { paths, format }: FileImport,
  { start, end }: HourRange,
): AsyncGenerator<ReportedRow> {
  const occurrences: Occurrences = new Map();
  for (const path of paths) {
    yield* readImportFile({ path, format, reportedStart: start, reportedEnd: end, occurrences });
  }
}

const TOLD_EVERY_ROWS = 1000;

async function check(request: FileImport, range: HourRange): Promise<Findings> {
  const found: Findings = { rows: 0, hasDailyRows: false, owners: new Map(), meters: new Map() };
  for await (const row of rowsOf(request, range)) {
    found.rows += 1;
    if (row.granularity === 'Daily') found.hasDailyRows = true;
    if (found.owners.get(row.subscriptionId) === undefined) {
      found.owners.set(row.subscriptionId, row.owner);
    }
    const key = meterKey(row.meterId);
    if (!found.meters.has(key)) found.meters.set(key, meterOf(row));
    if (found.rows % TOLD_EVERY_ROWS === 0) {
      request.onProgress?.({ step: 'checking', rows: found.rows });
    }
  }
  return found;
}

/** A meter as the row tells of it; its unit is not told. */
function meterOf({ meterId, meterName, resourceUri }: ReportedRow): Meter {
  const resourceProvider = parseResourceUri(resourceUri)?.provider ?? '';
  return {
    id: meterId,
    name: meterName ?? meterId,
    unit: 'unknown',
    unitKind: 'other',
    resourceProvider,
    category: resourceProvider,
    origin: 'operator',
  };
}

async function makeKnown(
  { database, clock }: WindowTools,
  { providerSubscriptionId }: FileImport,
  { owners, meters }: Findings,
): Promise<Pick<FileImportSummary, 'subscriptionsCreated' | 'metersCreated'>> {
  return database.transaction(
    async (tx) => {
      await holdDirectoryVersion(tx);
      const subscriptions = new Set((await listSubscriptions(tx)).map((one) => one.subscriptionId));
      const known = new Set((await listMeters(tx)).map((meter) => meterKey(meter.id)));
      let subscriptionsCreated = 0;
      for (const [subscriptionId, owner = ''] of owners) {
        if (subscriptions.has(subscriptionId)) continue;
        const tenant = tenantOfOwner(owner);
        await adoptDirectoryTenant(tx, tenant, { clock, actor: SYSTEM });
        const created = await adoptSubscription(tx, clock, {
          subscriptionId,
          displayName: owner === '' ? subscriptionId : owner,
          owner,
          tenantId: tenant.tenantId,
          delegatedProviderSubscriptionId: providerSubscriptionId,
          offerId: undefined,
          routingResourceManagerType: 'Default',
          state: 'Enabled',
          origin: 'imported',
          createdAt: clock.now(),
        });
        if (created) subscriptionsCreated += 1;
      }
      const unknown = [...meters].filter(([key]) => !known.has(key)).map(([, meter]) => meter);
      const metersCreated = unknown.length === 0 ? 0 : await insertMeters(tx, unknown);
      return { subscriptionsCreated, metersCreated };
    },
    { retry: true },
  );
}

async function* records(request: FileImport, range: HourRange): AsyncGenerator<HistoricalEvent> {
  for await (const row of rowsOf(request, range)) yield toHistoricalEvent(row);
}
