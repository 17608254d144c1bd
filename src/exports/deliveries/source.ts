import type { Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { TableColumn, TableRow } from '../formats/index.ts';
import type { ExportSubject } from './export.ts';

/** A part of the data that is delivered by itself, and takes the place of the one before by itself. */
export interface Partition {
  readonly name: string;
  /** Whether nothing about it will change. */
  readonly isClosed: boolean;
  /** Changes when a closed partition has changed after all. */
  readonly mark: string;
}

/** A table to be written. */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** CSV has all fields in quotes. */
  readonly isQuoted?: boolean;
  rows(): AsyncIterable<TableRow>;
}

/** The tables of a partition, and what is to be said of them. */
export interface SourceTables {
  readonly focusVersion: string | undefined;
  /** Who makes the data. */
  readonly generator: string;
  readonly tables: readonly SourceTable[];
  /**
   * What the rows come to, once they have been written: part of the manifest.
   *
   * @throws ExportRowsDiffer where they do not come to what they should
   */
  summary(): Promise<Readonly<Record<string, unknown>>>;
  /** A report that goes along, if there is one. */
  conformance?(): Promise<string>;
}

/** Where the rows of a dataset come from. */
export interface ExportSource {
  /** The oldest first. */
  partitions(db: Queryable, subject: ExportSubject, now: Instant): Promise<Partition[]>;
  /** @param tx of one moment, and read only */
  open(tx: Tx, subject: ExportSubject, partition: Partition): Promise<SourceTables>;
}
