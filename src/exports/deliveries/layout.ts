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
 *   `Costs/2026/10/stackmeter/{account}/{export}/202610-1/{ingestion}__CostAndUsage-00001.parquet`. A hub takes all files of
 *   a folder for one ingestion, which takes the place of the one before: so every partition of every export has a folder
 *   of its own, with nothing in it but costs and the manifest that starts the ingestion.
 */
export function filesOf(of: PlacedVersion): VersionPlace {
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
  const own = `stackmeter/${accountId}/${exportId}/${partition}`;
  const folder = `Costs/${year}/${month}/${own}`;
  const number = `v${padded(version, 6)}`;
  const ingestion = `${exportId}-${partition}-${number}`;
  return {
    file: (table, part) => `${folder}/${ingestion}__${table}-${padded(part, 5)}.${format}`,
    conformance: `${own}/${number}/conformance-report.json`,
    manifest: `${folder}/manifest.json`,
  };
}
