export { emitEvents, type EmitResult, type EmitterTarget } from './http-emitter.ts';
export {
  importFiles,
  type FileImport,
  type FileImportProgress,
  type FileImportSummary,
} from './import-file.ts';
export {
  importHistory,
  type HistoryImport,
  type ImportProgress,
  type ImportSummary,
} from './import-history.ts';
export {
  recordsReportedIn,
  simulatedStamp,
  toCloudEvent,
  type EmittedRecord,
  type SimulatedStamp,
  type UsageCloudEvent,
} from './simulator/index.ts';
