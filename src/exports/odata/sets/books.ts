import { accountsFor, readAccountTree } from '../../../commerce/accounts/index.ts';
import { authorize, type Action } from '../../../identity/index.ts';
import type { EdmType, Property } from '../model.ts';
import type { EntitySet } from './set.ts';

/** How long one statement may read. */
const MOST_MILLISECONDS = 20_000;

/** Reads the books of every account on which the caller may do this. */
function booksFor(action: Action): EntitySet['reading'] {
  return async (database, principal, work) => {
    const accounts = accountsFor(principal, action, await readAccountTree(database.pool));
    if (accounts.length === 0) authorize(principal, action);
    return database.transaction(
      async (tx) => {
        await tx.query(`select set_config('stackmeter.feed_accounts', $1, true)`, [
          `{${accounts.map(({ accountId }) => accountId).join(',')}}`,
        ]);
        await tx.query(
          `set local role stackmeter_feed_reader; set local statement_timeout = ${MOST_MILLISECONDS};
           set local jit = off`,
        );
        return work(tx);
      },
      { readOnly: true, retry: true, isolation: 'repeatable read' },
    );
  };
}

function property(name: string, type: EdmType, description: string): Property {
  return { name, type, nullable: false, description };
}

function optional(name: string, type: EdmType, description: string): Property {
  return { name, type, nullable: true, description };
}

/** Whether a line is the first of its charge: what is paid without any quantity is with that one, as in costs. */
const IS_FIRST = `(not exists (
  select from rated_line e where e.charge = l.charge and (e.usage_day, e.resource_key) < (l.usage_day, l.resource_key)))`;

/** What accounts pay, and will pay, by resource and day. */
export const costs: EntitySet = {
  name: 'Costs',
  type: 'Cost',
  description:
    'What each account pays for what was used, by charge, UTC day and resource. Of periods that are not invoiced yet it may change.',
  key: ['ChargeId', 'UsageDate', 'ResourceKey'],
  properties: [
    property('ChargeId', 'Edm.Decimal', 'Number of the charge.'),
    property('UsageDate', 'Edm.Date', 'UTC day in which it was used.'),
    property('ResourceKey', 'Edm.Guid', 'Stands for URI, location, tags and additional info.'),
    property('AccountId', 'Edm.Guid', 'Account that pays.'),
    property('AccountName', 'Edm.String', 'Its name now.'),
    property('BillingPeriod', 'Edm.String', 'In which it was used, such as 202610-1.'),
    property('CustomerSubscriptionId', 'Edm.Guid', 'Subscription on which it is booked.'),
    property('SubscriptionId', 'Edm.Guid', 'Subscription of the stamp that used it.'),
    optional('ResourceGroup', 'Edm.String', 'As emitted.'),
    optional('ResourceName', 'Edm.String', 'Last part of the resource URI.'),
    optional('ResourceUri', 'Edm.String', 'As emitted.'),
    optional('Location', 'Edm.String', 'As emitted.'),
    optional('Tags', 'Edm.String', 'As emitted: JSON mostly.'),
    property('MeterId', 'Edm.String', 'Of commerce.'),
    property('MeterName', 'Edm.String', 'Of commerce.'),
    property('Service', 'Edm.String', 'Category of the meter.'),
    property('Unit', 'Edm.String', 'Unit of the quantity.'),
    property('Quantity', 'Edm.Decimal', 'With all digits.'),
    optional(
      'Cost',
      'Edm.Decimal',
      'Share of the charge by quantity, to 20 digits after the point; of a charge without quantity all is with its first row. None: no price.',
    ),
    property('Currency', 'Edm.String', 'Of the cost.'),
    property('Billable', 'Edm.Boolean', 'Whether it is paid for at all.'),
  ],
  from: `rated_line l
    left join charge c on c.charge = l.charge
    left join billing_account a on a.account_id = c.account_id
    left join billing_period p on p.period = c.period
    left join commerce_meter m on m.meter = c.meter
    left join reported_resource r on r.customer_subscription_id = c.customer_subscription_id
                                 and r.resource_key = l.resource_key`,
  columns: {
    ChargeId: 'l.charge',
    UsageDate: `(date '1970-01-01' + l.usage_day)`,
    ResourceKey: 'l.resource_key',
    AccountId: 'c.account_id',
    AccountName: 'a.name',
    BillingPeriod: 'p.name',
    CustomerSubscriptionId: 'c.customer_subscription_id',
    SubscriptionId: 'c.subscription_id',
    ResourceGroup: `substring(r.resource_uri from '(?i)/resourcegroups/([^/]+)')`,
    ResourceName: `substring(r.resource_uri from '[^/]*$')`,
    ResourceUri: 'r.resource_uri',
    Location: 'r.location',
    Tags: 'r.tags',
    MeterId: 'm.commerce_meter_id',
    MeterName: 'm.name',
    Service: 'm.category',
    Unit: 'm.unit',
    Quantity: 'l.quantity',
    Cost: `case when c.quantity = 0 then c.amount * ${IS_FIRST}::int
                else trim_scale(round((c.amount * l.quantity)::numeric(200, 40) / c.quantity, 20)) end`,
    Currency: 'a.currency',
    Billable: 'c.billable',
  },
  counted: { UsageDate: { sql: 'l.usage_day', unit: 'day' } },
  order: [
    { sql: 'l.charge', type: 'bigint' },
    { sql: 'l.usage_day', type: 'int' },
    { sql: 'l.resource_key', type: 'uuid' },
  ],
  sortable: false,
  looksUp: true,
  reading: booksFor('Stackmeter.Billing/charges/read'),
};

