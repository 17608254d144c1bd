import { randomUUID } from 'node:crypto';
import { SYSTEM } from '../../../src/audit/index.ts';
import type { Changing } from '../../../src/identity/index.ts';
import {
  addTerm,
  ensureBillingAccounts,
  findAccountBySubscription,
  parseAccountId,
  putAccount,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
} from '../../../src/commerce/accounts/index.ts';
import {
  advanceBilling,
  fullInvoice,
  listInvoices,
  verifyInvoices,
  type FullInvoice,
} from '../../../src/commerce/invoicing/index.ts';
import { verifyLedger } from '../../../src/commerce/ledger/index.ts';
import {
  ensureSamplePriceList,
  parsePriceList,
  parseTerm,
  publishPriceList,
  setExchangeRate,
  setTaxRate,
} from '../../../src/commerce/pricing/index.ts';
import {
  ratedUpTo,
  rateAcceptedUsage,
  rerate,
  verifyRating,
} from '../../../src/commerce/rating/index.ts';
import {
  dayNumber,
  dayOf,
  Decimal,
  hourNumber,
  type SubscriptionId,
} from '../../../src/kernel/index.ts';
import { fixedClock, silentLog, type FixedClock } from '../../../src/platform/index.ts';
import type { BillingModel } from '../../../src/reporting/index.ts';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../support/billing.ts';
import { checkExported } from './exported.ts';
import { currencyOf, decimal } from './figures.ts';
import { withTestDatabase, type TestDatabase } from '../../support/database.ts';

export { METERS };
export { currencyOf } from './figures.ts';

/** Somebody in a story who is billed. */
export interface Party {
  readonly accountId: AccountId;
  /** Of commerce; of a customer, that on which its usage is booked. */
  readonly subscriptionId: SubscriptionId;
}

/** Usage that goes on from hour to hour. */
export interface SteadyUse {
  readonly meter: string;
  /** Times such as `2026-09-01T00:00Z`; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  /** Quantity of each hour. */
  readonly perHour: string;
  /** Name of the machine. */
  readonly name?: string;
  /** Subscription of the stamp; that of the party unless given. */
  readonly subscriptionId?: SubscriptionId;
  /** The day in which it is reported; the day of use unless given. */
  readonly reportedOn?: string;
}

type Fields = Omit<AccountChange, 'accountId' | 'kind' | 'subscriptionId' | 'parentId'>;

const NOBODY = Object.freeze({});
const DAY = 24;

/** A stamp in a story: what it has not reported yet, by the hour in which it does. */
interface Stamp {
  readonly registered: ReportingStamp;
  readonly waiting: Map<number, UsageRow[]>;
}

/** Gives the `describe` in which it is called a commerce of its own, with a clock that the story moves. */
export function withBillingStory(start: string): BillingStory {
  const test = withTestDatabase();
  return new BillingStory(test, fixedClock(Temporal.Instant.from(start)));
}

/** Commerce as stories drive it: usage as stamps report it, time, and what comes out. */
export class BillingStory {
  readonly #test: TestDatabase;
  readonly clock: FixedClock;

  constructor(test: TestDatabase, clock: FixedClock) {
    this.#test = test;
    this.clock = clock;
  }

  get database(): TestDatabase['database'] {
    return this.#test.database;
  }

  get changing(): Changing {
    return { clock: this.clock, actor: SYSTEM };
  }

  /** What the provider of this commerce is called and where it is. It charges 20 % at home in France. */
  async open(fields: Fields = NOBODY): Promise<AccountId> {
    return this.database.transaction(async (tx) => {
      await ensureSamplePriceList(tx, this.clock);
      await ensureBillingAccounts(tx, this.clock);
      const { root } = await readAccountTree(tx);
      const change = {
        accountId: root.accountId,
        name: 'Nuages du Nord SAS',
        street: '1 rue de la Paix',
        city: 'Lille',
        postalCode: '59000',
        country: 'FR',
        taxId: 'FR40303265045',
        iban: 'FR7630006000011234567890189',
        seriesPrefix: 'NDN',
        currency: currencyOf('EUR'),
        ...fields,
      };
      await putAccount(tx, change, this.changing);
      const tax = { sellerCountry: 'FR', businessOnly: false, fromDay: dayNumber(0) } as const;
      const home = { buyerCountry: 'FR', category: 'S', percent: decimal('20'), reason: undefined };
      await setTaxRate(tx, { ...tax, ...home, category: 'S' }, this.changing);
      const abroad = 'Reverse charge';
      const other = { buyerCountry: '*', percent: Decimal.zero, reason: abroad, category: 'AE' };
      await setTaxRate(tx, { ...tax, ...other, businessOnly: true, category: 'AE' }, this.changing);
      return root.accountId;
    });
  }

