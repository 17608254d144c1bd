import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  dayNumber,
  dayOfHour,
  Decimal,
  hourNumber,
  parseCurrency,
  type Currency,
  type HourNumber,
  type SubscriptionId,
} from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import { SYSTEM } from '../audit/index.ts';
import type { Changing } from '../identity/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  putAccount,
  setLogo,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
} from '../commerce/accounts/index.ts';
import {
  ensureSamplePriceList,
  ensureTaxTable,
  SAMPLE_ID,
  setExchangeRate,
  setTaxRate,
} from '../commerce/pricing/index.ts';
import type { DemoTools } from './stamp.ts';

/** Invoices of a month are drafts for the month that follows. */
const REVIEW_DAYS = 30;
const WAIT_HOURS = 2;
/** Euros for a dollar; a figure of the demo, not of a day. */
const RATE = decimal('0.92');
const STANDARD_TAX = decimal('20');

/** Who of the demo buys what below whom. */
export interface DemoSubscriptions {
  /** The partner's own: usage of directories that are not mapped is on it. */
  readonly base: SubscriptionId;
  readonly harbour: SubscriptionId;
  readonly alpine: SubscriptionId;
}

/**
 * Who is billed in the demo: an operator in France sells at the sample prices to a partner in Germany, who sells to two
 * customers with a markup of its own on each. Done once, before anything is rated.
 */
export async function billDemo(
  { server, clock }: DemoTools,
  subscriptions: DemoSubscriptions,
  from: HourNumber,
): Promise<void> {
  const changing: Changing = { clock, actor: SYSTEM };
  const logo = await readFile(join(import.meta.dirname, 'logo.png'));
  await server.database.transaction(async (tx) => {
    await ensureSamplePriceList(tx, clock);
    await ensureTaxTable(tx, clock);
    await ensureBillingAccounts(tx, clock);
    await enterRates(tx, from, changing);
    const { root } = await readAccountTree(tx);
    await putAccount(tx, { accountId: root.accountId, ...PROVIDER }, changing);
    await setLogo(tx, root.accountId, logo, changing);
    const partner = await become(tx, subscriptions.base, PARTNER, changing);
    const harbour = { ...HARBOUR, parentId: partner };
    const alpine = { ...ALPINE, parentId: partner };
    await buyAt(tx, partner, { priceListId: SAMPLE_ID }, changing);
    await setLogo(tx, partner, logo, changing);
    for (const [id, account, percent] of [
      [subscriptions.harbour, harbour, '12'],
      [subscriptions.alpine, alpine, '18.5'],
    ] as const) {
      const customer = await become(tx, id, account, changing);
      await buyAt(tx, customer, { markupPercent: decimal(percent) }, changing);
    }
  });
}

type Fields = Omit<AccountChange, 'accountId'>;

const CALENDAR = { waitHours: WAIT_HOURS, reviewDays: REVIEW_DAYS } as const;

const PROVIDER = {
  name: 'Nimbus Operations SAS',
  street: '12 quai des Docks',
  city: 'Lille',
  postalCode: '59000',
  country: 'FR',
  taxId: 'FR40303265045',
  registrationId: '303265045',
  email: 'billing@nimbus-operations.example',
  iban: 'FR7630006000011234567890189',
  seriesPrefix: 'NIM',
  currency: currency('EUR'),
} as const satisfies Fields;

const PARTNER = {
  ...CALENDAR,
  kind: 'partner',
  name: 'Meridian Cloud GmbH',
  street: 'Hafenstrasse 8',
  city: 'Hamburg',
  postalCode: '20457',
  country: 'DE',
  taxId: 'DE136695976',
  email: 'rechnung@meridian-cloud.example',
  iban: 'DE89370400440532013000',
  seriesPrefix: 'MER',
  currency: currency('EUR'),
  timeZone: 'Europe/Berlin',
} as const satisfies Fields;

const HARBOUR = {
  ...CALENDAR,
  name: 'Harbour Logistics BV',
  street: 'Maasboulevard 100',
  city: 'Rotterdam',
  postalCode: '3063 NS',
  country: 'NL',
  taxId: 'NL004495445B01',
  email: 'invoices@harbour-logistics.example',
  buyerReference: 'PO-4100',
  currency: currency('EUR'),
  timeZone: 'Europe/Amsterdam',
} as const satisfies Fields;

const ALPINE = {
  ...CALENDAR,
  name: 'Cliniques des Alpes SA',
  street: '5 avenue du Mont-Blanc',
  city: 'Chamonix',
  postalCode: '74400',
  country: 'FR',
  taxId: 'FR83404833048',
  email: 'factures@alpine-clinics.example',
  buyerReference: 'Klinik-7',
  currency: currency('EUR'),
  language: 'fr',
  timeZone: 'Europe/Paris',
} as const satisfies Fields;

async function enterRates(tx: Tx, from: HourNumber, changing: Changing): Promise<void> {
  const rate = {
    from: currency('USD'),
    to: currency('EUR'),
    // A day before the first usage: in zones east of Greenwich the period begins on it.
    day: dayNumber(dayOfHour(from) - 1),
    rate: RATE,
    source: 'demo',
  };
  await setExchangeRate(tx, rate, changing);
  const since = { fromDay: dayNumber(0) } as const;
  for (const seller of ['FR', 'DE']) {
    const abroad = {
      sellerCountry: seller,
      buyerCountry: '*',
      businessOnly: true,
      category: 'AE',
      percent: Decimal.zero,
      reason: 'Reverse charge',
    } as const;
    const home = { ...abroad, buyerCountry: seller, businessOnly: false, reason: undefined };
    await setTaxRate(tx, { ...since, ...abroad }, changing);
    const standard = { ...home, category: 'S', percent: STANDARD_TAX } as const;
    await setTaxRate(tx, { ...since, ...standard }, changing);
  }
}

/** The account that a subscription has, made what the demo wants it to be. */
async function become(
  tx: Tx,
  subscriptionId: SubscriptionId,
  fields: Fields,
  changing: Changing,
): Promise<AccountId> {
  const account = await findAccountBySubscription(tx, subscriptionId);
  if (account === undefined) throw new Error(`${subscriptionId} has no billing account`);
  await putAccount(tx, { ...fields, accountId: account.accountId }, changing);
  return account.accountId;
}

async function buyAt(
  tx: Tx,
  accountId: AccountId,
  basis: Parameters<typeof setPricing>[2],
  changing: Changing,
): Promise<void> {
  const options = { correctPast: false, ratedUpTo: undefined };
  await setPricing(tx, accountId, basis, hourNumber(0), options, changing);
}

function decimal(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(`${text} is no decimal`);
  return number;
}

function currency(code: string): Currency {
  const found = parseCurrency(code);
  if (found === undefined) throw new TypeError(`${code} is no currency`);
  return found;
}
