export const exportDatasets = ['focus-1.4', 'focus-1.2', 'usage-summary', 'journal'] as const;
export type ExportDataset = (typeof exportDatasets)[number];
export const exportFormats = ['csv', 'csv.gz', 'parquet', 'ndjson'] as const;
export const exportLayouts = ['plain', 'finops-hub'] as const;
export const exportDeliveries = ['overwrite', 'new-version'] as const;
export const exportSchedules = ['none', 'daily', 'monthly'] as const;
export const exportGranularities = ['hourly', 'daily'] as const;

interface StoreDestination {
  readonly kind: 's3';
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
}

export type ExportDestination =
  { readonly kind: 'folder'; readonly path: string } | StoreDestination;

/** What an export is. */
interface ExportSettings {
  readonly accountId: string;
  readonly name: string;
  readonly view: 'buying' | 'selling';
  readonly dataset: ExportDataset;
  readonly format: (typeof exportFormats)[number];
  readonly layout: (typeof exportLayouts)[number];
  readonly delivery: (typeof exportDeliveries)[number];
  readonly granularity?: (typeof exportGranularities)[number];
  readonly schedule: (typeof exportSchedules)[number];
}

/**
 * What somebody says of one. Without a folder a new one has one of its own. The key of a bucket is never answered, and
 * stays where it is not said.
 */
export interface ExportTerms extends ExportSettings {
  readonly destination?:
    | { readonly kind: 'folder'; readonly path: string }
    | (StoreDestination & { readonly secretAccessKey?: string });
}

export interface ExportDefinition extends ExportSettings {
  readonly exportId: string;
  readonly destination: ExportDestination;
  readonly state: 'Enabled' | 'Disabled';
  readonly nextRunAt?: string;
  readonly createdAt: string;
}

export interface ExportRun {
  readonly runId: string;
  readonly cause: 'schedule' | 'request';
  readonly state: 'Queued' | 'Running' | 'Succeeded' | 'Failed';
  /** Absent until it begins. */
  readonly partitions?: readonly string[];
  /** Partitions that are there. */
  readonly delivered: number;
  readonly rows: string;
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly problemCode?: string;
  readonly problem?: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
}

export interface ExportFile {
  /** By which it is downloaded. */
  readonly name: string;
  /** Below the destination. */
  readonly path: string;
  readonly table?: string;
  readonly rows: number;
  readonly bytes: number;
  /** Empty of a manifest. */
  readonly sha256: string;
}

export interface ExportRunWithFiles extends ExportRun {
  readonly files: readonly ExportFile[];
}

/** How many rules of a dataset came to what. */
export interface RuleCounts {
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
  readonly notApplicable: number;
  readonly notChecked: number;
}

/** What checking the files against the rules of FOCUS came to. */
export interface ConformanceReport {
  readonly version: string;
  readonly conforms: boolean;
  readonly datasets: readonly {
    readonly dataset: string;
    readonly isThere: boolean;
    readonly rows: number;
    readonly rules: RuleCounts;
  }[];
  readonly findings: readonly ConformanceFinding[];
  readonly notChecked: readonly {
    readonly dataset: string;
    readonly reason: string;
    readonly rules: readonly string[];
  }[];
}

export interface ConformanceFinding {
  readonly ruleId: string;
  readonly source: 'FOCUS' | 'Stackmeter';
  readonly severity: 'error' | 'warning';
  readonly dataset: string;
  readonly column?: string;
  readonly message: string;
  readonly count: number;
  readonly examples: readonly { readonly row?: number; readonly value: string | null }[];
}
