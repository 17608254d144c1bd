import {
  Decimal,
  fail,
  hourNumber,
  hourStart,
  type HourNumber,
  type Instant,
} from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import { queuePriceChanges, reasonOf } from '../pricing/index.ts';
import type { AccountId } from './account.ts';
import { holdBilling } from '../pricing/index.ts';
import { readLineage } from './store.ts';
import { buyerOf } from './tree.ts';

/** At which prices an account buys: those of a list, or those at which its seller buys and so many percent on top. */
export type PricingBasis =
  | { readonly priceListId: string; readonly markupPercent?: undefined }
  | { readonly priceListId?: undefined; readonly markupPercent: Decimal };

/** From an hour of usage on, until another one comes into force: the latest, of several the highest version. */
export type AccountPricing = PricingBasis & {
  readonly accountId: AccountId;
  readonly version: number;
  readonly effectiveFrom: HourNumber;
  readonly createdAt: Instant;
};

/** The pricings of every account, in the order in which they come into force. */
export type AccountPricings = ReadonlyMap<AccountId, readonly AccountPricing[]>;

interface PricingRow {
  readonly account_id: AccountId;
  readonly version: number;
  readonly effective_from: number;
  readonly price_list_id: string | null;
  readonly markup_percent: string | null;
  readonly created_at: Instant;
}

function fromRow(row: PricingRow): AccountPricing {
  const { price_list_id: priceListId, markup_percent: percent } = row;
  const common = {
    accountId: row.account_id,
    version: row.version,
    effectiveFrom: hourNumber(row.effective_from),
    createdAt: row.created_at,
  };
  if (priceListId !== null) return { ...common, priceListId };
  const markupPercent = Decimal.parse(percent ?? '');
  if (markupPercent === undefined) throw new TypeError('a pricing has neither list nor markup');
  return { ...common, markupPercent };
}

export async function readPricings(db: Queryable): Promise<AccountPricings> {
  const { rows } = await db.query<PricingRow>(
    'select * from account_pricing order by account_id, effective_from, version',
  );
  return Map.groupBy(rows.map(fromRow), ({ accountId }) => accountId);
}

/** Those of one account, in the order in which they come into force. */
export async function listPricings(db: Queryable, accountId: AccountId): Promise<AccountPricing[]> {
  const { rows } = await db.query<PricingRow>(
    'select * from account_pricing where account_id = $1 order by effective_from, version',
    [accountId],
  );
  return rows.map(fromRow);
}

/** The pricing of an account that is in force in an hour; undefined while there is none. */
export function pricingAt(
  pricings: AccountPricings,
  accountId: AccountId,
  hour: HourNumber,
): AccountPricing | undefined {
  return pricings.get(accountId)?.findLast(({ effectiveFrom }) => effectiveFrom <= hour);
}

/** Whether, and up to where, what was rated may change. */
export interface PricingOptions {
  readonly correctPast: boolean;
  /** The first hour that has not been rated yet; undefined while nothing has. */
  readonly ratedUpTo: HourNumber | undefined;
}

/**
 * Says at which prices an account buys from an hour of usage on. That what was rated follows is queued in
 * the same transaction.
 *
 * @throws BillingAccountNotFound, PriceListNotFound, PriceInThePast, InvalidProperty for the provider, who
 *   buys from nobody, for an account whose usage an enterprise above it buys, for a markup on the provider,
 *   who has no prices of its own, and for one that is too long or too large
 */
