import type { Instant } from '../../kernel/index.ts';
import type { Reach } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import type { ExportFormat } from '../formats/index.ts';
import type { FocusView } from '../focus/index.ts';

export const exportDatasets = ['focus-1.4', 'focus-1.2', 'usage-summary', 'journal'] as const;
export type ExportDataset = (typeof exportDatasets)[number];
export const exportLayouts = ['plain', 'finops-hub'] as const;
export type ExportLayout = (typeof exportLayouts)[number];
export const exportDeliveries = ['overwrite', 'new-version'] as const;
export type ExportDelivery = (typeof exportDeliveries)[number];
export const exportSchedules = ['none', 'daily', 'monthly'] as const;
export type ExportSchedule = (typeof exportSchedules)[number];
export const exportGranularities = ['hourly', 'daily'] as const;
export type ExportGranularity = (typeof exportGranularities)[number];
export const exportStates = ['Enabled', 'Disabled'] as const;

/** Which rows, and how they are written down. */
export interface ExportSubject {
  readonly exportId: string;
  readonly accountId: AccountId;
  readonly name: string;
  readonly view: FocusView;
  readonly dataset: ExportDataset;
  readonly format: ExportFormat;
  readonly layout: ExportLayout;
  readonly delivery: ExportDelivery;
  /** Of a usage summary. */
  readonly granularity: ExportGranularity;
}

/** A bucket without its secret key. */
export interface StoreAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
}

export type ExportDestination =
  { readonly kind: 'folder'; readonly path: string } | ({ readonly kind: 's3' } & StoreAddress);

/** An export that is kept, and done again. */
export interface ExportDefinition extends ExportSubject {
  readonly destination: ExportDestination;
  /** How far it may lie: only the operator sends files into the operator's network. */
  readonly reach: Reach;
  /** Of a bucket; never told. */
  readonly secret: string | undefined;
  readonly schedule: ExportSchedule;
  readonly state: (typeof exportStates)[number];
  readonly nextRunAt: Instant | undefined;
  readonly createdAt: Instant;
}

/** As answers and commands have it: without the secret. */
export function toWireExport(one: ExportDefinition): Readonly<Record<string, unknown>> {
  const { secret: _, reach: _reach, nextRunAt, createdAt, granularity, ...rest } = one;
  return {
    ...rest,
    ...(one.dataset === 'usage-summary' && { granularity }),
    ...(nextRunAt !== undefined && { nextRunAt: nextRunAt.toString() }),
    createdAt: createdAt.toString(),
  };
}

/** Hours after midnight UTC at which scheduled exports begin: usage of the day before is in by then. */
const HOUR_OF_RUN = 3;

/** When a schedule comes next, after a time. */
export function nextRunOf(schedule: ExportSchedule, after: Instant): Instant | undefined {
  if (schedule === 'none') return undefined;
  const at = after.toZonedDateTimeISO('UTC');
  const midnight = at.startOfDay();
  const first = schedule === 'daily' ? midnight : midnight.with({ day: 1 });
  const due = first.add({ hours: HOUR_OF_RUN });
  const step = schedule === 'daily' ? { days: 1 } : { months: 1 };
  const next = Temporal.ZonedDateTime.compare(due, at) > 0 ? due : due.add(step);
  return next.toInstant();
}
