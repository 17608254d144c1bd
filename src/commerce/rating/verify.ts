import type { Database, Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { readBillingContext, type ItemCache } from './billing-context.ts';
import { hasDifferences, listDifferences, type RatingDifference } from './compare-store.ts';
import { recompute } from './recompute.ts';
import { hourRange, imaginePlansOf, type PeriodHours } from './timelines.ts';

/** What is verified; all that was ever rated unless given. */
export interface VerificationRequest {
  /** Of this buyer. */
  readonly accountId?: AccountId | undefined;
  /** Such as 202610-1. */
  readonly periodName?: string | undefined;
  /** Told after each account. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** What is kept of an account and is not what it should be. */
export interface AccountDifference extends RatingDifference {
  readonly accountId: AccountId;
  readonly periodName: string;
}

export interface RatingVerdict {
  /** Periods that were found out anew. */
  readonly checked: number;
  /** At most 1,000 of each account. */
  readonly differences: readonly AccountDifference[];
}

const MOST_DIFFERENCES = 1000;

interface NamedPeriod extends PeriodHours {
  readonly accountId: AccountId;
  readonly name: string;
}

/**
 * Finds charges and lines out anew from every row of the windows that have been rated, and compares them with what is
 * kept, to the last digit. Each account is seen at one moment; rating goes on meanwhile.
 */
export async function verifyRating(
  { database }: { readonly database: Database },
  { accountId, periodName, onProgress }: VerificationRequest = {},
): Promise<RatingVerdict> {
  const periods = await periodsToVerify(database.pool, accountId, periodName);
  const byAccount = Map.groupBy(periods, (one) => one.accountId);
  const cache: ItemCache = new Map();
  const differences: AccountDifference[] = [];
  let done = 0;
  for (const [account, own] of byAccount) {
    differences.push(...(await verifyAccount(database, cache, account, own)));
    done += 1;
    onProgress?.(done, byAccount.size);
  }
  return { checked: periods.length, differences };
}

async function periodsToVerify(
  db: Queryable,
  accountId: AccountId | undefined,
  name: string | undefined,
): Promise<NamedPeriod[]> {
  const { rows } = await db.query<NamedPeriod>(
    `select period, account_id as "accountId", name, from_hour as "fromHour", to_hour as "toHour" from billing_period
     where ($1::uuid is null or account_id = $1) and ($2::text is null or name = $2)
     order by account_id, from_hour`,
    [accountId ?? null, name ?? null],
  );
  return rows;
}

async function verifyAccount(
  database: Database,
  cache: ItemCache,
  accountId: AccountId,
  named: readonly NamedPeriod[],
): Promise<AccountDifference[]> {
  const periods = named.map(({ period, fromHour, toHour }) => ({
    period,
    ...hourRange(fromHour, toHour),
  }));
  const names = new Map(named.map(({ period, name }) => [period, name]));
  return database.transaction(
    async (tx) => {
      const context = await readBillingContext(tx, cache);
      const request = { accountId, periods, numberPlans: imaginePlansOf };
      const isCompared = (await recompute(tx, context, request)) !== undefined;
      if (!isCompared || !(await hasDifferences(tx))) return [];
      const found = await listDifferences(tx, MOST_DIFFERENCES);
      return found.map((one) => ({
        ...one,
        accountId,
        periodName: names.get(one.period) ?? '',
      }));
    },
    { isolation: 'repeatable read', retry: true },
  );
}
