import { json, listAnswer, named, type Operation } from '../../../platform/index.ts';
import { ACCOUNT, day, decimal, guid, payment, SKIP_TOKEN, text } from './schemas.ts';

const common = {
  tag: 'invoices',
  access: 'token',
  errors: ['BillingAccountNotFound'],
} as const satisfies Partial<Operation>;

const statement = named('AccountStatement', {
  type: 'object',
  required: ['accountId', 'currency', 'from', 'to', 'opening', 'items', 'closing', 'open'],
  properties: {
    accountId: guid,
    issuerId: { ...guid, description: 'To whom it owes.' },
    currency: text,
    from: day,
    to: { ...day, description: 'Exclusive.' },
    opening: { ...decimal, description: 'Owed before; below zero: to the good of the account.' },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          day,
          kind: { enum: ['invoice', 'credit-note', 'debit-note', 'payment'] },
          reference: text,
          amount: { ...decimal, description: 'Above zero where more is owed by it.' },
          balance: decimal,
        },
      },
    },
    closing: decimal,
    open: {
      type: 'array',
      description: 'What is to pay now, the earliest due first.',
      items: {
        type: 'object',
        properties: { number: text, dueDate: day, gross: decimal, open: decimal },
      },
    },
    openTotal: decimal,
  },
});

/** What the routes of payments tell of themselves. */
export const paymentOperations = {
  list: {
    ...common,
    id: 'listPayments',
    summary: 'Payments, the newest first',
    parameters: [ACCOUNT, SKIP_TOKEN],
    answers: { 200: listAnswer('A page of them.', payment) },
  },
  record: {
    ...common,
    surface: 'operator',
    id: 'recordPayment',
    summary: 'Books a payment, or takes one back',
    description:
      'Pays the invoices that are named, else those that are due first; what is left stays to the good of the account. The same reference again changes nothing. With reverses alone a payment is taken back. For the seller.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['receivedOn'],
        properties: {
          accountId: { ...guid, description: 'Who paid.' },
          amount: decimal,
          currency: { ...text, description: 'That of the account.' },
          receivedOn: day,
          reference: { ...text, maxLength: 140, description: 'Of the bank.' },
          allocations: {
            type: 'array',
            items: {
              type: 'object',
              required: ['number'],
              properties: { number: text, amount: decimal },
            },
          },
          reverses: { ...guid, description: 'The payment to take back, in place of all above.' },
        },
      }),
    },
    answers: { 200: { description: 'As it was booked.', contents: json(payment) } },
    errors: ['BillingAccountNotFound', 'PaymentInvalid'],
  },
  statement: {
    ...common,
    id: 'getAccountStatement',
    summary: 'What an account owed, was invoiced and paid',
    parameters: [
      {
        name: 'from',
        in: 'query',
        description: 'First day; 90 days before the end unless given.',
        schema: day,
      },
      {
        name: 'to',
        in: 'query',
        description: 'Day before which to end; tomorrow unless given.',
        schema: day,
      },
    ],
    answers: { 200: { description: 'It.', contents: json(statement) } },
  },
} as const satisfies Readonly<Record<string, Operation>>;
