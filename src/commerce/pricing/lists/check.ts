import { Decimal, halfEven } from '../../../kernel/index.ts';
import { priceUsage } from '../engine.ts';
import type { Price, PriceItem, PriceListContent, Stair, Tier } from '../price.ts';
import { MOST_PRICE_SCALE, type PriceListProblem } from './places.ts';

/** What checking needs to know of a meter of commerce. */
export interface CheckedMeter {
  readonly commerceMeterId: string;
  readonly name: string;
  readonly paid: boolean;
}

/**
 * Everything that is wrong with a price list, or looks so: what keeps it from being published (tiers that overlap or
 * have no open end, figures below zero, a meter twice), what it leaves without a price, meters that nobody knows, and
 * quantities from which on everything together costs less.
 */
export function checkPriceList(
  content: PriceListContent,
  meters: readonly CheckedMeter[],
): PriceListProblem[] {
  const structure = structureProblems(content);
  const known = new Set(meters.map(({ commerceMeterId }) => commerceMeterId.toLowerCase()));
  const priced = new Set(content.items.map(({ meterId }) => meterId.toLowerCase()));
  const unknown = content.items.flatMap(({ meterId }, index): PriceListProblem[] =>
    known.has(meterId.toLowerCase())
      ? []
      : [
          {
            severity: 'warning',
            place: `$.items[${index}].meterId`,
            problem: `no meter of commerce has the id ${meterId}`,
          },
        ],
  );
  const missing = new Map(
    meters
      .filter(({ paid, commerceMeterId }) => paid && !priced.has(commerceMeterId.toLowerCase()))
      .map((meter) => [meter.commerceMeterId.toLowerCase(), meter]),
  );
  const unpriced = [...missing.values()].map(({ commerceMeterId, name }): PriceListProblem => ({
    severity: 'warning',
    place: '$.items',
    problem: `the meter ${commerceMeterId} (${name}) is paid and has no price; invoices with its usage will wait`,
  }));
  // A list that is wrong has no totals to look at.
  const falling = structure.length > 0 ? [] : content.items.flatMap(fallingTotals);
  return [...structure, ...unknown, ...unpriced, ...falling];
}

/** What makes a price list unusable by itself, whatever meters there are. */
export function structureProblems({ items }: PriceListContent): PriceListProblem[] {
  const seen = new Map<string, number>();
  return items.flatMap((item, index) => {
    const place = `$.items[${index}]`;
    const key = item.meterId.toLowerCase();
    const first = seen.get(key);
    seen.set(key, first ?? index);
    const problems = [...itemProblems(item, place), ...priceProblems(item.price, `${place}.price`)];
    if (first !== undefined) {
      const problem = `$.items[${first}] has a price for this meter already`;
      problems.push(error(`${place}.meterId`, problem));
    }
    return problems;
  });
}

function error(place: string, problem: string): PriceListProblem {
  return { severity: 'error', place, problem };
}

function notNegative(place: string, number: Decimal | undefined): PriceListProblem[] {
  return number?.isNegative() === true ? [error(place, 'it is below zero')] : [];
}

function itemProblems(
  { included, minimum, maximum }: PriceItem,
  place: string,
): PriceListProblem[] {
  const problems = [
    ...notNegative(`${place}.included`, included),
    ...notNegative(`${place}.minimum`, minimum),
    ...notNegative(`${place}.maximum`, maximum),
  ];
  if (minimum !== undefined && maximum !== undefined && minimum.compare(maximum) > 0) {
    problems.push(error(`${place}.minimum`, 'it is above the maximum'));
  }
  return problems;
}

function priceProblems(price: Price, place: string): PriceListProblem[] {
  switch (price.kind) {
    case 'flat':
      return notNegative(`${place}.unitPrice`, price.unitPrice);
    case 'graduated':
    case 'volume':
      return partProblems(price.tiers, `${place}.tiers`, (tier: Tier, at) => [
        ...notNegative(`${at}.unitPrice`, tier.unitPrice),
        ...notNegative(`${at}.fixed`, tier.fixed),
      ]);
    case 'package': {
      const size =
        price.size.compare(Decimal.zero) > 0
          ? []
          : [error(`${place}.size`, 'a package holds more than nothing')];
      return [...size, ...notNegative(`${place}.packagePrice`, price.packagePrice)];
    }
    case 'stairstep':
      return partProblems(price.steps, `${place}.steps`, (step: Stair, at) =>
        notNegative(`${at}.amount`, step.amount),
      );
    default:
      return notNegative(`${place}.percent`, price.percent);
  }
}

/** Bounds rise from zero, and the last part alone has none. */
function partProblems<T extends { readonly upTo: Decimal | undefined }>(
  parts: readonly T[],
  place: string,
  own: (part: T, place: string) => readonly PriceListProblem[],
): PriceListProblem[] {
  if (parts.length === 0) return [error(place, 'it has to have something in it')];
  return parts.flatMap((part, index) => {
    const at = `${place}[${index}]`;
    const isLast = index === parts.length - 1;
    const before = index === 0 ? Decimal.zero : parts[index - 1]?.upTo;
    const problems = [...own(part, at)];
    if (part.upTo === undefined && !isLast) {
      problems.push(error(`${at}.upTo`, 'only the last may have no end; those behind overlap'));
    } else if (part.upTo !== undefined && isLast) {
      const problem = `the last has no end, or nothing above ${part.upTo.toText()} has a price`;
      problems.push(error(`${at}.upTo`, problem));
    }
    if (part.upTo !== undefined && before !== undefined && part.upTo.compare(before) <= 0) {
      const problem = `it overlaps: it has to be above ${before.toText()}, where the one before ends`;
      problems.push(error(`${at}.upTo`, problem));
    }
    return problems;
  });
}

/** Bounds behind which a little more makes the total smaller, as volume prices and sinking steps do. */
function fallingTotals(item: PriceItem, index: number): PriceListProblem[] {
  const { price } = item;
  const bounds =
    price.kind === 'volume' ? price.tiers : price.kind === 'stairstep' ? price.steps : [];
  const costOf = (quantity: Decimal): Decimal =>
    priceUsage(
      item,
      { before: Decimal.zero, quantity, total: quantity },
      { factor: ONE, exchangeRate: ONE },
    ).amount;
  return bounds.flatMap(({ upTo }): PriceListProblem[] => {
    if (upTo === undefined) return [];
    const bound = upTo.add(item.included);
    const [at, behind] = [costOf(bound), costOf(bound.add(LITTLE))];
    if (behind.compare(at) >= 0) return [];
    const shown = behind.roundTo(MOST_PRICE_SCALE, halfEven);
    const problem = `${bound.toText()} units cost ${at.toText()} together, and anything more costs ${shown.toText()} at first`;
    return [{ severity: 'notice', place: `$.items[${index}].price`, problem }];
  });
}

const ONE = Decimal.fromBigInt(1n);
/** More than nothing, and less than any figure of a list can tell apart. */
const LITTLE = Decimal.fromBigInt(1n, 15);
