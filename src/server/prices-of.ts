import {
  dayOfHour,
  Decimal,
  hourNumber,
  hourOf,
  type HourNumber,
  type SubscriptionId,
} from '../kernel/index.ts';
import {
  ensurePeriods,
  findAccountBySubscription,
  listTerms,
  pricingSegments,
  readAccountTree,
  readPricings,
  salesOf,
  type BillingAccount,
} from '../commerce/accounts/index.ts';
import {
  datedVersions,
  exchangeRateOn,
  findPriceListVersion,
  pinnedRates,
  type PricesInForce,
} from '../commerce/pricing/index.ts';
import type { Ground } from './wing.ts';

/**
 * At which prices a subscription buys at present; undefined when no price list is set for it. Of price lists the one
 * version that is in force is read.
 */
export async function pricesOf(
  { database, clock }: Pick<Ground, 'database' | 'clock'>,
  subscriptionId: SubscriptionId,
): Promise<PricesInForce | undefined> {
  return database.transaction(async (tx) => {
    const account = await findAccountBySubscription(tx, subscriptionId);
    if (account === undefined) return undefined;
    const tree = await readAccountTree(tx);
    const [sale] = salesOf(tree, subscriptionId);
    const pricings = await readPricings(tx);
    if (sale === undefined) return undefined;
    const lists = [...pricings.values()].flat().flatMap(({ priceListId }) => priceListId ?? []);
    const versions = await datedVersions(tx, [...new Set(lists)]);
    const hour = hourOf(clock.now());
    const next = hourNumber(hour + 1);
    const [segment] = pricingSegments(pricings, tree, versions, sale, hour, next);
    if (segment?.priceListId === undefined) return undefined;
    const version = await findPriceListVersion(tx, segment.priceListId, segment.version);
    if (version === undefined) return undefined;
    const exchangeRate = await rateOf(tx, sale.buyer, version.content.currency, hour);
    if (exchangeRate === undefined) return undefined;
    const { factor } = segment;
    // What was agreed with an enterprise is not shown to each that it buys for.
    const isOwn = sale.buyer.subscriptionId === subscriptionId;
    const terms = isOwn ? await listTerms(tx, sale.buyer.accountId) : [];
    return { version, scale: { factor, exchangeRate }, currency: sale.buyer.currency, terms };
  });
}

/** The rate of exchange of the buyer's present period: by which it is rated already, otherwise that of its first day. */
async function rateOf(
  tx: Parameters<typeof ensurePeriods>[0],
  buyer: BillingAccount,
  currency: BillingAccount['currency'],
  hour: HourNumber,
): Promise<Decimal | undefined> {
  if (buyer.currency === currency) return Decimal.fromBigInt(1n);
  const [period] = await ensurePeriods(tx, buyer, hour, hourNumber(hour + 1));
  if (period === undefined) return undefined;
  const pinned = await pinnedRates(tx, [period.period]);
  const rate = pinned.find(({ from }) => from === currency)?.rate;
  if (rate !== undefined) return rate;
  return exchangeRateOn(tx, currency, buyer.currency, dayOfHour(hourNumber(period.fromHour)));
}
