import {
  Decimal,
  halfEven,
  hourStart,
  type Decimal as Amount,
  type Instant,
} from '../kernel/index.ts';
import type { Buckets } from './buckets.ts';
import type { Group, GroupPage, GroupParent, Sums } from './fold.ts';
import type { AnalysisQuery } from './query.ts';

/** Up to when what is answered from is complete. */
export interface Freshness {
  /** End of the last closed hour. */
  readonly closedTo?: Instant | undefined;
  /** End of the last hour that was rated. */
  readonly ratedTo?: Instant | undefined;
  /** End of the last hour that is in the sums; usage reported since is not in the answer. */
  readonly summarizedTo?: Instant | undefined;
}

interface WireSums {
  readonly amount: string;
  readonly points?: readonly string[];
}

interface WireGroup extends WireSums {
  readonly key: string;
  readonly name: string;
  /** Of the total, in percent, to two digits; costs only. */
  readonly share?: string;
  readonly unit?: string;
  readonly parent?: GroupParent;
}

/** An answer as it goes over the wire; amounts are decimals as text. */
export interface AnalysisAnswer {
  readonly from: string;
  readonly to: string;
  readonly granularity: string;
  readonly groupBy: string;
  readonly unit?: string;
  readonly currency?: string;
  readonly freshness: Readonly<Record<string, string>>;
  readonly buckets: readonly string[];
  readonly groups: readonly WireGroup[];
  readonly others?: WireSums & { readonly count: number };
  readonly total?: WireSums;
  readonly nextLink?: string;
}

/** What an answer has besides its question and its groups. */
export interface AnswerFrame {
  readonly buckets: Buckets;
  readonly freshness: Freshness;
  readonly unit?: string | undefined;
  readonly currency?: string | undefined;
  /** Whether amounts of different groups add up: there is a total, and others. */
  readonly addsUp: boolean;
  readonly nextLink?: string | undefined;
}

export function toAnalysisAnswer(
  query: Pick<AnalysisQuery, 'from' | 'to' | 'granularity' | 'groupBy'>,
  page: GroupPage,
  frame: AnswerFrame,
): AnalysisAnswer {
  const { groups, others, total } = page;
  const { buckets, freshness, unit, currency, addsUp, nextLink } = frame;
  const whole = currency === undefined || !addsUp ? undefined : total.amount;
  return {
    from: hourStart(query.from).toString(),
    to: hourStart(query.to).toString(),
    granularity: query.granularity,
    groupBy: query.groupBy,
    ...(unit !== undefined && { unit }),
    ...(currency !== undefined && { currency }),
    freshness: toWireFreshness(freshness),
    buckets: buckets.starts.map(String),
    groups: groups.map((group) => toWireGroup(group, whole)),
    ...(addsUp && others !== undefined && { others: { count: others.count, ...toWire(others) } }),
    ...(addsUp && { total: toWire(total) }),
    ...(nextLink !== undefined && { nextLink }),
  };
}

function toWireGroup(
  { key, name, amount, unit, parent, points }: Group & { readonly points?: readonly Amount[] },
  whole: Amount | undefined,
): WireGroup {
  const share = whole && percentOf(amount, whole);
  return {
    key,
    name,
    ...toWire({ amount, ...(points && { points }) }),
    ...(share !== undefined && { share }),
    ...(unit !== undefined && { unit }),
    ...(parent && { parent }),
  };
}

function toWire({ amount, points }: { amount: Amount; points?: Sums['points'] }): WireSums {
  return {
    amount: amount.toText(),
    ...(points && { points: points.map((point) => point.toText()) }),
  };
}

/** A part of a whole in percent, to two digits; undefined where the whole is nothing. */
export function percentOf(part: Amount, whole: Amount): string | undefined {
  if (whole.isZero()) return undefined;
  return part.multiply(Decimal.fromBigInt(100n)).divide(whole, 2, halfEven).toText();
}

export function toWireFreshness(freshness: Freshness): Record<string, string> {
  const { closedTo, ratedTo, summarizedTo } = freshness;
  return {
    ...(closedTo && { closedTo: closedTo.toString() }),
    ...(ratedTo && { ratedTo: ratedTo.toString() }),
    ...(summarizedTo && { summarizedTo: summarizedTo.toString() }),
  };
}
