export { deliveredColumns } from './columns.ts';
export { readInvoiceTotals, type FocusInvoiceTotal } from './known-invoices.ts';
export { listFocusPeriods, type FocusPeriod } from './periods.ts';
export { focusFacts, focusProfile } from './profile.ts';
export { focusViews, type FocusScope, type FocusView } from './scope.ts';
export {
  focusColumns,
  focusDatasets,
  focusVersions,
  type FocusColumn,
  type FocusDataset,
  type FocusTable,
  type FocusType,
  type FocusVersion,
} from './table.ts';
export { focusTables, type FocusTables } from './tables.ts';
