export type {
  CorrectedPeriod,
  InvoiceDocument,
  InvoiceDocumentLine,
  InvoiceParty,
  InvoiceResource,
  InvoiceTax,
  TaxCategory,
} from './invoice-document.ts';
export { checkDocument, renderDocuments, type RenderedDocument } from './render.ts';
export { createRenderer, type Renderer } from './renderer.ts';
export { checkRules, type RuleViolation } from './rules/check.ts';
