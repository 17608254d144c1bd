import { minorUnitsOf, type Decimal } from '../../kernel/index.ts';
import { fixed } from './amounts.ts';
import { periodCode } from './corrected-period.ts';
import { exemptionCodes, paymentCode, typeCode, unitCode, type Syntax } from './e-invoice-codes.ts';
import { linePrice } from './e-invoice-price.ts';
import type {
  InvoiceDocument,
  InvoiceDocumentLine,
  InvoiceParty,
  InvoiceTax,
  TaxCategory,
} from './invoice-document.ts';

/** Elements by name; an attribute is `name@attribute`. What is undefined is left out. */
export interface Tree {
  [name: string]: Tree | readonly Tree[] | string;
}

type Draft = Readonly<Record<string, Tree | readonly Tree[] | string | undefined>>;

const VAT: Tree = { 'cac:TaxScheme': { 'cbc:ID': 'VAT' } };
/** The core of the European standard without any country's additions. */
const SPECIFICATION = 'urn:cen.eu:en16931:2017';

/**
 * The invoice in the terms of the European standard EN 16931, in the form that the library of electronic
 * invoices takes for both syntaxes (the names are UBL's).
 */
export function eInvoice(document: InvoiceDocument, syntax: Syntax): Tree {
  const { issueDate, currency, period } = document;
  const isOutsideTax = isOutsideScope(document);
  return tree({
    'cbc:CustomizationID': SPECIFICATION,
    'cbc:ID': document.number,
    'cbc:IssueDate': issueDate,
    'cbc:DueDate': document.dueDate,
    'cbc:InvoiceTypeCode': typeCode(document.kind, syntax),
    'cbc:DocumentCurrencyCode': currency,
    'cbc:BuyerReference': document.buyerReference,
    'cac:InvoicePeriod': { 'cbc:StartDate': period.start, 'cbc:EndDate': period.end },
    'cac:BillingReference': precedingInvoice(document.corrects, syntax),
    'cac:AccountingSupplierParty': {
      'cac:Party': party(document.seller, isOutsideTax, (scheme) => [scheme]),
    },
    'cac:AccountingCustomerParty': {
      'cac:Party': party(document.buyer, isOutsideTax, (scheme) => scheme),
    },
    'cac:Delivery': { 'cbc:ActualDeliveryDate': period.end },
    'cac:PaymentMeans': paymentMeans(document),
    'cac:PaymentTerms': { 'cbc:Note': document.payment.terms },
    ...totals(document),
    'cac:InvoiceLine': document.lines.map((line) => invoiceLine(line, document)),
  });
}

/**
 * The invoice that is corrected. In CII the library looks for its fields one level higher than it does
 * in UBL, and takes the date as it is.
 */
function precedingInvoice(
  corrects: InvoiceDocument['corrects'],
  syntax: Syntax,
): Tree[] | undefined {
  if (corrects === undefined) return undefined;
  const { number, issueDate } = corrects;
  if (syntax === 'CII')
    return [{ 'cbc:ID': number, 'cbc:IssueDate': issueDate.replaceAll('-', '') }];
  return [{ 'cac:InvoiceDocumentReference': { 'cbc:ID': number, 'cbc:IssueDate': issueDate } }];
}

/**
 * @param isOutsideTax then nobody's number for the tax is said (BR-O-02)
 * @param listed the library wants a list of numbers from the seller, a single one from the buyer
 */
function party(
  told: InvoiceParty,
  isOutsideTax: boolean,
  listed: (scheme: Tree) => Tree | Tree[],
): Tree {
  const { name, country, taxId, registrationId, email, phone, ...address } = told;
  const id = identifierOf(told, isOutsideTax);
  const vat = isOutsideTax || taxId === undefined ? undefined : taxId.replaceAll(' ', '');
  const isSiren = country === 'FR' && /^\d{9}$/.test(registrationId ?? '');
  const contact = tree({ 'cbc:Telephone': phone, 'cbc:ElectronicMail': email });
  return tree({
    'cbc:EndpointID': email,
    'cbc:EndpointID@schemeID': email === undefined ? undefined : 'EM',
    'cac:PartyIdentification': id === undefined ? undefined : listed({ 'cbc:ID': id }),
    'cac:PostalAddress': tree({
      'cbc:StreetName': address.street,
      'cbc:AdditionalStreetName': address.street2,
      'cbc:CityName': address.city,
      'cbc:PostalZone': address.postalCode,
      'cbc:CountrySubentity': address.region,
      'cac:Country': { 'cbc:IdentificationCode': country },
    }),
    'cac:PartyTaxScheme': vat === undefined ? undefined : listed({ 'cbc:CompanyID': vat, ...VAT }),
    'cac:PartyLegalEntity': tree({
      'cbc:RegistrationName': name,
      'cbc:CompanyID': registrationId,
      'cbc:CompanyID@schemeID': isSiren ? '0002' : undefined,
    }),
    'cac:Contact': Object.keys(contact).length === 0 ? undefined : contact,
  });
}

