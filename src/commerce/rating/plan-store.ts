import type { Decimal } from '../../kernel/index.ts';
import { decimalOf, type Queryable, type Tx } from '../../platform/index.ts';
import type { BillingContext, ItemsByMeter } from './billing-context.ts';
import { chainText, digestOfPlan, type PlanTerms } from './plan.ts';
import type { PlanOfPeriod } from './price-groups.ts';

/** Numbers of plans by digest. */
export type PlanNumbers = ReadonlyMap<string, number>;

/** The numbers of these plans, those that are new among them entered. To be called with billing held. */
export async function ensurePlans(tx: Tx, plans: readonly PlanTerms[]): Promise<PlanNumbers> {
  const byDigest = new Map(plans.map((terms) => [digestOfPlan(terms), terms]));
  const known = await findPlans(tx, [...byDigest.keys()]);
  const added = [...byDigest].filter(([digest]) => !known.has(digest));
  if (added.length === 0) return known;
  await tx.query(
    `insert into price_plan (price_list_id, price_list_version, problem, effective_from, factor, exchange_rate, chain, digest)
     select list, version, problem, effective_from, factor, rate, chain, decode(digest, 'hex')
     from unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::numeric[], $6::numeric[], $7::text[], $8::text[])
          as given (list, version, problem, effective_from, factor, rate, chain, digest)`,
    [
      added.map(([, terms]) => terms.priceListId ?? null),
      added.map(([, terms]) => terms.version ?? null),
      added.map(([, terms]) => terms.problem ?? null),
      added.map(([, terms]) => terms.effectiveFrom),
      added.map(([, terms]) => terms.factor.toText()),
      added.map(([, terms]) => terms.exchangeRate.toText()),
      added.map(([, terms]) => chainText(terms.chain)),
      added.map(([digest]) => digest),
    ],
  );
  return findPlans(tx, [...byDigest.keys()]);
}

/** The numbers of these plans; those that nothing was ever rated by get numbers below zero, which no plan has. */
export async function imaginePlans(tx: Tx, plans: readonly PlanTerms[]): Promise<PlanNumbers> {
  const digests = [...new Set(plans.map(digestOfPlan))];
  const known = await findPlans(tx, digests);
  const numbers = new Map(known);
  for (const [at, digest] of digests.filter((one) => !known.has(one)).entries()) {
    numbers.set(digest, -1 - at);
  }
  return numbers;
}

async function findPlans(tx: Tx, digests: readonly string[]): Promise<PlanNumbers> {
  const { rows } = await tx.query<{ digest: string; plan: number }>({
    name: 'plans-by-digest',
    text: `select encode(p.digest, 'hex') as digest, p.plan
           from unnest($1::text[]) as given (digest) join price_plan p on p.digest = decode(given.digest, 'hex')`,
    values: [digests],
  });
  return new Map(rows.map(({ digest, plan }) => [digest, plan]));
}

/** A plan as it is kept. */
export interface StoredPlan {
  readonly plan: number;
  readonly priceListId: string | undefined;
  readonly version: number | undefined;
  readonly problem: string | undefined;
  readonly effectiveFrom: number;
  readonly factor: Decimal;
  readonly exchangeRate: Decimal;
  /** [{accountId, markupPercent}] as JSON, from the price list to the buyer. */
  readonly chain: string;
}

export async function readPlans(db: Queryable, plans: readonly number[]): Promise<StoredPlan[]> {
  const { rows } = await db.query<{
    plan: number;
    list: string | null;
    version: number | null;
    problem: string | null;
    effective_from: number;
    factor: string;
    rate: string;
    chain: string;
  }>({
    name: 'plans-by-number',
    text: `select plan, price_list_id as list, price_list_version as version, problem, effective_from, factor,
                  exchange_rate as rate, chain
           from price_plan where plan = any($1::int[]) order by plan`,
    values: [plans],
  });
  return rows.map((row) => ({
    plan: row.plan,
    priceListId: row.list ?? undefined,
    version: row.version ?? undefined,
    problem: row.problem ?? undefined,
    effectiveFrom: row.effective_from,
    factor: decimalOf(row.factor),
    exchangeRate: decimalOf(row.rate),
    chain: row.chain,
  }));
}

/** Plans as they price a period of which they are not in force any more: their minima hold whole. */
export async function readPlansOfPeriod(
  db: Queryable,
  itemsOf: BillingContext['itemsOf'],
  plans: readonly number[],
): Promise<PlanOfPeriod[]> {
  const found: PlanOfPeriod[] = [];
  for (const { priceListId, version, ...plan } of await readPlans(db, plans)) {
    const isPriced = priceListId !== undefined && version !== undefined;
    const items = isPriced ? await itemsOf(priceListId, version) : undefined;
    found.push({ ...plan, version, share: { hours: 1, of: 1 }, ...lookUpIn(items) });
  }
  return found;
}

/** How a plan finds its prices; without a price list it finds none. */
export function lookUpIn(
  items: ItemsByMeter | undefined,
): Pick<PlanOfPeriod, 'itemOf' | 'boundedMeters'> {
  return {
    itemOf: (meterKey) => items?.get(meterKey),
    boundedMeters: () =>
      [...(items ?? [])].flatMap(([key, { minimum, maximum }]) =>
        minimum === undefined && maximum === undefined ? [] : [key],
      ),
  };
}
