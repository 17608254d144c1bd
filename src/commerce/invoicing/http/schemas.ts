import {
  named,
  plainSchemas,
  type OperationParameter,
  type Schema,
} from '../../../platform/index.ts';
import { invoiceKinds } from '../invoice.ts';

export const { text, guid, time, decimal } = plainSchemas;
export const day: Schema = { type: 'string', format: 'date' };
export const count: Schema = { type: 'integer', minimum: 0 };
const kind: Schema = { enum: [...invoiceKinds] };
const category: Schema = { enum: ['S', 'Z', 'E', 'AE', 'G', 'O'] };

const party: Schema = {
  type: 'object',
  description: 'As it was when the invoice was issued.',
  required: ['accountId', 'name', 'country'],
  properties: {
    accountId: guid,
    name: text,
    street: text,
    street2: text,
    city: text,
    postalCode: text,
    region: text,
    country: text,
    taxId: text,
    registrationId: text,
    email: text,
    phone: text,
  },
};

const tax: Schema = {
  type: 'object',
  required: ['category', 'percent', 'base', 'amount'],
  properties: { category, percent: decimal, base: decimal, amount: decimal, reason: text },
};
const taxes: Schema = { type: 'array', items: tax };

const figures = {
  currency: text,
  net: decimal,
  tax: decimal,
  gross: { ...decimal, description: 'What is to pay; of a credit note what is given back.' },
};

export const invoice = named('Invoice', {
  type: 'object',
  required: [
    'number',
    'kind',
    'accountId',
    'issuerId',
    'issueDate',
    'currency',
    'net',
    'gross',
    'open',
  ],
  properties: {
    number: { ...text, examples: ['ACME-2026-000017'] },
    kind,
    accountId: { ...guid, description: 'The buyer.' },
    issuerId: { ...guid, description: 'The seller.' },
    period: {
      type: 'object',
      description: 'Days are inclusive.',
      properties: { name: text, start: day, end: day },
    },
    issueDate: { ...day, description: 'In the time zone of the account.' },
    dueDate: day,
    issuedAt: time,
    ...figures,
    open: {
      ...decimal,
      description: 'What is still to be paid after payments and credit notes; 0 of a credit note.',
    },
    corrects: { ...text, description: 'Number of the invoice that it corrects.' },
    reason: text,
    seller: party,
    buyer: party,
    buyerReference: text,
    taxes: { ...taxes, description: 'Of a single invoice alone.' },
  },
});

export const line = named('InvoiceLine', {
  type: 'object',
  required: ['line', 'kind', 'description', 'quantity', 'exactAmount', 'amount'],
  properties: {
    line: { type: 'integer', minimum: 1 },
    kind: {
      enum: ['usage', 'correction', 'fee', 'discount', 'credit', 'commitment', 'cancellation'],
    },
    charge: { ...text, description: 'Number of the charge that it has some of.' },
    termId: guid,
    cancels: { type: 'integer', description: 'The line that it takes back.' },
    customerSubscriptionId: { ...guid, description: 'Of commerce, whose usage it is.' },
    subscriptionId: { ...guid, description: 'Of the stamp.' },
    meterId: text,
    description: text,
    service: text,
    unit: text,
    quantity: decimal,
    unitPrice: { ...decimal, description: 'Absent where there is no single one, as with tiers.' },
    exactAmount: { ...decimal, description: 'Before it was rounded.' },
    amount: { ...decimal, description: 'In whole minor units.' },
    taxCategory: category,
    taxPercent: decimal,
    correctsPeriod: { ...text, description: 'Name of the period that it is about.' },
  },
});

export const draft = named('InvoiceDraft', {
  type: 'object',
  required: ['kind', 'accountId', 'issuerId', 'period', 'currency', 'net', 'gross', 'lines'],
  properties: {
    kind,
    accountId: guid,
    issuerId: guid,
    period: { ...text, examples: ['202610-1'] },
    state: { enum: ['Open', 'InReview'] },
    held: { ...text, description: 'Why it is not issued by itself.' },
    ...figures,
    taxes,
    seller: party,
    buyer: party,
    lines: { type: 'array', items: line },
  },
});

export const payment = named('Payment', {
  type: 'object',
  required: ['paymentId', 'accountId', 'currency', 'amount', 'receivedOn', 'reference'],
  properties: {
    paymentId: guid,
    issuerId: { ...guid, description: 'Who was paid.' },
    accountId: guid,
    currency: text,
    amount: { ...decimal, description: 'Below zero: a payment that was taken back.' },
    receivedOn: day,
    reference: text,
    createdAt: time,
    allocations: {
      type: 'array',
      items: { type: 'object', properties: { number: text, amount: decimal } },
    },
  },
});

export const SKIP_TOKEN: OperationParameter = {
  name: '$skiptoken',
  in: 'query',
  description: 'From the nextLink of the page before.',
  schema: text,
};
export const ACCOUNT: OperationParameter = {
  name: 'account',
  in: 'query',
  description: 'Only those of this billing account.',
  schema: guid,
};
