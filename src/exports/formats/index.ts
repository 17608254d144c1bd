export { PRECISION, scaleOf, type ColumnType, type TableColumn, type TableRow } from './column.ts';
export { isSafePath, writeWhole, type Destination, type NewFile } from './destination.ts';
export { folderDestination, removeFolder } from './folder.ts';
export { isStoreAddress, s3Destination, type S3Target } from './s3.ts';
export type { ByteSink } from './sink.ts';
export {
  exportFormats,
  writeTable,
  type ExportFormat,
  type WrittenFile,
  type WrittenTable,
} from './write-table.ts';
