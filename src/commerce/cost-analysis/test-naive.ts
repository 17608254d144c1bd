import {
  comparisonKey,
  partsOfResourceGroup,
  resourceGroupKey,
  type AnalysisFilter,
  type Grouping,
} from '../../analysis/index.ts';
import { Decimal, parseResourceUri, shareOf } from '../../kernel/index.ts';
import { decimalOf, type Database } from '../../platform/index.ts';

/** A line of a charge with all that can be asked of it. */
export interface NaiveLine {
  readonly charge: bigint;
  readonly account: string;
  readonly fromHour: number;
  readonly day: number;
  readonly quantity: Decimal;
  readonly chargeQuantity: Decimal;
  readonly amount: Decimal | undefined;
  readonly meter: string;
  readonly service: string;
  readonly subscription: string;
  readonly customerAccount: string;
  readonly uri: string;
  readonly location: string;
  readonly tags: string;
}

/** All lines there are, read without any of the sums. */
export async function readNaiveLines({ pool }: Database): Promise<NaiveLine[]> {
  const { rows } = await pool.query<
    Omit<NaiveLine, 'quantity' | 'chargeQuantity' | 'amount'> & {
      readonly quantity: string;
      readonly chargeQuantity: string;
      readonly amount: string | null;
    }
  >(
    `select c.charge, c.account_id as account, p.from_hour as "fromHour", l.usage_day as day, l.quantity,
            c.quantity as "chargeQuantity", c.amount, m.local_meter_key as meter, m.category as service,
            c.subscription_id as subscription, b.account_id as "customerAccount", r.resource_uri as uri, r.location, r.tags
     from rated_line l join charge c using (charge) join billing_period p using (period) join commerce_meter m using (meter)
     join reported_resource r on r.customer_subscription_id = c.customer_subscription_id and r.resource_key = l.resource_key
     join billing_account b on b.subscription_id = c.customer_subscription_id`,
  );
  return rows.map((row) => ({
    ...row,
    quantity: decimalOf(row.quantity),
    chargeQuantity: decimalOf(row.chargeQuantity),
    amount: row.amount === null ? undefined : decimalOf(row.amount),
  }));
}

/** What is asked of the lines. */
export interface NaiveQuestion {
  readonly accounts: readonly string[];
  readonly isSelling: boolean;
  readonly from: number;
  readonly to: number;
  readonly groupBy: Grouping;
  readonly filters: readonly AnalysisFilter[];
}

/** Costs by key and by day, each line's share computed on its own to 50 digits. */
export function naiveCosts(
  lines: readonly NaiveLine[],
  question: NaiveQuestion,
): Map<string, Map<number, Decimal>> {
  const costs = new Map<string, Map<number, Decimal>>();
  for (const line of lines) {
    if (!isWanted(line, question)) continue;
    const key = keyOf(line, question.groupBy, question.isSelling);
    const days = costs.get(key) ?? new Map<number, Decimal>();
    const cost = line.amount && shareOf(line.amount, line.quantity, line.chargeQuantity, 50);
    days.set(line.day, (days.get(line.day) ?? Decimal.zero).add(cost ?? Decimal.zero));
    costs.set(key, days);
  }
  return costs;
}

function isWanted(
  line: NaiveLine,
  { accounts, isSelling, from, to, filters }: NaiveQuestion,
): boolean {
  const begins = Math.max(line.day * 24, line.fromHour);
  if (!accounts.includes(line.account) || begins < from || begins >= to) return false;
  return filters.every(({ by, values }) => {
    const key = keyOf(line, by, isSelling);
    if (by !== 'resourceGroup') return values.includes(key);
    return values.some((value) => {
      const { subscriptionId, name } = partsOfResourceGroup(value);
      const group = comparisonKey(parseResourceUri(line.uri)?.resourceGroup ?? '');
      return name === group && (subscriptionId ?? line.subscription) === line.subscription;
    });
  });
}

export function keyOf(line: NaiveLine, by: Grouping, isSelling: boolean): string {
  const uri = parseResourceUri(line.uri);
  switch (by) {
    case 'meter':
      return line.meter;
    case 'service':
      return comparisonKey(line.service);
    case 'subscription':
      return line.subscription;
    case 'account':
      return isSelling ? line.account : line.customerAccount;
    case 'resource':
      return comparisonKey(line.uri);
    case 'resourceGroup':
      return resourceGroupKey(line.subscription, uri?.resourceGroup ?? '');
    case 'resourceType':
      return comparisonKey(`${uri?.provider ?? ''}/${uri?.type ?? ''}`);
    case 'location':
      return comparisonKey(line.location);
    default:
      return tagOf(line.tags, by.slice(4));
  }
}

function tagOf(tags: string, name: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(tags);
  } catch {
    return '';
  }
  if (typeof parsed !== 'object' || parsed === null) return '';
  const [, value = ''] = Object.entries(parsed).find(([key]) => key.toLowerCase() === name) ?? [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll('\0', '\uFFFD');
}
