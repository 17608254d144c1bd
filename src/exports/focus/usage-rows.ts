import {
  Decimal,
  fail,
  isJsonObject,
  minorUnitsOf,
  parseResourceUri,
  sumOf,
  type Currency,
} from '../../kernel/index.ts';
import {
  signed,
  type ChargeFacts,
  type Hours,
  type UsagePart,
  type UsedResource,
} from './facts.ts';
import type { Extra, LinePricing, Piece, PricedLine } from './pricing-of-line.ts';
import { mostCutOff, pieceCutter } from './pricing-of-line.ts';
import { chargePeriodOf, costs, hourText, priced, type FocusRow } from './row.ts';
import { BILLING, meaningOf, type MeterMeaning } from './services.ts';

/** What all rows of a line of usage have in common. */
export interface UsageLine {
  readonly facts: ChargeFacts;
  /** What it says of the invoice, the account and the issuer. */
  readonly base: FocusRow;
  /** Before the ids of its rows; the same for ever. */
  readonly recordId: string;
  readonly isCorrection: boolean;
  readonly hostName: string;
  readonly priceVersion: string;
  readonly pricing: LinePricing;
  /** What the parts have to come to, and their exact amount. */
  readonly shown: Pick<PricedLine, 'quantity' | 'amount'>;
  /** -1 turns all quantities and costs round: of parts and prices that another line has. */
  readonly sign: 1 | -1;
  /** What the rows have to come to: the amount as it is printed, or the exact one where nothing is printed yet. */
  readonly billed: Decimal;
  readonly currency: Currency;
}

const HOURS_PER_DAY = 24;

/**
 * Makes the rows of a line from its parts, as they come.
 *
 * @throws ExportRowsDiffer at the end, where the rows do not come to the line to the last digit: to its quantity, to its
 *   exact amount but for what an average cuts off, and to what is printed but for the one rounding of the line
 */
export function usageRows(line: UsageLine): {
  readonly of: (part: UsagePart) => FocusRow[];
  /** Rows for what no resource has: fixed parts of prices, minimums, and what rounding leaves. */
  readonly end: () => FocusRow[];
} {
  const { facts, pricing, sign } = line;
  const meaning = meaningOf(facts.meter);
  const common = commonOf(line, meaning);
  const cut = pieceCutter<UsagePart>(pricing);
  let explained = Decimal.zero;
  let used = Decimal.zero;
  const turned = (number: Decimal): Decimal => signed(number, sign);
  const rowOf = (piece: Piece<UsagePart>): FocusRow => {
    const quantity = turned(piece.quantity);
    explained = explained.add(piece.unitPrice.multiply(piece.quantity));
    return {
      ...common,
      ...placeOf(facts, piece.part),
      ...priced(quantity, piece.unitPrice),
      ...skuOf(facts, meaning, piece.key),
      ConsumedQuantity: consumed(quantity, meaning),
      ConsumedUnit: meaning.consumedUnit,
      x_RecordId: `${line.recordId}/${piece.part.day ?? 'all'}/${piece.part.resourceKey}/${piece.key}`,
    };
  };
  return {
    of: (part) => {
      used = used.add(part.quantity);
      return cut(part).map(rowOf);
    },
    end: () => {
      const extras = pricing.kind === 'tiers' ? pricing.extras : [];
      const rows = mergeExtras(extras).map(({ what, amount }) => {
        explained = explained.add(amount);
        return adjustment(line, what, turned(amount));
      });
      return [...rows, ...remainderRows(line, meaning, used, explained)];
    },
  };
}

/** What prices do not explain: an amount without a price, what an average cuts off, and the rounding of the line. */
function remainderRows(
  line: UsageLine,
  meaning: MeterMeaning,
  used: Decimal,
  explained: Decimal,
): FocusRow[] {
  const { pricing, shown, sign, billed, recordId, currency } = line;
  requireWithin(`the quantities of ${recordId}`, used, shown.quantity, Decimal.zero);
  const exact = signed(shown.amount, sign);
  const half = HALF.multiply(Decimal.fromBigInt(1n, minorUnitsOf(currency)));
  requireWithin(`the printed amount of ${recordId}`, billed, exact, half);
  if (pricing.kind === 'lump') return billed.isZero() ? [] : [lump(line, meaning, billed)];
  const cutOff = pricing.kind === 'unit' ? mostCutOff(pricing, used) : Decimal.zero;
  requireWithin(`the exact amount of ${recordId}`, explained, shown.amount, cutOff);
  const rounding = billed.subtract(exact);
  const ofAverage = exact.subtract(signed(explained, sign));
  const together = rounding.add(ofAverage);
  const named: [Extra['what'] | Apart, Decimal][] =
    magnitude(together).compare(half) <= 0
      ? [['rounding', together]]
      : [
          ['average', ofAverage],
          ['rounding', rounding],
        ];
  return named.flatMap(([what, by]) => (by.isZero() ? [] : [adjustment(line, what, by)]));
}

/** What is on a row of its own, beside the parts of a price. */
type Apart = 'amount' | 'average' | 'rounding';

const HALF = Decimal.fromBigInt(5n, 1);

function magnitude(number: Decimal): Decimal {
  return number.isNegative() ? number.negate() : number;
}

/** What a sum may not come to is never called rounding. */
function requireWithin(what: string, found: Decimal, wanted: Decimal, most: Decimal): void {
  if (magnitude(found.subtract(wanted)).compare(most) <= 0) return;
  throw fail('ExportRowsDiffer', { what, found: found.toText(), wanted: wanted.toText() });
}

