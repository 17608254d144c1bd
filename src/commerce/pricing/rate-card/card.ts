import {
  Decimal,
  halfEven,
  hourStart,
  shareOf,
  type Currency,
  type HourNumber,
} from '../../../kernel/index.ts';
import type { CommerceMeter } from '../../reported-usage/index.ts';
import type { PriceItem, PriceListVersion, PriceScale, Tier } from '../price.ts';
import type { AccountTerm } from '../terms/term.ts';
import { scaledItem } from './scaled.ts';

/** The prices at which a subscription buys now. */
export interface PricesInForce {
  readonly version: PriceListVersion;
  /** What its sellers put on top, and the rate of exchange; the list's own figures unless given. */
  readonly scale?: PriceScale | undefined;
  /** The currency of the buyer; that of the list unless given. */
  readonly currency?: Currency | undefined;
  /** What else was agreed, for the terms of the offer; those not in force are left out. None unless given. */
  readonly terms?: readonly AccountTerm[] | undefined;
}

/** What the caller asked for, repeated in the card. */
export interface CardHead {
  readonly currency: string;
  readonly locale: string;
}

const ONE = Decimal.fromBigInt(1n);
const HUNDRED = Decimal.fromBigInt(100n);
/** Digits after the point of the price of a unit of a package, and of a share, where it does not end before. */
const PER_UNIT_SCALE = 20;

export function currencyOf({ currency, version }: PricesInForce): Currency {
  return currency ?? version.content.currency;
}

/** The prices as they are paid, markups and exchange included: a buyer is not told what its seller pays. */
export function itemsPaid({ version, scale }: PricesInForce): PriceItem[] {
  const { items } = version.content;
  return scale === undefined ? [...items] : items.map((item) => scaledItem(item, scale));
}

/** The prices with those of their terms that are in force at an hour. */
export function atHour(prices: PricesInForce, hour: HourNumber): PricesInForce {
  const terms = (prices.terms ?? []).filter(
    ({ effectiveFrom, effectiveTo }) =>
      effectiveFrom <= hour && (effectiveTo === undefined || hour < effectiveTo),
  );
  return { ...prices, terms };
}

/** Meters of commerce by id in lower case; of several of one id the first. */
export function metersById(meters: readonly CommerceMeter[]): ReadonlyMap<string, CommerceMeter> {
  return new Map(meters.toReversed().map((meter) => [meter.commerceMeterId.toLowerCase(), meter]));
}

/**
 * The card as the cloud writes it. By hand, since prices are JSON numbers with all their digits, and rates are in the
 * order of their bounds.
 *
 * A card knows unit prices by lower bound and nothing else: the bounds of tiers count what is charged, after what is
 * included; whether tiers are graduated or by volume, what entering one costs, minimum and maximum do not show. A
 * package shows its price for one unit, a percentage its share. A staircase has no price of a unit: its meter is left
 * out. The other form of the card tells all of it.
 */
export function writeRateCard(
  prices: PricesInForce,
  meters: ReadonlyMap<string, CommerceMeter>,
  head: CardHead,
): string {
  const effectiveDate = dateText(prices.version.effectiveFrom);
  // Clients know tags by which discounts do not apply, and show others as they are.
  const tags = prices.version.sample ? '["Sample"]' : '[]';
  const rows = itemsPaid(prices).flatMap((item) => {
    const rates = ratesOf(item);
    const meter = meters.get(item.meterId.toLowerCase());
    return rates === undefined ? [] : writeMeter({ item, meter, rates, effectiveDate, tags });
  });
  return writeObject([
    ['OfferTerms', `[${(prices.terms ?? []).flatMap(writeTerm).join(',')}]`],
    ['Meters', `[${rows.join(',')}]`],
    ['Currency', text(head.currency.toUpperCase())],
    ['Locale', text(head.locale)],
    ['IsTaxIncluded', 'false'],
  ]);
}

type Rates = readonly (readonly [lowerBound: string, unitPrice: Decimal])[];

function ratesOf({ price }: PriceItem): Rates | undefined {
  const single = (unitPrice: Decimal): Rates => [['0', unitPrice]];
  switch (price.kind) {
    case 'flat':
      return single(price.unitPrice);
    case 'graduated':
    case 'volume':
      return price.tiers.map((tier: Tier, at) => [
        price.tiers[at - 1]?.upTo?.toText() ?? '0',
        tier.unitPrice,
      ]);
    case 'package': {
      const { packagePrice, size } = price;
      return single(packagePrice.divide(size, PER_UNIT_SCALE, halfEven));
    }
    case 'percentage':
      return single(shareOf(price.percent, ONE, HUNDRED, PER_UNIT_SCALE));
    default:
      return undefined;
  }
}

interface CardMeter {
  readonly item: PriceItem;
  readonly meter: CommerceMeter | undefined;
  readonly rates: Rates;
  readonly effectiveDate: string;
  /** as JSON */
  readonly tags: string;
}

function writeMeter({ item, meter, rates, effectiveDate, tags }: CardMeter): string {
  return writeObject([
    ['EffectiveDate', text(effectiveDate)],
    ['IncludedQuantity', item.included.toText()],
    ['MeterCategory', text(meter?.category ?? '')],
    ['MeterId', text(item.meterId)],
    ['MeterName', text(meter?.name ?? item.name ?? item.meterId)],
    ['MeterRates', writeObject(rates.map(([bound, unitPrice]) => [bound, unitPrice.toText()]))],
    ['MeterRegion', text(meter?.region ?? '')],
    ['MeterSubCategory', text(meter?.subCategory ?? '')],
    ['MeterTags', tags],
    ['Unit', text(meter?.unit ?? '')],
  ]);
}

/**
 * Fees, commitments and credits; a card has no discounts but those that come with a commitment. Clients read the fee as a
 * whole number that is charged once a period, so one with decimals, or for each subscription, is left out.
 */
function writeTerm({ definition, effectiveFrom }: AccountTerm): string[] {
  const effectiveDate = ['EffectiveDate', text(dateText(effectiveFrom))] as const;
  switch (definition.kind) {
    case 'fee':
      if (definition.per !== 'account' || definition.amount.scale > 0) return [];
      return [
        writeObject([
          ['Name', text('Recurring Charge')],
          ['RecurringCharge', definition.amount.toText()],
          effectiveDate,
        ]),
      ];
    case 'commitment':
      return [
        writeObject([
          ['Name', text('Monetary Commitment')],
          ['TieredDiscount', writeObject([[definition.amount.toText(), '0']])],
          ['ExcludedMeterIds', '[]'],
          effectiveDate,
        ]),
      ];
    case 'credit':
      return [
        writeObject([
          ['Name', text('Monetary Credit')],
          ['Credit', definition.amount.toText()],
          ['ExcludedMeterIds', '[]'],
          effectiveDate,
        ]),
      ];
    default:
      return [];
  }
}

/** A JSON object of members whose values are written already. */
function writeObject(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${text(name)}:${json}`).join(',')}}`;
}

function text(value: string): string {
  return JSON.stringify(value);
}

function dateText(hour: HourNumber): string {
  return hourStart(hour).toString();
}