/** Invoices, credit and debit notes, as they were issued. */
export const invoices: EntitySet = {
  name: 'Invoices',
  type: 'Invoice',
  description: 'Invoices, credit notes and debit notes. Issued: they never change again.',
  key: ['Number'],
  properties: [
    property('Number', 'Edm.String', 'As printed.'),
    property('Kind', 'Edm.String', 'What it is: invoice, credit-note or debit-note.'),
    property('AccountId', 'Edm.Guid', 'Account that pays.'),
    property('AccountName', 'Edm.String', 'Its name now.'),
    property('IssuerId', 'Edm.Guid', 'Account that issued it.'),
    property('BillingPeriod', 'Edm.String', 'Such as 202610-1.'),
    property('IssueDate', 'Edm.Date', 'In the zone of the account.'),
    property('DueDate', 'Edm.Date', 'By which it is to be paid.'),
    property('Currency', 'Edm.String', 'Of the amounts.'),
    property('Net', 'Edm.Decimal', 'Before tax. Of a credit note below zero.'),
    property('Tax', 'Edm.Decimal', 'Likewise.'),
    property('Gross', 'Edm.Decimal', 'Net and tax.'),
    optional('Corrects', 'Edm.String', 'Number of the invoice that it corrects.'),
  ],
  from: `invoice i
    left join billing_account a on a.account_id = i.account_id
    left join billing_period p on p.period = i.period
    left join invoice x on x.invoice_id = i.corrects`,
  columns: {
    Number: 'i.number',
    Kind: 'i.kind',
    AccountId: 'i.account_id',
    AccountName: 'a.name',
    IssuerId: 'i.issuer_id',
    BillingPeriod: 'p.name',
    IssueDate: 'i.issue_date::date',
    DueDate: 'i.due_date::date',
    Currency: 'i.currency',
    Net: signed('net'),
    Tax: signed('tax'),
    Gross: signed('gross'),
    Corrects: 'x.number',
  },
  order: [{ sql: 'i.number', type: 'text' }],
  sortable: true,
  reading: booksFor('Stackmeter.Billing/invoices/read'),
};

/** A credit note has positive amounts on paper; in sums it takes away. */
function signed(column: string): string {
  return `case when i.kind = 'credit-note' then -i.${column} else i.${column} end`;
}

/** Lines of invoices and notes. */
export const invoiceLines: EntitySet = {
  name: 'InvoiceLines',
  type: 'InvoiceLine',
  description: 'Lines of invoices and notes. Issued: they never change again.',
  key: ['InvoiceNumber', 'Line'],
  properties: [
    property('InvoiceNumber', 'Edm.String', 'Of the invoice or note.'),
    property('Line', 'Edm.Int32', 'Counts from 1.'),
    property(
      'Kind',
      'Edm.String',
      'What it is for: usage, correction, fee, discount, credit, commitment or cancellation.',
    ),
    property('AccountId', 'Edm.Guid', 'Account that pays.'),
    property('IssueDate', 'Edm.Date', 'Of the invoice or note.'),
    property('Description', 'Edm.String', 'As printed.'),
    property('Service', 'Edm.String', 'As printed.'),
    optional('CustomerSubscriptionId', 'Edm.Guid', 'Subscription on which it is booked.'),
    optional('SubscriptionId', 'Edm.Guid', 'Subscription of the stamp that used it.'),
    optional('MeterId', 'Edm.String', 'Of commerce.'),
    property('Unit', 'Edm.String', 'Of the quantity.'),
    property('Quantity', 'Edm.Decimal', 'With all digits.'),
    optional('UnitPrice', 'Edm.Decimal', 'Where there is one price.'),
    property('Amount', 'Edm.Decimal', 'Net, rounded. Of a credit note below zero.'),
    property('Currency', 'Edm.String', 'Of the amounts.'),
    property('TaxPercent', 'Edm.Decimal', 'On the net amount.'),
  ],
  from: `invoice_line l left join invoice i on i.invoice_id = l.invoice_id`,
  columns: {
    InvoiceNumber: 'i.number',
    Line: 'l.line',
    Kind: 'l.kind',
    AccountId: 'i.account_id',
    IssueDate: 'i.issue_date::date',
    Description: 'l.description',
    Service: 'l.service',
    CustomerSubscriptionId: 'l.customer_subscription_id',
    SubscriptionId: 'l.subscription_id',
    MeterId: 'l.meter_id',
    Unit: 'l.unit',
    Quantity: 'l.quantity',
    UnitPrice: 'l.unit_price',
    Amount: `case when i.kind = 'credit-note' then -l.amount else l.amount end`,
    Currency: 'i.currency',
    TaxPercent: 'l.tax_percent',
  },
  order: [
    { sql: 'i.number', type: 'text' },
    { sql: 'l.line', type: 'int' },
  ],
  sortable: false,
  looksUp: true,
  reading: booksFor('Stackmeter.Billing/invoices/read'),
};