/** What identifies a side that has no number for the tax, or may not say it, and none of a register (BR-CO-26). */
export function identifierOf(
  { id, taxId, registrationId }: InvoiceParty,
  isOutsideTax: boolean,
): string | undefined {
  const hasNumber = registrationId !== undefined || (taxId !== undefined && !isOutsideTax);
  return hasNumber ? undefined : id;
}

/** Whether anything is outside the scope of the tax: then nobody's number for it is said (BR-O-02). */
export function isOutsideScope({ taxes }: Pick<InvoiceDocument, 'taxes'>): boolean {
  return taxes.some(({ category }) => category === 'O');
}

/** Where to pay to. A credit note says none, since its account is not the one that is paid. */
function paymentMeans({ kind, number, currency, payment }: InvoiceDocument): Tree[] | undefined {
  if (payment.iban === undefined || kind === 'credit-note') return undefined;
  return [
    {
      'cbc:PaymentMeansCode': paymentCode(currency),
      'cbc:PaymentID': number,
      'cac:PayeeFinancialAccount': tree({
        'cbc:ID': payment.iban.replaceAll(' ', ''),
        'cac:FinancialInstitutionBranch':
          payment.bic === undefined ? undefined : { 'cbc:ID': payment.bic },
      }),
    },
  ];
}

function totals({ taxes, net, tax, gross, currency }: InvoiceDocument): Tree {
  const money = amounts(currency);
  return {
    'cac:TaxTotal': [
      {
        ...money('cbc:TaxAmount', tax),
        'cac:TaxSubtotal': taxes.map((one) => ({
          ...money('cbc:TaxableAmount', one.base),
          ...money('cbc:TaxAmount', one.amount),
          'cac:TaxCategory': taxBreakdown(one),
        })),
      },
    ],
    'cac:LegalMonetaryTotal': {
      ...money('cbc:LineExtensionAmount', net),
      ...money('cbc:TaxExclusiveAmount', net),
      ...money('cbc:TaxInclusiveAmount', gross),
      ...money('cbc:PayableAmount', gross),
    },
  };
}

function taxBreakdown({ category, rate, reason }: InvoiceTax): Tree {
  const isTaxed = category === 'S' || category === 'Z';
  return tree({
    ...taxCategory(category, rate),
    'cbc:TaxExemptionReasonCode': exemptionCodes[category],
    'cbc:TaxExemptionReason': isTaxed ? undefined : reason,
    ...VAT,
  });
}

/** Outside the scope of the tax there is no rate, not even one of zero (BR-O-05). */
function taxCategory(category: TaxCategory, rate: Decimal): Tree {
  return tree({ 'cbc:ID': category, 'cbc:Percent': category === 'O' ? undefined : rate.toText() });
}

function invoiceLine(line: InvoiceDocumentLine, document: InvoiceDocument): Tree {
  const money = amounts(document.currency);
  const { quantity, price, baseQuantity } = linePrice(line, minorUnitsOf(document.currency));
  const unit = unitCode(line.unit);
  const isPlain = baseQuantity.toText() === '1';
  return tree({
    'cbc:ID': line.line.toString(),
    'cbc:Note': noteOf(line),
    'cbc:InvoicedQuantity': quantity.toText(),
    'cbc:InvoicedQuantity@unitCode': unit,
    ...money('cbc:LineExtensionAmount', line.amount),
    'cac:InvoicePeriod': linePeriod(line, document),
    'cac:Item': tree({
      'cbc:Description': line.service === '' ? undefined : line.service,
      'cbc:Name': line.description,
      'cac:SellersItemIdentification':
        line.meterId === undefined ? undefined : { 'cbc:ID': line.meterId },
      'cac:ClassifiedTaxCategory': { ...taxCategory(line.taxCategory, line.taxRate), ...VAT },
    }),
    'cac:Price': tree({
      ...money('cbc:PriceAmount', price),
      'cbc:BaseQuantity': isPlain ? undefined : baseQuantity.toText(),
      'cbc:BaseQuantity@unitCode': isPlain ? undefined : unit,
    }),
  });
}

/** What has no field of its own in the standard: the unit in words, and whose usage it is. */
function noteOf({ unit, customer, subscriptionId, correctsPeriod }: InvoiceDocumentLine): string {
  const said = [unit, correctsPeriod && periodCode(correctsPeriod), customer?.name, subscriptionId];
  return said.filter((text) => text !== undefined && text !== '').join('; ');
}

/** The days that a correction is about, else those of the invoice; both inclusive. */
function linePeriod({ correctsPeriod }: InvoiceDocumentLine, { period }: InvoiceDocument): Tree {
  const { start, end } = correctsPeriod ?? period;
  return { 'cbc:StartDate': start, 'cbc:EndDate': end };
}

/** Writes an amount and the currency that belongs to it. */
function amounts(currency: InvoiceDocument['currency']): (name: string, amount: Decimal) => Tree {
  const digits = minorUnitsOf(currency);
  return (name, amount) => ({ [name]: fixed(amount, digits), [`${name}@currencyID`]: currency });
}

/** Leaves out what is undefined; an empty text is left out too, since no element may be empty. */
function tree(draft: Draft): Tree {
  const said: Tree = {};
  for (const [name, value] of Object.entries(draft)) {
    if (value !== undefined && value !== '') said[name] = value;
  }
  return said;
}
