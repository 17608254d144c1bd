import { setTimeout as wait } from 'node:timers/promises';
import { hourNumber, parseSubscriptionId, type SubscriptionId } from '../../src/kernel/index.ts';
import { silentLog, systemClock, type Tx } from '../../src/platform/index.ts';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  findPeriod,
  putAccount,
  readAccountChange,
  readAccountTree,
  readBasis,
  setPricing,
  type AccountId,
} from '../../src/commerce/accounts/index.ts';
import { createRenderer } from '../../src/commerce/documents/index.ts';
import {
  issueInvoice,
  issueNote,
  readDocument,
  renderDueDocuments,
  type FullInvoice,
} from '../../src/commerce/invoicing/index.ts';
import { parsePriceList, publishPriceList } from '../../src/commerce/pricing/index.ts';
import { rateAcceptedUsage } from '../../src/commerce/rating/index.ts';
import type { NewClient } from '../../src/identity/index.ts';
import type { Server } from '../../src/server/index.ts';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  newSubscriptionId,
  reportUsage,
  type UsageRow,
} from '../support/billing.ts';

/** The subscriptions of commerce that pay, by the names of their placeholders. */
export const BILLING_SUBSCRIPTIONS = {
  billingPartnerSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c01',
  billedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c02',
  otherBilledSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c03',
  manyBilledSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c04',
  unpricedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c05',
  francsSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c06',
  incompleteSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c07',
  listlessSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6c08',
} as const;

type Name = keyof typeof BILLING_SUBSCRIPTIONS;

/** Buys for a subscription and has no prices. */
const LISTLESS = '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6d01';
/** Readers of what is billed, by their names in cases. */
export const BILLING_CLIENTS: Readonly<Record<string, Omit<NewClient, 'name'>>> = {
  billingPartner: { role: 'Owner', scope: `/subscriptions/${idOf('billingPartnerSubscription')}` },
  billedCustomer: { role: 'Reader', scope: `/subscriptions/${idOf('billedSubscription')}` },
  otherBilledCustomer: {
    role: 'BillingReader',
    scope: `/subscriptions/${idOf('otherBilledSubscription')}`,
  },
};

/** Charges of the customer that has many: more than are on a page. */
export const MANY_CHARGES = 1001;
/** Machines of another one: more resources than are on a page. */
const MANY_MACHINES = 101;

/** Paid, and not in the price list. */
const TABLES = 'B4438D5D-453B-4EE1-B42A-DC72E377F1E4';
const CHANGING = { clock: systemClock, actor: SYSTEM };
const SINCE_EVER = { correctPast: true, ratedUpTo: undefined } as const;
/** What whoever issues invoices has to say of itself. */
const SELLER = { country: 'FR', registrationId: '123456789' } as const;
const SEPTEMBER = '202609-1';

const PRICES = {
  name: 'Prices on the wire',
  currency: 'USD',
  items: [
    {
      meterId: METERS.baseVm,
      price: {
        kind: 'graduated',
        tiers: [{ upTo: '100', unitPrice: '0.01' }, { unitPrice: '0.008' }],
      },
    },
    { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } },
  ],
};

/**
 * Gives a new server accounts with prices, rated usage of two months and invoices of the first: a partner with a customer
 * that buys at a markup, a customer of the provider with a debit note, one with many charges, and one for each reason why
 * a period cannot be invoiced.
 *
 * @returns the placeholders
 */
