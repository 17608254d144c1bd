export { advanceBilling, type BillingReport } from './advance/advance.ts';
export { verifyInvoices, type InvoiceDifference, type InvoiceVerdict } from './check/verify.ts';
export { parseLocalDay } from './dates.ts';
export {
  documentKinds,
  listDocumentProblems,
  readDocument,
  type DocumentKind,
  type StoredDocument,
} from './documents/document-store.ts';
export { renderDueDocuments, type RenderReport } from './documents/render-due.ts';
export { explainInvoiceLine } from './explain/explain-line.ts';
export type {
  LineExplanation,
  RecordsOf,
  RowRecords,
  TermExplanation,
  UsageExplanation,
} from './explain/explanation.ts';
export { readExplainedDay } from './explain/routes.ts';
export { toWireExplanation } from './explain/wire.ts';
export { invoicingRoutes, type InvoicingApi } from './http/routes.ts';
export type { FullInvoice, Invoice, InvoiceKind, KeptInvoice } from './invoice.ts';
export type { InvoiceDraft } from './issue/draft.ts';
export { setHold } from './issue/hold.ts';
export { issueInvoice, issueNote, previewInvoice } from './issue/issue.ts';
export { voidInvoice } from './issue/void.ts';
export type { InvoiceLine } from './line.ts';
export { registerInvoicingMetrics } from './metrics.ts';
export type { Payment } from './payments/payment.ts';
export { listPayments } from './payments/payment-store.ts';
export { recordPayment, reversePayment, toWirePayment } from './payments/record.ts';
export { remindOverdue } from './payments/reminders.ts';
export { statementOf, toWireStatement, type AccountStatement } from './payments/statement.ts';
export { listProblems, type BillingProblem } from './problems.ts';
export {
  findInvoice,
  fullInvoice,
  keptInvoice,
  linesOfInvoice,
  listInvoices,
  type InvoiceFilter,
} from './store.ts';
export { toWireDraft, toWireInvoice, toWireLine, toWireProblem, toWireTaxes } from './wire.ts';