  /** A customer with its subscription of commerce, in France unless said otherwise. */
  async customer(name: string, fields: Fields = NOBODY, parent?: Party): Promise<Party> {
    const subscriptionId = await addCustomer(this.database, { name });
    return this.#account('customer', name, fields, { parent, subscriptionId });
  }

  /** A partner or an enterprise; it has a subscription too, by which its people get at it. */
  async group(
    kind: 'partner' | 'enterprise',
    name: string,
    fields: Fields = NOBODY,
    parent?: Party,
  ): Promise<Party> {
    const subscriptionId = await addCustomer(this.database, { name });
    const numbered = { taxId: 'FR83404833048', ...fields };
    return this.#account(kind, name, numbered, { parent, subscriptionId });
  }

  async #account(
    kind: 'customer' | 'partner' | 'enterprise',
    name: string,
    fields: Fields,
    { parent, subscriptionId }: { parent: Party | undefined; subscriptionId: SubscriptionId },
  ): Promise<Party> {
    return this.database.transaction(async (tx) => {
      const present = await findAccountBySubscription(tx, subscriptionId);
      const accountId = present?.accountId ?? parseAccountId(randomUUID())!;
      const where = { street: '2 quai du Port', city: 'Marseille', postalCode: '13002' };
      const change = {
        accountId,
        kind,
        name,
        subscriptionId,
        ...(parent && { parentId: parent.accountId }),
        ...where,
        country: 'FR',
        ...fields,
      };
      await putAccount(tx, change, this.changing);
      return { accountId, subscriptionId };
    });
  }

  /**
   * Publishes a price list.
   *
   * @param items as a file has them
   */
  async prices(
    priceListId: string,
    items: readonly object[],
    { from = '1970-01-01T00:00Z', currency = 'EUR', correctPast = false } = {},
  ): Promise<void> {
    const text = JSON.stringify({ name: priceListId, currency, items });
    const { content, problems } = parsePriceList(text);
    if (content === undefined) throw new Error(JSON.stringify(problems));
    await this.database.transaction(async (tx) => {
      const version = {
        priceListId,
        content,
        effectiveFrom: hourNumber(hourAt(from)),
        sample: false,
        note: 'of a story',
        correctPast,
        ratedUpTo: await ratedUpTo(tx),
      };
      await publishPriceList(tx, version, this.changing);
    });
  }

  /** Says at which prices an account buys: of a list, or so many percent above what its seller pays. */
  async buysAt(
    { accountId }: Party,
    basis: { readonly list: string } | { readonly markup: string },
    from = '1970-01-01T00:00Z',
  ): Promise<void> {
    const pricing =
      'list' in basis ? { priceListId: basis.list } : { markupPercent: decimal(basis.markup) };
    await this.database.transaction(async (tx) => {
      const options = { correctPast: false, ratedUpTo: await ratedUpTo(tx) };
      const hour = hourNumber(hourAt(from));
      await setPricing(tx, accountId, pricing, hour, options, this.changing);
    });
  }

  /** @param fields as a request has them */
  async term(
    { accountId }: Party,
    name: string,
    fields: Readonly<Record<string, unknown>>,
    from = '2026-09-01T00:00Z',
    to?: string,
  ): Promise<void> {
    const term = {
      name,
      definition: parseTerm(fields),
      effectiveFrom: hourNumber(hourAt(from)),
      effectiveTo: to === undefined ? undefined : hourNumber(hourAt(to)),
    };
    await this.database.transaction((tx) => addTerm(tx, accountId, term, this.changing));
  }

  /** One unit of `from` is so many of `to`, from a day on. */
  async exchangeRate(from: string, to: string, day: string, rate: string): Promise<void> {
    const entry = {
      from: currencyOf(from),
      to: currencyOf(to),
      day: dayOf(Temporal.Instant.from(`${day}T00:00Z`)),
      rate: decimal(rate),
      source: 'a story',
    };
    await this.database.transaction((tx) => setExchangeRate(tx, entry, this.changing));
  }

  /** A stamp that is registered under somebody's subscription and reports from a time on. */
  async stamp(
    base: Party,
    from: string,
    billingModel: BillingModel = 'PayAsYouUse',
  ): Promise<Stamp> {
    const windows = { from: hourAt(from), billingModel };
    const registered = await addStamp(this.database, base.subscriptionId, windows);
    return { registered, waiting: new Map() };
  }

  /** Somebody uses something on a stamp; it is reported in the last hour of a day. */
  uses({ waiting }: Stamp, { subscriptionId: customer }: Party, use: SteadyUse): void {
    const { meter: meterId, perHour: quantity, name, subscriptionId, reportedOn } = use;
    const to = hourAt(use.to);
    const fixed = reportedOn === undefined ? undefined : hourAt(`${reportedOn}T23:00Z`);
    for (let usageHour = hourAt(use.from); usageHour < to; usageHour++) {
      const reported = fixed ?? usageHour - (usageHour % DAY) + DAY - 1;
      const rows = waiting.get(reported) ?? [];
      waiting.set(reported, rows);
      rows.push({
        customer,
        meterId,
        usageHour,
        quantity,
        ...(name !== undefined && { name }),
        ...(subscriptionId !== undefined && { subscriptionId }),
      });
    }
  }

  /** The stamp reports what it has up to a time, and that there is no more of it. */
  async report({ waiting, registered }: Stamp, upTo: string): Promise<void> {
    const last = hourAt(upTo) - 1;
    const due = [...waiting.keys()].filter((hour) => hour <= last).toSorted((a, b) => a - b);
    for (const hour of due) {
      await reportUsage(this.database, registered, hour, waiting.get(hour) ?? []);
      waiting.delete(hour);
    }
    if (due.at(-1) !== last) await reportUsage(this.database, registered, last, []);
  }

  /** What the jobs of the server do, at a time: rate what was accepted, move periods on. */
  async work(at: string): Promise<void> {
    this.clock.set(Temporal.Instant.from(at));
    await rateAcceptedUsage(this);
    await advanceBilling({ database: this.database, clock: this.clock, log: silentLog });
  }

  /** Rates a range of usage anew, as after a price was corrected. */
  async rateAnew(from: string, to: string): Promise<void> {
    const range = { from: hourNumber(hourAt(from)), to: hourNumber(hourAt(to)), reason: 'a story' };
    await rerate(this, range, this.changing);
  }

  /** The documents of an account, oldest first. */
  async invoicesOf({ accountId }: Party): Promise<FullInvoice[]> {
    const { pool } = this.database;
    const found = await listInvoices(pool, { accountId, limit: 100 });
    const full = await Promise.all(found.map((one) => fullInvoice(pool, one)));
    return full.toSorted(
      (one, other) =>
        Temporal.Instant.compare(one.issuedAt, other.issuedAt) ||
        (one.number < other.number ? -1 : 1),
    );
  }

  /** What has to be true at the end of every story. */
  async checkBooks(): Promise<void> {
    const { pool } = this.database;
    const ledger = await verifyLedger(pool);
    if (!ledger.balanced)
      throw new Error(`the ledger is out of balance: ${JSON.stringify(ledger)}`);
    const rating = await verifyRating(this, {});
    if (rating.differences.length > 0) throw new Error(JSON.stringify(rating.differences));
    const invoices = await verifyInvoices(pool);
    if (invoices.differences.length > 0) throw new Error(JSON.stringify(invoices.differences));
    await checkExported(this.database);
  }
}
