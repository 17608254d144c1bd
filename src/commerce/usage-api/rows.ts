import { isGuid } from '../../kernel/index.ts';
import type { PositionFields } from '../../platform/index.ts';

/** What commerce calls a meter, as of the version that applied. */
export interface RowMeter {
  readonly meterId: string;
  readonly meterName: string;
  readonly meterCategory: string;
  readonly meterSubCategory: string;
  readonly meterRegion: string;
  readonly unit: string;
}

/** The last row of a page of single resources, by key. */
export interface DetailPosition {
  /** reported hour or day of the row; of a list by usage time the usage day again */
  readonly reported: number;
  readonly usage: number;
  readonly resourceKey: string;
  /** version of a commerce meter, by number */
  readonly meter: number;
  readonly registration: number;
  /** of the stamp */
  readonly subscriptionId: string;
}

/** What one resource used of one meter in one bucket of usage time. */
export interface DetailRow extends DetailPosition, RowMeter {
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  /** decimal text, no digit lost, none added */
  readonly quantity: string;
  /** the part of it that can cost anything */
  readonly billableQuantity: string;
}

/** The last row of a page of sums, by key. */
export interface SumPosition {
  readonly usage: number;
  /** in lower case */
  readonly meterKey: string;
  readonly unit: string;
}

/** What was used of one meter in one bucket of usage time. */
export interface SumRow extends SumPosition, RowMeter {
  readonly quantity: string;
}

export function fieldsOfDetail(row: DetailPosition): PositionFields {
  return [
    row.reported,
    row.usage,
    row.resourceKey,
    row.meter,
    row.registration,
    row.subscriptionId,
  ];
}

export function detailPositionOf(fields: readonly unknown[]): DetailPosition | undefined {
  const [reported, usage, resourceKey, meter, registration, subscriptionId] = fields;
  if (typeof reported !== 'number' || typeof usage !== 'number') return undefined;
  if (typeof meter !== 'number' || typeof registration !== 'number') return undefined;
  if (typeof resourceKey !== 'string' || typeof subscriptionId !== 'string') return undefined;
  if (!isGuid(resourceKey) || !isGuid(subscriptionId)) return undefined;
  return { reported, usage, resourceKey, meter, registration, subscriptionId };
}

export function fieldsOfSum({ usage, meterKey, unit }: SumPosition): PositionFields {
  return [usage, meterKey, unit];
}

export function sumPositionOf(fields: readonly unknown[]): SumPosition | undefined {
  const [usage, meterKey, unit] = fields;
  if (typeof usage !== 'number') return undefined;
  if (typeof meterKey !== 'string' || typeof unit !== 'string') return undefined;
  return { usage, meterKey, unit };
}
