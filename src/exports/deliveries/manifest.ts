import { hash } from 'node:crypto';
import type { TableColumn } from '../formats/index.ts';
import { PRECISION, scaleOf } from '../formats/index.ts';
import type { ExportSubject } from './export.ts';

/** A file of a version. */
export interface DeliveredFile {
  readonly path: string;
  /** The table of which it is a part; other files are about all of them. */
  readonly table?: string | undefined;
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A table as the manifest tells it. */
export interface ToldTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: number;
}

/** All that a manifest says. */
export interface ManifestFacts {
  readonly subject: ExportSubject;
  readonly generator: string;
  /** Of FOCUS; undefined of what is no dataset of it. */
  readonly focusVersion: string | undefined;
  readonly partition: string;
  readonly isClosed: boolean;
  readonly version: number;
  /** Time of the run. */
  readonly createdAt: string;
  readonly tables: readonly ToldTable[];
  readonly files: readonly DeliveredFile[];
  /** What was checked and told while the rows were written. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * The manifest of a version as text: the same facts come out as the same text. Of FOCUS it has the metadata: who made
 * the data, which instances of datasets these are, their columns, and how recent they are.
 */
export function manifestText(facts: ManifestFacts): string {
  const { subject, files } = facts;
  const { exportId, name, accountId, view, dataset, format } = subject;
  const manifest = {
    manifestVersion: 1,
    export: { exportId, name, accountId, view, dataset, format, layout: subject.layout },
    partition: { name: facts.partition, state: facts.isClosed ? 'Closed' : 'Open' },
    version: facts.version,
    createdAt: facts.createdAt,
    files,
    ...facts.summary,
    ...(facts.focusVersion !== undefined && { metadata: metadataOf(facts, facts.focusVersion) }),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function metadataOf(facts: ManifestFacts, focusVersion: string): Readonly<Record<string, unknown>> {
  const { tables, createdAt, partition, isClosed, generator } = facts;
  return {
    DataGenerator: { DataGenerator: generator },
    DatasetInstance: tables.map((table) => ({
      DatasetInstanceId: instanceOf(facts, table),
      DatasetInstanceName: `${facts.subject.name} ${table.name}`,
      FocusDatasetId: table.name,
    })),
    Schema: tables.map((table) => schemaOf(facts, table, focusVersion)),
    Recency: tables.map((table) => ({
      DatasetInstanceId: instanceOf(facts, table),
      RecencyLastUpdated: createdAt,
      DatasetInstanceLastUpdated: createdAt,
      DatasetInstanceComplete: isClosed,
      x_PartitionName: partition,
    })),
  };
}

function schemaOf(
  facts: ManifestFacts,
  table: ToldTable,
  focusVersion: string,
): Readonly<Record<string, unknown>> {
  const definition = table.columns.map(columnOf);
  return {
    SchemaId: idOf(JSON.stringify([focusVersion, table.name, definition])),
    CreationDate: facts.createdAt,
    FocusVersion: focusVersion,
    DatasetInstanceId: instanceOf(facts, table),
    ColumnDefinition: definition,
  };
}

const TYPES = { String: 'STRING', Decimal: 'DECIMAL', DateTime: 'DATETIME', Json: 'JSON' } as const;

/** No tag is of the provider, so there is no prefix of one to tell. */
function columnOf(column: TableColumn): Readonly<Record<string, unknown>> {
  const isDecimal = column.type === 'Decimal';
  return {
    ColumnName: column.name,
    DataType: TYPES[column.type],
    Deprecated: false,
    ...(isDecimal && { NumericPrecision: PRECISION, NumberScale: scaleOf(column) }),
    ...(column.name === 'Tags' && { ProviderTagPrefixes: [] }),
    ...(!isDecimal && column.type !== 'DateTime' && { StringEncoding: 'UTF-8' }),
  };
}

function instanceOf({ subject }: ManifestFacts, { name }: ToldTable): string {
  return idOf(`${subject.exportId} ${name}`);
}

/** A GUID that stands for a text, always the same. */
function idOf(text: string): string {
  const digits = hash('sha256', text).slice(0, 32);
  const parts = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/.exec(digits) ?? [];
  const [, one = '', two = '', three = '', four = '', five = ''] = parts;
  return `${one}-${two}-8${three}-8${four}-${five}`;
}