export async function writeBillingFixture({ database }: Server): Promise<Record<string, string>> {
  const room = { database, clock: systemClock, log: silentLog };
  const accounts = await addAccounts(database);
  const of = (name: Name): AccountId => accounts.get(name)!;
  const issue = async (name: Name): Promise<FullInvoice> => {
    const period = await findPeriod(database.pool, of(name), SEPTEMBER);
    return keepBack(database, (await issueInvoice(room, period!, CHANGING, { early: true }))!);
  };
  const stamp = await addStamp(database, idOf('billingPartnerSubscription'), {
    from: hourAt('2026-09-01T00:00Z'),
  });
  const mapped = await mapCustomers(database, stamp.registration);
  await reportUsage(database, stamp, hourAt('2026-09-20T11:00Z'), september().map(mapped));
  await rateAcceptedUsage(room);
  const invoice = await issue('billedSubscription');
  const wanted: Readonly<Record<string, FullInvoice>> = {
    invoiceNumber: invoice,
    partnerInvoiceNumber: await issue('billingPartnerSubscription'),
    otherInvoiceNumber: await issue('otherBilledSubscription'),
    manyInvoiceNumber: await issue('manyBilledSubscription'),
  };
  await reportUsage(database, stamp, hourAt('2026-10-20T11:00Z'), october().map(mapped));
  await rateAcceptedUsage(room);
  const note = await issueNote(room, of('otherBilledSubscription'), CHANGING);
  await keepBack(database, note!);
  await makeDocuments(room, invoice);
  const numbers = Object.entries({ ...wanted, noteNumber: note! });
  return {
    ...BILLING_SUBSCRIPTIONS,
    ...Object.fromEntries(numbers.map(([name, { number }]) => [name, number])),
    ...Object.fromEntries([...accounts].map(([name, id]) => [accountName(name), id])),
    listlessAccount: LISTLESS,
    providerAccount: (await readAccountTree(database.pool)).root.accountId,
    billingRegistrationId: await registrationId(database, stamp.registration),
    ...(await chargesOf(database, of)),
  };
}

function idOf(name: Name): SubscriptionId {
  return parseSubscriptionId(BILLING_SUBSCRIPTIONS[name])!;
}

/** The placeholder of the account of a subscription. */
const accountName = (name: string): string => name.replace('Subscription', 'Account');

type Database = Server['database'];

/** @returns the accounts of the subscriptions */
async function addAccounts(database: Database): Promise<ReadonlyMap<Name, AccountId>> {
  for (const name of Object.keys(BILLING_SUBSCRIPTIONS) as Name[]) {
    const kind = name === 'billingPartnerSubscription' ? 'CSPSharedServices' : 'PayAsYouGo';
    const more = kind === 'PayAsYouGo' ? {} : { partnerId: 'litware' };
    await addCustomer(database, { id: idOf(name), name, kind, ...more });
  }
  return database.transaction(async (tx) => {
    await ensureBillingAccounts(tx, systemClock);
    const { content } = parsePriceList(JSON.stringify(PRICES));
    const version = { priceListId: 'wire', content: content!, sample: false, note: '' };
    const since = { effectiveFrom: hourNumber(0), ...SINCE_EVER };
    await publishPriceList(tx, { ...version, ...since }, CHANGING);
    const { root } = await readAccountTree(tx);
    await change(tx, root.accountId, { ...SELLER, name: 'Provider' });
    const accounts = new Map<Name, AccountId>();
    for (const name of Object.keys(BILLING_SUBSCRIPTIONS) as Name[]) {
      const { accountId } = (await findAccountBySubscription(tx, idOf(name)))!;
      accounts.set(name, accountId);
    }
    await describeAccounts(tx, accounts);
    return accounts;
  });
}

async function describeAccounts(tx: Tx, accounts: ReadonlyMap<Name, AccountId>): Promise<void> {
  const partner = accounts.get('billingPartnerSubscription')!;
  await change(tx, partner, { ...SELLER, kind: 'partner', seriesPrefix: 'PARTNER' });
  const enterprise = LISTLESS as AccountId;
  await change(tx, enterprise, { kind: 'enterprise', name: 'Without prices', country: 'FR' });
  for (const [name, accountId] of accounts) {
    const isBelow = name === 'billedSubscription';
    const basis = isBelow ? { markupPercent: '10' } : { priceListId: 'wire' };
    if (name !== 'incompleteSubscription') await change(tx, accountId, { country: 'FR' });
    if (isBelow) await change(tx, accountId, { parentId: partner });
    if (name === 'francsSubscription') await change(tx, accountId, { currency: 'CHF' });
    if (name === 'listlessSubscription') await change(tx, accountId, { parentId: enterprise });
    // Its enterprise buys, and is never said to have prices.
    if (name === 'listlessSubscription') continue;
    await setPricing(tx, accountId, readBasis(basis), hourNumber(0), SINCE_EVER, CHANGING);
  }
}

async function change(
  tx: Tx,
  accountId: AccountId,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  await putAccount(tx, readAccountChange(accountId, fields), CHANGING);
}

