import type { Currency, DayNumber, Decimal, HourNumber } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import {
  readAccountTree,
  readPricings,
  type AccountPricings,
  type AccountTree,
} from '../accounts/index.ts';
import {
  exchangeRateOn,
  findPriceListVersion,
  pinnedRates,
  type PinnedRate,
  type PriceItem,
} from '../pricing/index.ts';

/** The items of a version of a price list by id of the meter in commerce, in lower case. */
export type ItemsByMeter = ReadonlyMap<string, PriceItem>;

/** What is published never changes, so it is read once. */
export type ItemCache = Map<string, Promise<ItemsByMeter>>;

/** When which version of a price list comes into force. */
interface DatedVersion {
  readonly version: number;
  readonly effectiveFrom: HourNumber;
}

/** Who buys what at which price, as it stands in one transaction. */
export interface BillingContext {
  readonly tree: AccountTree;
  readonly pricings: AccountPricings;
  readonly versions: ReadonlyMap<string, readonly DatedVersion[]>;
  /** Of the price lists. */
  readonly currencies: ReadonlyMap<string, Currency>;
  /** Units of `to` for one of `from` on a UTC day; undefined when nobody has entered a rate. */
  readonly rateOn: (from: Currency, to: Currency, day: DayNumber) => Promise<Decimal | undefined>;
  /** The rates of exchange by which these periods have been rated so far. */
  readonly pinnedRates: (periods: readonly number[]) => Promise<PinnedRate[]>;
  readonly itemsOf: (priceListId: string, version: number) => Promise<ItemsByMeter>;
}

/**
 * @param db a transaction, of which the answers are the moment
 * @param cache of the same database
 */
export async function readBillingContext(db: Queryable, cache: ItemCache): Promise<BillingContext> {
  const tree = await readAccountTree(db);
  const pricings = await readPricings(db);
  const { rows } = await db.query<{
    id: string;
    currency: Currency;
    version: number;
    effectiveFrom: HourNumber;
  }>(
    `select price_list_id as id, currency, version, effective_from as "effectiveFrom"
     from price_list_version join price_list using (price_list_id)`,
  );
  const rates = new Map<string, Promise<Decimal | undefined>>();
  return {
    tree,
    pricings,
    versions: Map.groupBy(rows, ({ id }) => id),
    currencies: new Map(rows.map(({ id, currency }) => [id, currency])),
    rateOn: (from, to, day) => {
      const key = `${from} ${to} ${day}`;
      const known = rates.get(key) ?? exchangeRateOn(db, from, to, day);
      rates.set(key, known);
      return known;
    },
    itemsOf: (priceListId, version) => {
      const key = JSON.stringify([priceListId, version]);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const reading = readItems(db, priceListId, version);
      cache.set(key, reading);
      // What could not be read is read again the next time.
      reading.catch(() => cache.delete(key));
      return reading;
    },
    pinnedRates: (periods) => pinnedRates(db, periods),
  };
}

async function readItems(
  db: Queryable,
  priceListId: string,
  version: number,
): Promise<ItemsByMeter> {
  const found = await findPriceListVersion(db, priceListId, version);
  if (found === undefined) throw new Error(`version ${version} of ${priceListId} is missing`);
  return itemsByMeter(found.content.items);
}

export function itemsByMeter(items: readonly PriceItem[]): ItemsByMeter {
  return new Map(items.map((item) => [item.meterId.toLowerCase(), item]));
}