export async function setPricing(
  tx: Queryable,
  accountId: AccountId,
  basis: PricingBasis,
  effectiveFrom: HourNumber,
  { correctPast, ratedUpTo }: PricingOptions,
  { clock, actor }: Changing,
): Promise<AccountPricing> {
  await holdBilling(tx);
  const [account, ...above] = await readLineage(tx, accountId);
  if (account === undefined) throw fail('BillingAccountNotFound', { account: accountId });
  const buyer = buyerOf(account, above);
  if (buyer !== account) {
    const rule = `its usage is bought by the enterprise ${buyer.name} (${buyer.accountId}): set the prices of that one`;
    throw invalidProperty('account', accountId, rule);
  }
  checkBasis(basis, above.find(({ kind }) => kind !== 'enterprise')?.kind);
  const present = await listPricings(tx, accountId);
  const firstRated = present.some(
    (one) => ratedUpTo !== undefined && one.effectiveFrom < ratedUpTo,
  );
  // What had no price so far is not changed by getting one.
  if (!correctPast && firstRated && ratedUpTo !== undefined && effectiveFrom < ratedUpTo) {
    throw fail('PriceInThePast', { effectiveFrom: hourStart(effectiveFrom).toString() });
  }
  const version = Math.max(0, ...present.map((one) => one.version)) + 1;
  const { priceListId, markupPercent } = basis;
  const { rows } = await insertPricing(tx, [
    accountId,
    version,
    effectiveFrom,
    priceListId ?? null,
    markupPercent?.toText() ?? null,
    clock.now().toString(),
  ]);
  const reason = reasonOf('prices of an account', effectiveFrom);
  await queuePriceChanges(tx, [{ accountId, alone: false, from: effectiveFrom, reason }], clock);
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/accounts/write',
    target: `/billingAccounts/${accountId}/pricing`,
    detail: {
      version,
      effectiveFrom: hourStart(effectiveFrom).toString(),
      priceListId: priceListId ?? null,
      markupPercent: markupPercent?.toText() ?? null,
      correctPast,
    },
  });
  return fromRow(rows[0]!);
}

async function insertPricing(
  tx: Queryable,
  values: readonly [AccountId, number, HourNumber, string | null, string | null, string],
): Promise<{ rows: PricingRow[] }> {
  try {
    return await tx.query<PricingRow>(
      `insert into account_pricing (account_id, version, effective_from, price_list_id, markup_percent, created_at)
       values ($1, $2, $3, $4, $5, $6) returning *`,
      values,
    );
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === '23503';
    throw isUnknown ? fail('PriceListNotFound', { priceList: values[3] ?? '' }) : error;
  }
}

const LEAST_MARKUP = Decimal.fromBigInt(-100n);
const MOST_MARKUP = Decimal.fromBigInt(10_000n);
/** Digits after the point of a markup: several of them, a rate of exchange and a price have to fit into one number. */
const MARKUP_SCALE = 6;

function checkBasis({ markupPercent }: PricingBasis, seller: string | undefined): void {
  if (seller === undefined) {
    throw invalidProperty('account', 'provider', 'the provider buys from nobody');
  }
  if (markupPercent === undefined) return;
  const text = markupPercent.toText();
  if (markupPercent.compare(LEAST_MARKUP) <= 0) {
    throw invalidProperty('markupPercent', text, 'it is more than -100');
  }
  if (markupPercent.compare(MOST_MARKUP) > 0 || markupPercent.scale > MARKUP_SCALE) {
    const rule = `it is at most ${MOST_MARKUP.toText()}, with at most ${MARKUP_SCALE} digits after the point`;
    throw invalidProperty('markupPercent', text, rule);
  }
  if (seller === 'provider') {
    const rule = 'the seller is the provider, who buys at no prices: name a price list instead';
    throw invalidProperty('markupPercent', text, rule);
  }
}

/** A pricing as answers and commands have it. */
export function toWirePricing(one: AccountPricing): Readonly<Record<string, unknown>> {
  return {
    version: one.version,
    effectiveFrom: hourStart(one.effectiveFrom).toString(),
    ...(one.priceListId !== undefined && { priceListId: one.priceListId }),
    ...(one.markupPercent !== undefined && { markupPercent: one.markupPercent.toText() }),
    createdAt: one.createdAt.toString(),
  };
}
