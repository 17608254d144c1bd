import type { InvoiceData, LineData, PartyData, PeriodData, TaxData } from './invoice-data.ts';
import { elementAt, elementsAt, textAt, type XmlElement } from './xml-reader.ts';

/** Reads an invoice or a credit note of UBL, from its root. */
export function readUbl(root: XmlElement): InvoiceData {
  const isCreditNote = root.name === 'CreditNote';
  const sums = elementAt(root, 'LegalMonetaryTotal');
  const currency = textAt(root, 'DocumentCurrencyCode');
  const taxTotal = taxTotalIn(root, currency);
  const lines = elementsAt(root, isCreditNote ? 'CreditNoteLine' : 'InvoiceLine');
  const due = isCreditNote ? 'PaymentMeans/PaymentDueDate' : 'DueDate';
  return {
    specification: textAt(root, 'CustomizationID'),
    number: textAt(root, 'ID'),
    issueDate: textAt(root, 'IssueDate'),
    typeCode: textAt(root, isCreditNote ? 'CreditNoteTypeCode' : 'InvoiceTypeCode'),
    currency,
    amountCurrencies: currenciesOf(root),
    taxPointDate: textAt(root, 'TaxPointDate'),
    taxPointCode: textAt(root, 'InvoicePeriod/DescriptionCode'),
    dueDate: textAt(root, due),
    paymentTerms: textAt(root, 'PaymentTerms/Note'),
    seller: partyOf(elementAt(root, 'AccountingSupplierParty/Party')),
    buyer: partyOf(elementAt(root, 'AccountingCustomerParty/Party')),
    period: periodOf(root),
    payments: elementsAt(root, 'PaymentMeans').map((means) => ({
      code: textAt(means, 'PaymentMeansCode'),
      account: textAt(means, 'PayeeFinancialAccount/ID'),
    })),
    precedingInvoices: elementsAt(root, 'BillingReference').map((one) =>
      textAt(one, 'InvoiceDocumentReference/ID'),
    ),
    totals: {
      lines: textAt(sums, 'LineExtensionAmount'),
      allowances: textAt(sums, 'AllowanceTotalAmount'),
      charges: textAt(sums, 'ChargeTotalAmount'),
      net: textAt(sums, 'TaxExclusiveAmount'),
      tax: textAt(taxTotal, 'TaxAmount'),
      gross: textAt(sums, 'TaxInclusiveAmount'),
      prepaid: textAt(sums, 'PrepaidAmount'),
      rounding: textAt(sums, 'PayableRoundingAmount'),
      due: textAt(sums, 'PayableAmount'),
    },
    taxes: taxTotal === undefined ? [] : elementsAt(taxTotal, 'TaxSubtotal').map(taxOf),
    lines: lines.map((one) => lineOf(one, isCreditNote ? 'CreditedQuantity' : 'InvoicedQuantity')),
  };
}

/** There may be a second total, in the currency of the tax office. */
function taxTotalIn(root: XmlElement, currency: string | undefined): XmlElement | undefined {
  const all = elementsAt(root, 'TaxTotal');
  return all.find((one) => textAt(one, 'TaxAmount', 'currencyID') === currency) ?? all[0];
}

function partyOf(party: XmlElement | undefined): PartyData {
  const schemes = party === undefined ? [] : elementsAt(party, 'PartyTaxScheme');
  const isVat = (scheme: XmlElement): boolean => textAt(scheme, 'TaxScheme/ID') === 'VAT';
  return {
    name: textAt(party, 'PartyLegalEntity/RegistrationName'),
    hasAddress: party !== undefined && elementAt(party, 'PostalAddress') !== undefined,
    country: textAt(party, 'PostalAddress/Country/IdentificationCode'),
    id: textAt(party, 'PartyIdentification/ID'),
    registrationId: textAt(party, 'PartyLegalEntity/CompanyID'),
    vatId: textAt(schemes.find(isVat), 'CompanyID'),
    taxNumber: textAt(
      schemes.find((scheme) => !isVat(scheme)),
      'CompanyID',
    ),
    endpoint: textAt(party, 'EndpointID'),
    endpointScheme: textAt(party, 'EndpointID', 'schemeID'),
  };
}

function taxOf(tax: XmlElement): TaxData {
  return {
    base: textAt(tax, 'TaxableAmount'),
    amount: textAt(tax, 'TaxAmount'),
    category: textAt(tax, 'TaxCategory/ID'),
    rate: textAt(tax, 'TaxCategory/Percent'),
    reason: textAt(tax, 'TaxCategory/TaxExemptionReason'),
    reasonCode: textAt(tax, 'TaxCategory/TaxExemptionReasonCode'),
  };
}

function lineOf(line: XmlElement, quantity: string): LineData {
  const item = elementAt(line, 'Item');
  const price = elementAt(line, 'Price');
  return {
    id: textAt(line, 'ID'),
    quantity: textAt(line, quantity),
    unitCode: textAt(line, quantity, 'unitCode'),
    net: textAt(line, 'LineExtensionAmount'),
    name: textAt(item, 'Name'),
    price: textAt(price, 'PriceAmount'),
    grossPrice: textAt(price, 'AllowanceCharge/BaseAmount'),
    baseQuantity: textAt(price, 'BaseQuantity'),
    category: textAt(item, 'ClassifiedTaxCategory/ID'),
    rate: textAt(item, 'ClassifiedTaxCategory/Percent'),
    period: periodOf(line),
  };
}

function periodOf(parent: XmlElement): PeriodData | undefined {
  const period = elementAt(parent, 'InvoicePeriod');
  if (period === undefined) return undefined;
  return { start: textAt(period, 'StartDate'), end: textAt(period, 'EndDate') };
}

function currenciesOf(element: XmlElement, found = new Set<string>()): ReadonlySet<string> {
  const currency = element.attributes.get('currencyID');
  if (currency !== undefined) found.add(currency);
  for (const child of element.children) currenciesOf(child, found);
  return found;
}
