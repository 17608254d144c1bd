export { checkFocus, type CheckOptions } from './check-focus.ts';
export { readFocusFiles, type FocusFiles } from './focus-files.ts';
export {
  describeConformance,
  type ConformanceFinding,
  type ConformanceReport,
  type DatasetConformance,
  type NotChecked,
  type RuleCounts,
} from './report.ts';
export type { Example, KnownInvoice } from './site.ts';
