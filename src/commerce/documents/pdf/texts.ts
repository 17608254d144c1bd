import type { InvoiceDocument, TaxCategory } from '../invoice-document.ts';

/** All words of an invoice on paper that are not its data. `{x}` stands for what is filled in. */
export interface Texts {
  /** For numbers, money and dates. */
  readonly locale: string;
  readonly title: Readonly<Record<InvoiceDocument['kind'], string>>;
  readonly billedTo: string;
  readonly number: string;
  readonly issueDate: string;
  readonly dueDate: string;
  readonly period: string;
  readonly reference: string;
  readonly corrects: string;
  readonly due: Readonly<Record<InvoiceDocument['kind'], string>>;
  readonly dueBy: string;
  readonly summary: string;
  readonly service: string;
  readonly amount: string;
  readonly tax: string;
  readonly taxable: string;
  readonly rate: string;
  readonly category: Readonly<Record<TaxCategory, string>>;
  readonly net: string;
  readonly taxTotal: string;
  readonly gross: string;
  readonly payment: string;
  readonly iban: string;
  readonly bic: string;
  readonly paymentReference: string;
  readonly lines: string;
  readonly position: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  /** Of a whole month. */
  readonly correction: string;
  readonly correctionOfDays: string;
  readonly vatNumber: string;
  readonly registration: string;
  readonly page: string;
  readonly from: string;
}

const english: Texts = {
  locale: 'en-GB',
  title: { invoice: 'Invoice', 'credit-note': 'Credit note', 'debit-note': 'Debit note' },
  billedTo: 'Billed to',
  number: 'Number',
  issueDate: 'Date of issue',
  dueDate: 'Due date',
  period: 'Period',
  reference: 'Your reference',
  corrects: 'Corrects',
  due: { invoice: 'Amount due', 'credit-note': 'Amount credited', 'debit-note': 'Amount due' },
  dueBy: 'by {date}',
  summary: 'Summary',
  service: 'Service',
  amount: 'Amount ({currency})',
  tax: 'VAT',
  taxable: 'Taxable amount ({currency})',
  rate: 'Rate',
  category: {
    S: 'VAT',
    Z: 'Zero rated',
    E: 'Exempt from VAT',
    AE: 'Reverse charge',
    G: 'Export',
    O: 'Outside the scope of VAT',
  },
  net: 'Total without VAT',
  taxTotal: 'VAT',
  gross: 'Total',
  payment: 'Payment',
  iban: 'IBAN',
  bic: 'BIC',
  paymentReference: 'Reference',
  lines: 'Details',
  position: 'No.',
  description: 'Description',
  quantity: 'Quantity',
  unitPrice: 'Unit price',
  correction: 'Correction for {period}',
  correctionOfDays: 'Correction for {start} to {end}',
  vatNumber: 'VAT number {number}',
  registration: 'Registration {number}',
  page: '{page} / {pages}',
  from: '{start} to {end}',
};

const french: Texts = {
  locale: 'fr-FR',
  title: { invoice: 'Facture', 'credit-note': 'Avoir', 'debit-note': 'Note de débit' },
  billedTo: 'Facturé à',
  number: 'Numéro',
  issueDate: 'Date d’émission',
  dueDate: 'Échéance',
  period: 'Période',
  reference: 'Votre référence',
  corrects: 'Rectifie',
  due: {
    invoice: 'Montant à payer',
    'credit-note': 'Montant crédité',
    'debit-note': 'Montant à payer',
  },
  dueBy: 'au plus tard le {date}',
  summary: 'Récapitulatif',
  service: 'Service',
  amount: 'Montant ({currency})',
  tax: 'TVA',
  taxable: 'Base imposable ({currency})',
  rate: 'Taux',
  category: {
    S: 'TVA',
    Z: 'Taux zéro',
    E: 'Exonéré de TVA',
    AE: 'Autoliquidation',
    G: 'Exportation',
    O: 'Hors champ de la TVA',
  },
  net: 'Total HT',
  taxTotal: 'TVA',
  gross: 'Total TTC',
  payment: 'Règlement',
  iban: 'IBAN',
  bic: 'BIC',
  paymentReference: 'Référence',
  lines: 'Détail',
  position: 'N°',
  description: 'Désignation',
  quantity: 'Quantité',
  unitPrice: 'Prix unitaire',
  correction: 'Rectification pour {period}',
  correctionOfDays: 'Rectification pour la période du {start} au {end}',
  vatNumber: 'N° de TVA {number}',
  registration: 'Immatriculation {number}',
  page: '{page} / {pages}',
  from: 'du {start} au {end}',
};

/** The words by language. */
export const texts: Readonly<Record<InvoiceDocument['language'], Texts>> = {
  en: english,
  fr: french,
};

/** Puts values in the places of a text. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
