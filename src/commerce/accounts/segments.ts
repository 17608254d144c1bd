import { Decimal, hourNumber, type HourNumber } from '../../kernel/index.ts';
import { versionAt } from '../pricing/index.ts';
import type { AccountId } from './account.ts';
import { pricingAt, type AccountPricings } from './account-pricing.ts';
import { salesTo, type AccountTree, type Sale } from './tree.ts';

/** What one account puts on top of the prices at which its seller buys. */
export interface Markup {
  readonly accountId: AccountId;
  readonly markupPercent: Decimal;
}

/** Hours in which a buyer buys by one version of one price list and the same markups. */
export type PricingSegment = {
  readonly fromHour: HourNumber;
  /** Exclusive. */
  readonly toHour: HourNumber;
  /** The latest start of all that makes up these prices: orders those of a billing period. */
  readonly effectiveFrom: HourNumber;
  /** Product of the markups, 1 for none. */
  readonly factor: Decimal;
  /** From the one next to the price list to the buyer. */
  readonly chain: readonly Markup[];
} & (
  | { readonly priceListId: string; readonly version: number; readonly problem?: undefined }
  | {
      readonly priceListId?: undefined;
      readonly version?: undefined;
      /** Why there is no price, such as `no price list`. */
      readonly problem: string;
    }
);

/** Versions of price lists by the id of the list; of each list in any order. */
export type VersionsByList = ReadonlyMap<
  string,
  readonly { readonly version: number; readonly effectiveFrom: HourNumber }[]
>;

/**
 * The prices of a sale from hour to hour: cut wherever a pricing of the buyer or of a seller above it, or
 * a version of a price list, comes into force and makes a difference. The segments are in order and leave
 * no hour out; where no price can be found one says why.
 */
export function pricingSegments(
  pricings: AccountPricings,
  tree: AccountTree,
  versionsByList: VersionsByList,
  { buyer }: Sale,
  fromHour: HourNumber,
  toHour: HourNumber,
): PricingSegment[] {
  if (fromHour >= toHour) return [];
  const buyers = salesTo(tree, buyer).map((sale) => sale.buyer.accountId);
  const known = buyers.flatMap((id) => pricings.get(id) ?? []);
  const lists = new Set(known.flatMap(({ priceListId }) => priceListId ?? []));
  const versions = [...lists].flatMap((id) => versionsByList.get(id) ?? []);
  const starts = [...known, ...versions].map(({ effectiveFrom }) => effectiveFrom);
  const cuts = [...new Set([fromHour, ...starts])]
    .filter((hour) => hour >= fromHour && hour < toHour)
    .toSorted((one, other) => one - other);
  const segments: PricingSegment[] = [];
  for (const [at, from] of cuts.entries()) {
    const to = cuts[at + 1] ?? toHour;
    const next = { fromHour: from, toHour: to, ...plan(pricings, versionsByList, buyers, from) };
    const last = segments.at(-1);
    if (last !== undefined && isSamePlan(last, next)) {
      segments[segments.length - 1] = { ...last, toHour: to };
    } else {
      segments.push(next);
    }
  }
  return segments;
}

type Plan = PricingSegment extends infer S
  ? S extends PricingSegment
    ? Omit<S, 'fromHour' | 'toHour'>
    : never
  : never;

/** @param buyers the buyer and the partners above it, up to the one that buys from the provider */
function plan(
  pricings: AccountPricings,
  versionsByList: VersionsByList,
  buyers: readonly AccountId[],
  hour: HourNumber,
): Plan {
  const chain: Markup[] = [];
  let effectiveFrom = hourNumber(0);
  let factor = one;
  const latest = (start: HourNumber): HourNumber => (start > effectiveFrom ? start : effectiveFrom);
  for (const accountId of buyers) {
    const pricing = pricingAt(pricings, accountId, hour);
    if (pricing === undefined) break;
    effectiveFrom = latest(pricing.effectiveFrom);
    const { priceListId, markupPercent } = pricing;
    if (markupPercent !== undefined) {
      const next = withMarkup(factor, markupPercent);
      if (next === undefined) {
        return { effectiveFrom, factor, chain, problem: 'the markups have too many digits' };
      }
      chain.unshift({ accountId, markupPercent });
      factor = next;
      continue;
    }
    const found = versionAt(versionsByList.get(priceListId) ?? [], hour);
    if (found === undefined) {
      const problem = `no version of the price list ${priceListId}`;
      return { effectiveFrom, factor, chain, problem };
    }
    effectiveFrom = latest(found.effectiveFrom);
    return { effectiveFrom, factor, chain, priceListId, version: found.version };
  }
  return { effectiveFrom, factor, chain, problem: 'no price list' };
}

/** Undefined when that needs more digits than a number has: one chain of prices must not stop all others. */
function withMarkup(factor: Decimal, markupPercent: Decimal): Decimal | undefined {
  try {
    return factor.multiply(one.add(markupPercent.multiply(hundredth)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const one = Decimal.fromBigInt(1n);
const hundredth = Decimal.fromBigInt(1n, 2);

function isSamePlan(last: Plan, next: Plan): boolean {
  return (
    last.priceListId === next.priceListId &&
    last.version === next.version &&
    last.problem === next.problem &&
    last.effectiveFrom === next.effectiveFrom &&
    last.chain.length === next.chain.length &&
    last.chain.every(({ accountId, markupPercent }, at) => {
      const other = next.chain[at];
      return other?.accountId === accountId && other.markupPercent.equals(markupPercent);
    })
  );
}
