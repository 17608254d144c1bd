import { Decimal, parseCurrency, parseSubscriptionId, sumOf } from '../../src/kernel/index.ts';
import type {
  InvoiceDocument,
  InvoiceDocumentLine,
  InvoiceParty,
} from '../../src/commerce/documents/index.ts';

/** A decimal of a test; throws on a text that is none. */
export function decimal(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new Error(`'${text}' is no decimal.`);
  return number;
}

export const seller: InvoiceParty = {
  id: undefined,
  name: 'Nuage & Fils SAS',
  street: '12 rue des Récollets',
  street2: 'Bâtiment B',
  city: 'Paris',
  postalCode: '75010',
  region: undefined,
  country: 'FR',
  taxId: 'FR40303265045',
  registrationId: '303265045',
  email: 'facturation@nuage.example',
  phone: '+33 1 23 45 67 89',
  logo: undefined,
};

export const buyer: InvoiceParty = {
  id: undefined,
  name: 'Müller Maschinenbau GmbH',
  street: 'Industriestraße 7',
  street2: undefined,
  city: 'Stuttgart',
  postalCode: '70565',
  region: undefined,
  country: 'DE',
  taxId: 'DE123456789',
  registrationId: undefined,
  email: 'rechnung@mueller.example',
  phone: undefined,
  logo: undefined,
};

const customer = parseSubscriptionId('5a5a5a5a-0000-4000-8000-000000000001');

const services = [
  'Azure Stack Hub - Windows VM',
  'Azure Stack Hub - Storage',
  'Azure Stack Hub - Networking',
  'Azure Stack Hub - App Service',
] as const;

/** A line of usage: 744 hours at 0.0125, which is 9.30, unless told otherwise. */
export function line(
  number: number,
  change: Partial<InvoiceDocumentLine> = {},
): InvoiceDocumentLine {
  return {
    line: number,
    kind: 'usage',
    description: `Windows VM vCPU hour, size class ${number}`,
    service: services[Math.floor((number - 1) / 50) % services.length] ?? services[0],
    unit: '1 vCPU Hour',
    quantity: decimal('744'),
    unitPrice: decimal('0.0125'),
    amount: decimal('9.3'),
    taxCategory: 'S',
    taxRate: decimal('20'),
    correctsPeriod: undefined,
    customer: undefined,
    subscriptionId: customer,
    meterId: 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
    resources: [
      {
        name: `vm-${number}`,
        resourceGroup: 'production',
        location: 'local',
        quantity: decimal('500'),
        amount: decimal('6.25'),
      },
      {
        name: '3 others',
        resourceGroup: '',
        location: '',
        quantity: decimal('244'),
        amount: decimal('3.05'),
      },
    ],
    ...change,
  };
}

/** An invoice over the lines, taxed at 20 percent where the lines say so; sums follow the lines. */
export function invoice(
  given: readonly InvoiceDocumentLine[],
  change: Partial<InvoiceDocument> = {},
): InvoiceDocument {
  const net = sumOf(given.map(({ amount }) => amount));
  const tax = net.multiply(decimal('0.2')).roundTo(2, (value, by) => (2n * value + by) / (2n * by));
  const currency = parseCurrency('EUR');
  if (currency === undefined) throw new Error('EUR is a currency.');
  return {
    kind: 'invoice',
    number: 'ACME-2026-000017',
    issueDate: '2026-11-03',
    dueDate: '2026-12-03',
    period: { start: '2026-10-01', end: '2026-10-31' },
    currency,
    language: 'en',
    seller,
    buyer,
    buyerReference: 'PO-4711',
    corrects: undefined,
    lines: given,
    taxes: [{ category: 'S', rate: decimal('20'), base: net, amount: tax, reason: undefined }],
    net,
    tax,
    gross: net.add(tax),
    payment: {
      terms: 'Payable within 30 days of the date of issue.',
      iban: 'FR7630006000011234567890189',
      bic: 'AGRIFRPP',
    },
    ...change,
  };
}

/** Lines from 1 to the number given. */
export function lines(count: number): InvoiceDocumentLine[] {
  return Array.from({ length: count }, (_, at) => line(at + 1));
}

/** The invoice with lines and breakdown of another category, on which nothing is taxed. */
export function untaxed(
  category: 'Z' | 'E' | 'AE' | 'G' | 'O',
  reason: string | undefined,
): InvoiceDocument {
  const zero = Decimal.zero;
  const all = lines(3).map((one) => ({ ...one, taxCategory: category, taxRate: zero }));
  const { net } = invoice(all);
  const taxes = [{ category, rate: zero, base: net, amount: zero, reason }];
  return invoice(all, { taxes, tax: zero, gross: net });
}