/** One row for each kind, though several tiers may have a fixed part. */
function mergeExtras(extras: readonly Extra[]): Extra[] {
  return [...Map.groupBy(extras, ({ what }) => what)].map(([what, its]) => ({
    what,
    amount: sumOf(its.map(({ amount }) => amount)),
  }));
}

function commonOf(line: UsageLine, meaning: MeterMeaning): FocusRow {
  const { facts, base, isCorrection, hostName } = line;
  return {
    ...base,
    ...serviceOf(meaning),
    ...accountOf(facts),
    ChargeCategory: 'Usage',
    ChargeClass: isCorrection ? 'Correction' : null,
    ChargeDescription: facts.meter.name,
    ChargeFrequency: 'Usage-Based',
    HostProviderName: hostName,
    x_HostProviderName: hostName,
    PricingCategory: 'Standard',
    x_PriceVersion: line.priceVersion,
  };
}

function serviceOf({ service, category, subcategory }: typeof BILLING): FocusRow {
  return { ServiceName: service, ServiceCategory: category, ServiceSubcategory: subcategory };
}

/** Rows that are of no service of the cloud. */
export const billingService: FocusRow = serviceOf(BILLING);

function accountOf({
  subscriptionId,
  subscriptionName,
  customerSubscriptionId,
  customerName,
  charge,
}: ChargeFacts): FocusRow {
  return {
    SubAccountId: `/subscriptions/${subscriptionId}`,
    SubAccountName: subscriptionName,
    SubAccountType: 'Subscription',
    x_ChargeId: charge.toString(),
    x_CustomerId: `/subscriptions/${customerSubscriptionId}`,
    x_CustomerName: customerName,
  };
}

function skuOf({ meter }: ChargeFacts, { pricingUnit }: MeterMeaning, key: string): FocusRow {
  const sku = meter.id.toLowerCase();
  return {
    PricingUnit: pricingUnit,
    SkuId: sku,
    SkuMeter: meter.name,
    SkuPriceId: `${sku}/${key}/${pricingUnit}`,
  };
}

function consumed(quantity: Decimal, { consumedPerUnit }: MeterMeaning): string {
  const factor = Decimal.fromBigInt(consumedPerUnit);
  return quantity.multiply(factor).toText();
}

/** When and where something was used; the day of use as far as it is in the period. */
function placeOf({ period }: ChargeFacts, { day, resource, lastReported }: UsagePart): FocusRow {
  return {
    ...chargePeriodOf(day === undefined ? period : hoursOfDay(day, period)),
    ...(resource !== undefined && resourceOf(resource)),
    x_ReportedTime: lastReported === undefined ? null : hourText(lastReported),
  };
}

function hoursOfDay(day: number, { fromHour, toHour }: Hours): Hours {
  return {
    fromHour: Math.max(day * HOURS_PER_DAY, fromHour),
    toHour: Math.min((day + 1) * HOURS_PER_DAY, toHour),
  };
}

function resourceOf({ uri, location, tags, additionalInfo }: UsedResource): FocusRow {
  const parsed = parseResourceUri(uri);
  const hasRegion = location !== '';
  return {
    RegionId: hasRegion ? location : null,
    RegionName: hasRegion ? location : null,
    ResourceId: uri === '' ? null : uri,
    ResourceName: uri === '' ? null : (parsed?.name.split('/').at(-1) ?? null),
    ResourceType: uri === '' ? null : parsed ? `${parsed.provider}/${parsed.type}` : 'Other',
    Tags: tagsOf(tags),
    x_AdditionalInfo: additionalInfo === '' ? null : additionalInfo,
    x_ResourceGroupName: parsed?.resourceGroup ?? null,
  };
}

/** Tags as a flat object of texts; null where they are none, as when a stamp writes the word null. */
export function tagsOf(text: string): string | null {
  if (text === '' || text === 'null') return null;
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) return null;
  const entries = Object.entries(parsed).filter(([, value]) => value !== null);
  if (entries.length === 0) return null;
  const flat = entries.map(([name, value]) => [
    name,
    typeof value === 'string' || typeof value === 'boolean' ? value : JSON.stringify(value),
  ]);
  return JSON.stringify(Object.fromEntries(flat));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const WORDS: Readonly<Record<Extra['what'] | Apart, string>> = {
  amount: 'Amount without a quantity',
  average: 'Left over by the average price',
  fixed: 'Fixed part of the price',
  minimum: 'Up to the minimum charge',
  maximum: 'Down to the maximum charge',
  rounding: 'Rounding of the invoice line',
};

function adjustment(
  { facts, base, isCorrection, recordId }: UsageLine,
  what: keyof typeof WORDS,
  amount: Decimal,
): FocusRow {
  return {
    ...base,
    ...billingService,
    ...accountOf(facts),
    ...chargePeriodOf(facts.period),
    ...costs(amount),
    ChargeCategory: 'Adjustment',
    ChargeClass: isCorrection ? 'Correction' : null,
    ChargeDescription: `${WORDS[what]}: ${facts.meter.name}`,
    ChargeFrequency: 'One-Time',
    x_RecordId: `${recordId}/${what}`,
  };
}

/** An amount that no price explains: of a correction, or where nothing was used. */
function lump(line: UsageLine, meaning: MeterMeaning, amount: Decimal): FocusRow {
  if (!line.isCorrection) return adjustment(line, 'amount', amount);
  const { facts, recordId } = line;
  const { PricingCategory: _, ...common } = commonOf(line, meaning);
  return {
    ...common,
    ...chargePeriodOf(facts.period),
    ...costs(amount),
    x_RecordId: `${recordId}/amount`,
  };
}
