import { decimalOf, type Queryable } from '../../platform/index.ts';
import { findPriceListVersion, type PriceItem } from '../../commerce/pricing/index.ts';
import type { ChargeFacts } from './facts.ts';
import type { PriceTerms } from './pricing-of-line.ts';

interface Plan {
  readonly list: string | undefined;
  readonly version: number | undefined;
  readonly scale: PriceTerms['scale'];
  /** Whether somebody's markup is in it: then the list is the seller's own matter. */
  readonly isMarkedUp: boolean;
}

/** By which prices charges were rated, read when they are first needed. */
export interface PlanReader {
  /** Undefined where the usage is not billable or the list has no price for it. */
  termsOf(facts: ChargeFacts): Promise<PriceTerms | undefined>;
  /** As a reader of the rows may know it: a list and version, or a number of ours. */
  versionOf(facts: ChargeFacts): Promise<string>;
}

export function planReader(db: Queryable): PlanReader {
  const plans = new Map<number, Plan>();
  const items = new Map<string, ReadonlyMap<string, PriceItem>>();
  const planOf = async (number: number): Promise<Plan> => {
    const known = plans.get(number) ?? (await readPlan(db, number));
    plans.set(number, known);
    return known;
  };
  const itemsOf = async (
    list: string,
    version: number,
  ): Promise<ReadonlyMap<string, PriceItem>> => {
    const key = `${version} ${list}`;
    const known = items.get(key) ?? (await readItems(db, list, version));
    items.set(key, known);
    return known;
  };
  return {
    termsOf: async ({ plan, billable, meter }) => {
      const { list, version, scale } = await planOf(plan);
      if (!billable || list === undefined || version === undefined) return undefined;
      const item = (await itemsOf(list, version)).get(meter.id.toLowerCase());
      return item && { item, scale };
    },
    versionOf: async ({ plan }) => {
      const { list, version, isMarkedUp } = await planOf(plan);
      return isMarkedUp || list === undefined ? `plan/${plan}` : `${list}/${version}`;
    },
  };
}

async function readPlan(db: Queryable, plan: number): Promise<Plan> {
  const { rows } = await db.query<{
    list: string | null;
    version: number | null;
    factor: string;
    rate: string;
    chain: string;
  }>({
    name: 'focus-plan',
    text: `select price_list_id as list, price_list_version as version, factor, exchange_rate as rate, chain
           from price_plan where plan = $1`,
    values: [plan],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`the plan ${plan} is missing`);
  return {
    list: row.list ?? undefined,
    version: row.version ?? undefined,
    scale: { factor: decimalOf(row.factor), exchangeRate: decimalOf(row.rate) },
    isMarkedUp: row.chain !== '[]',
  };
}

async function readItems(
  db: Queryable,
  list: string,
  version: number,
): Promise<ReadonlyMap<string, PriceItem>> {
  const found = await findPriceListVersion(db, list, version);
  const items = found?.content.items ?? [];
  return new Map(items.map((item) => [item.meterId.toLowerCase(), item]));
}
