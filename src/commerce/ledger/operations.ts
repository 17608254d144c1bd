import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { ledgerAccounts } from './entry.ts';

const { text, guid, time } = plainSchemas;
const account: Schema = { enum: [...ledgerAccounts] };
const amount: Schema = {
  type: 'string',
  description: 'Exact decimal; debits are positive, credits negative.',
};

const entry = named('LedgerEntry', {
  type: 'object',
  required: ['entry', 'book', 'kind', 'reference', 'occurredAt', 'postings'],
  properties: {
    entry: { ...text, description: 'Its number.' },
    book: { ...guid, description: 'Whose books: the account of the seller.' },
    kind: {
      enum: ['usage', 'rerating', 'invoice', 'credit-note', 'debit-note', 'payment', 'write-off'],
    },
    reference: { ...text, description: 'A rating run, the number of an invoice, or a payment.' },
    occurredAt: time,
    postings: {
      type: 'array',
      description: 'They sum to zero in each currency.',
      items: {
        type: 'object',
        required: ['account', 'party', 'currency', 'amount'],
        properties: { account, party: guid, currency: text, amount },
      },
    },
  },
});

const balance = named('LedgerBalance', {
  type: 'object',
  required: ['book', 'party', 'account', 'currency', 'balance'],
  properties: { book: guid, party: guid, account, currency: text, balance: amount },
});

const parameters: readonly OperationParameter[] = [
  {
    name: 'book',
    in: 'query',
    description: 'Id of the account whose books are read; all, for operators, unless given.',
    schema: guid,
  },
  {
    name: 'party',
    in: 'query',
    description: 'Id of the account on the other side.',
    schema: guid,
  },
];

const common = {
  tag: 'invoices',
  access: 'token',
  errors: ['BillingAccountNotFound'],
} as const satisfies Partial<Operation>;

/** What the routes of the ledger tell of themselves. */
export const ledgerOperations = {
  entries: {
    ...common,
    id: 'listLedgerEntries',
    summary: 'Entries of the ledger, the newest first',
    parameters: [
      ...parameters,
      {
        name: 'reference',
        in: 'query',
        description: 'Only those about this run, invoice or payment.',
        schema: text,
      },
      {
        name: '$skiptoken',
        in: 'query',
        description: 'From the nextLink of the page before.',
        schema: text,
      },
    ],
    answers: { 200: listAnswer('A page of them.', entry) },
  },
  balances: {
    ...common,
    id: 'listLedgerBalances',
    summary: 'What the accounts of the ledger come to; those at zero are left out',
    parameters,
    answers: {
      200: {
        description: 'By book, party, currency and account.',
        contents: json({
          type: 'object',
          required: ['value'],
          properties: { value: { type: 'array', items: balance } },
        }),
      },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
