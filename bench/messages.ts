import type { DirectoryTenantId } from '../src/kernel/index.ts';
import type { Workload } from './workload.ts';

export type ToServer =
  | { readonly kind: 'shift'; readonly ms: number }
  | { readonly kind: 'memory' }
  | { readonly kind: 'wake' }
  | { readonly kind: 'stop' };

export type FromServer =
  | {
      readonly kind: 'ready';
      readonly baseUrl: string;
      readonly caFile: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly operatorSubscription: string;
      readonly homeTenantId: DirectoryTenantId;
    }
  | { readonly kind: 'shifted' }
  | { readonly kind: 'memory'; readonly rss: number; readonly peakRss: number };

/** A stretch of records to send to `url`, and how. */
export interface SendOrder {
  readonly url: string;
  readonly ca: string;
  readonly authorization: string;
  readonly workload: Workload;
  readonly firstRecord: number;
  readonly records: number;
  readonly batch: number;
  readonly connections: number;
  /** the status that counts as taken */
  readonly expect: number;
}

export interface SendResult {
  readonly seconds: number;
  /** answers other than the one expected, by status */
  readonly unexpected: Readonly<Record<string, number>>;
  /** requests that were answered busy and sent again */
  readonly busy: number;
}

export interface ExportOrder {
  readonly data: string;
  /** reported hours, start inclusive, end exclusive */
  readonly from: number;
  readonly to: number;
  readonly operatorSubscription: string;
}

export interface ExportResult {
  readonly rows: number;
  readonly seconds: number;
  readonly peakRss: number;
}
