import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { Decimal, fail } from '../../kernel/index.ts';
import { PRECISION, scaleOf, type TableColumn, type TableRow } from './column.ts';
import type { ByteSink } from './sink.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** Rows of a group: what is held in memory at a time. */
const GROUP_ROWS = 10_000;

/**
 * Writes a table as Parquet, a group of rows at a time. Decimals have 38 digits, as many after the point as their column
 * has; times are in milliseconds and UTC; JSON is text.
 *
 * @throws ExportNumberTooLong for a decimal that has more digits: nothing is rounded
 */
export async function writeParquet(
  columns: readonly TableColumn[],
  rows: AsyncIterable<TableRow>,
  sink: ByteSink,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const writer = new ByteWriter(1 << 16);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(elementOf),
  ];
  const parquet = new ParquetWriter({
    writer,
    schema,
    createdBy: 'stackmeter',
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const readers = columns.map(readerOf);
  let held: unknown[][] = columns.map(() => []);
  let count = 0;
  const flush = async (): Promise<void> => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    await sink.write(bytes);
  };
  const endGroup = async (): Promise<void> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: held[at] ?? [] }));
    // Offset indexes of all pages are kept until the end; readers do well without.
    const plain = columnData.map((one) => ({ ...one, offsetIndex: false }));
    await parquet.write({ columnData: plain, rowGroupSize: GROUP_ROWS });
    held = columns.map(() => []);
    count = 0;
    await flush();
  };
  for await (const row of rows) {
    for (const [at, read] of readers.entries()) held[at]?.push(read(row[at] ?? null));
    count += 1;
    if (count === GROUP_ROWS) await endGroup();
  }
  if (count > 0) await endGroup();
  await parquet.finish();
  await flush();
}

function elementOf(column: TableColumn): SchemaElement {
  const { name, type } = column;
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'Decimal': {
      const scale = scaleOf(column);
      return {
        ...optional,
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        logical_type: { type: 'DECIMAL', precision: PRECISION, scale },
        precision: PRECISION,
        scale,
      };
    }
    case 'DateTime':
      return {
        ...optional,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    default:
      return {
        ...optional,
        type: 'BYTE_ARRAY',
        converted_type: 'UTF8',
        logical_type: { type: 'STRING' },
      };
  }
}

type ReadValue = (text: string | null) => unknown;

function readerOf(column: TableColumn): ReadValue {
  switch (column.type) {
    case 'Decimal':
      return (text) => (text === null ? null : unscaled(column, text));
    case 'DateTime':
      return (text) =>
        text === null ? null : BigInt(Temporal.Instant.from(text).epochMilliseconds);
    default:
      return (text) => text;
  }
}

const LIMIT = 10n ** BigInt(PRECISION);

function unscaled(column: TableColumn, text: string): bigint {
  const number = Decimal.parse(text);
  const scale = scaleOf(column);
  const value = number && number.scale <= scale ? number.unscaledAt(scale) : undefined;
  if (value === undefined || value >= LIMIT || value <= -LIMIT) {
    const before = PRECISION - scale;
    throw fail('ExportNumberTooLong', { column: column.name, value: text, before, after: scale });
  }
  return value;
}
