import type { ExportFormat } from '../formats/index.ts';
import type { ExportLayout } from './export.ts';

/** Where the files of a version are put. */
export interface VersionPlace {
  /** @param part from 1 */
  file(table: string, part: number): string;
  readonly conformance: string;
  /** Written last of all. */
  readonly manifest: string;
}

/** Which version of what. */
export interface PlacedVersion {
  readonly layout: ExportLayout;
  readonly isOverwriting: boolean;
  readonly format: ExportFormat;
  readonly exportId: string;
  readonly accountId: string;
  readonly partition: string;
  readonly version: number;
}

const padded = (number: number, digits: number): string => number.toString().padStart(digits, '0');

/**
 * Each version has files of its own, so that those that a manifest names never change under a reader.
 *
 * - plain: `202610-1/v000001/CostAndUsage-00001.parquet`; the manifest stands in `202610-1` where versions take each
 *   other's place, otherwise beside its files.
 * - finops-hub: as FinOps hubs look for it in their container `ingestion`:
 *   `Costs/2026/10/billingAccounts/{id}/{ingestion}__CostAndUsage-00001.parquet`.
 */
export function placeOf(of: PlacedVersion): VersionPlace {
  return of.layout === 'plain' ? plainPlace(of) : hubPlace(of);
}

function plainPlace({ isOverwriting, format, partition, version }: PlacedVersion): VersionPlace {
  const folder = `${partition}/v${padded(version, 6)}`;
  return {
    file: (table, part) => `${folder}/${table}-${padded(part, 5)}.${format}`,
    conformance: `${folder}/conformance-report.json`,
    manifest: `${isOverwriting ? partition : folder}/manifest.json`,
  };
}

/** The name of a period begins with its month. */
const MONTH = /^([0-9]{4})([0-9]{2})/;

function hubPlace({
  format,
  exportId,
  accountId,
  partition,
  version,
}: PlacedVersion): VersionPlace {
  const [, year, month] = MONTH.exec(partition) ?? [];
  if (year === undefined || month === undefined) {
    throw new RangeError(`${partition} has no month to be filed under`);
  }
  const folder = `Costs/${year}/${month}/billingAccounts/${accountId}`;
  const ingestion = `${exportId}-${partition}-v${padded(version, 6)}`;
  return {
    file: (table, part) => `${folder}/${ingestion}__${table}-${padded(part, 5)}.${format}`,
    conformance: `${folder}/${ingestion}__conformance-report.json`,
    manifest: `${folder}/manifest.json`,
  };
}
