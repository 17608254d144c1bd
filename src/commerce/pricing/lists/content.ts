import { Decimal, parseCurrency, type Currency } from '../../../kernel/index.ts';
import type { Price, PriceItem, PriceListContent } from '../price.ts';
import { structureProblems } from './check.ts';
import { PlaceReader, type PriceListProblem } from './places.ts';
import { readPrice } from './read-price.ts';

/** A price list that was read, or all that keeps it from being one. */
export type ReadPriceList =
  | { readonly content: PriceListContent; readonly problems: readonly [] }
  | { readonly content: undefined; readonly problems: readonly PriceListProblem[] };

const LONGEST_NAME = 200;
const LONGEST_METER = 128;
const MOST_ITEMS = 5000;
const ITEM_MEMBERS = ['meterId', 'name', 'scope', 'price', 'included', 'minimum', 'maximum'];

/**
 * Reads a price list as files have it: JSON with decimals as texts. Strict: members that are not known are refused, so
 * that a misspelt `maximum` is not silently none. Everything wrong is told at once, each with its place.
 */
export function parsePriceList(text: string): ReadPriceList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `it is not valid JSON: ${reason}`;
    return { content: undefined, problems: [{ severity: 'error', place: '$', problem }] };
  }
  return readPriceList(value);
}

/** The same for JSON that was parsed already. */
export function readPriceList(value: unknown): ReadPriceList {
  const reader = new PlaceReader();
  const content = readContent(reader, value);
  const problems = content === undefined ? reader.problems : structureProblems(content);
  if (content !== undefined && problems.length === 0 && reader.problems.length === 0) {
    return { content, problems: [] };
  }
  return { content: undefined, problems: [...new Set([...reader.problems, ...problems])] };
}

function readContent(reader: PlaceReader, value: unknown): PriceListContent | undefined {
  const members = reader.object('$', value, ['name', 'currency', 'items']);
  if (members === undefined) return undefined;
  const name = reader.text('$.name', members['name'], LONGEST_NAME);
  const currency = readCurrency(reader, members['currency']);
  const list = reader.list('$.items', members['items'], MOST_ITEMS);
  const items = (list ?? []).flatMap(
    (item, index) => readItem(reader, `$.items[${index}]`, item) ?? [],
  );
  const isWhole = list !== undefined && items.length === list.length;
  return isWhole && name !== undefined && currency !== undefined
    ? { name, currency, items }
    : undefined;
}

function readCurrency(reader: PlaceReader, value: unknown): Currency | undefined {
  const currency = typeof value === 'string' ? parseCurrency(value) : undefined;
  return currency ?? reader.tell('$.currency', 'it has to be a code of ISO 4217, such as "EUR"');
}

function readItem(reader: PlaceReader, place: string, value: unknown): PriceItem | undefined {
  const members = reader.object(place, value, ITEM_MEMBERS);
  if (members === undefined) return undefined;
  const { name, scope, included, minimum, maximum } = members;
  const meterId = reader.text(`${place}.meterId`, members['meterId'], LONGEST_METER);
  const label = name === undefined ? undefined : reader.text(`${place}.name`, name, LONGEST_NAME);
  const over =
    scope === undefined
      ? 'account'
      : reader.word(`${place}.scope`, scope, ['account', 'subscription'] as const);
  const price = readPrice(reader, `${place}.price`, members['price']);
  const least = reader.optionalDecimal(`${place}.minimum`, minimum);
  const most = reader.optionalDecimal(`${place}.maximum`, maximum);
  const free = reader.optionalDecimal(`${place}.included`, included) ?? Decimal.zero;
  if (meterId === undefined || over === undefined || price === undefined) return undefined;
  return {
    meterId,
    ...(label !== undefined && { name: label }),
    scope: over,
    price,
    included: free,
    ...(least && { minimum: least }),
    ...(most && { maximum: most }),
  };
}

/** The price list as {@link readPriceList} reads it back, decimals as texts. */
export function priceListToWire({ name, currency, items }: PriceListContent): PriceListWire {
  return { name, currency, items: items.map(itemToWire) };
}

/** A price list as files and answers have it. */
export interface PriceListWire {
  readonly name: string;
  readonly currency: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

function itemToWire(item: PriceItem): Readonly<Record<string, unknown>> {
  return {
    meterId: item.meterId,
    ...(item.name !== undefined && { name: item.name }),
    scope: item.scope,
    price: priceToWire(item.price),
    ...(!item.included.isZero() && { included: item.included.toText() }),
    ...(item.minimum && { minimum: item.minimum.toText() }),
    ...(item.maximum && { maximum: item.maximum.toText() }),
  };
}

function priceToWire(price: Price): object {
  const upTo = (part: { readonly upTo: Decimal | undefined }): object =>
    part.upTo === undefined ? {} : { upTo: part.upTo.toText() };
  switch (price.kind) {
    case 'flat':
      return { kind: price.kind, unitPrice: price.unitPrice.toText() };
    case 'graduated':
    case 'volume':
      return {
        kind: price.kind,
        tiers: price.tiers.map((tier) => ({
          ...upTo(tier),
          unitPrice: tier.unitPrice.toText(),
          ...(tier.fixed && { fixed: tier.fixed.toText() }),
        })),
      };
    case 'package':
      return {
        kind: price.kind,
        size: price.size.toText(),
        packagePrice: price.packagePrice.toText(),
      };
    case 'stairstep':
      return {
        kind: price.kind,
        steps: price.steps.map((step) => ({ ...upTo(step), amount: step.amount.toText() })),
      };
    default:
      return { kind: price.kind, percent: price.percent.toText() };
  }
}