/** Maps a directory to each customer. @returns puts down by which mapping a row was booked */
async function mapCustomers(
  { pool }: Database,
  registration: number,
): Promise<(row: UsageRow) => UsageRow> {
  const { rows } = await pool.query<{ customer: SubscriptionId; mapping: number }>(
    `insert into customer_mapping (registration_number, tenant_id, customer_subscription_id, version, effective_from,
                                   etag, created_at)
     select $1, gen_random_uuid(), customer, 1, '2026-01-01', gen_random_uuid(), '2026-01-01'
     from unnest($2::uuid[]) as customer
     returning customer_subscription_id as customer, mapping`,
    [registration, Object.values(BILLING_SUBSCRIPTIONS)],
  );
  const mappings = new Map(rows.map(({ customer, mapping }) => [customer, mapping]));
  return (row) => ({ ...row, mapping: mappings.get(row.customer)! });
}

const used = (name: Name, at: string, row: Partial<UsageRow> = {}): UsageRow => ({
  customer: idOf(name),
  meterId: METERS.baseVm,
  usageHour: hourAt(at),
  quantity: '150',
  ...row,
});

function september(): UsageRow[] {
  const at = '2026-09-20T10:00Z';
  const quantity = '1.25';
  return [
    used('billedSubscription', at, { name: 'vm1' }),
    used('billedSubscription', at, { name: 'vm2', meterId: METERS.windowsVm, quantity: '2' }),
    used('otherBilledSubscription', at),
    used('unpricedSubscription', at, { meterId: TABLES }),
    used('francsSubscription', at),
    used('incompleteSubscription', at),
    used('listlessSubscription', at),
    ...Array.from({ length: MANY_CHARGES }, () =>
      used('manyBilledSubscription', at, { subscriptionId: newSubscriptionId(), quantity }),
    ),
  ];
}

function october(): UsageRow[] {
  const at = '2026-10-20T10:00Z';
  const machines = Array.from({ length: MANY_MACHINES }, (_, number) =>
    used('otherBilledSubscription', at, { name: `machine${number}`, quantity: '1' }),
  );
  const late = used('otherBilledSubscription', '2026-09-21T10:00Z', { quantity: '10' });
  return [used('billedSubscription', at, { name: 'vm1', quantity: '40' }), late, ...machines];
}

/** Documents of this one are not made while the cases run. */
async function keepBack({ pool }: Database, invoice: FullInvoice): Promise<FullInvoice> {
  await pool.query(
    `update invoice_document_due set next_attempt_at = '2999-01-01', attempts = 1, problem = 'kept back by a test'
     where invoice_id = $1`,
    [invoice.invoiceId],
  );
  return invoice;
}

/** The documents of an invoice that was kept back. */
async function makeDocuments(
  room: Parameters<typeof renderDueDocuments>[0],
  { invoiceId }: FullInvoice,
): Promise<void> {
  const { pool } = room.database;
  await pool.query(
    `update invoice_document_due set next_attempt_at = '2026-01-01' where invoice_id = $1`,
    [invoiceId],
  );
  const renderer = createRenderer({ threads: 1 });
  try {
    await renderDueDocuments(room, renderer, { atOnce: 1 });
    // The server makes what is due as well, and may have been first to begin.
    while ((await readDocument(pool, invoiceId, 'pdf')) === undefined) await wait(50);
  } finally {
    await renderer.close();
  }
}

async function registrationId({ pool }: Database, registration: number): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    'select registration_id as id from registration where registration_number = $1',
    [registration],
  );
  return rows[0]!.id;
}

/** Numbers of charges. */
async function chargesOf(
  { pool }: Database,
  of: (name: Name) => AccountId,
): Promise<Record<string, string>> {
  const chargeOf = async (name: Name, period = SEPTEMBER): Promise<string> => {
    const { rows } = await pool.query<{ charge: bigint }>(
      `select charge from charge c join billing_period p using (period) join commerce_meter m using (meter)
       where p.account_id = $1 and p.name = $2 order by m.local_meter_key <> $3, charge limit 1`,
      [of(name), period, METERS.baseVm],
    );
    return String(rows[0]!.charge);
  };
  return {
    charge: await chargeOf('billedSubscription'),
    partnerCharge: await chargeOf('billingPartnerSubscription'),
    otherCharge: await chargeOf('otherBilledSubscription'),
    octoberCharge: await chargeOf('otherBilledSubscription', '202610-1'),
  };
}
