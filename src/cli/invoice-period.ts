import { findPeriod, listPeriods, type BillingPeriod } from '../commerce/accounts/index.ts';
import { fail } from '../kernel/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import type { Arguments } from './arguments.ts';
import type { OpenStamp } from './context.ts';

/**
 * The period that somebody means: of the account that is named first, by --period, or the first that is
 * not invoiced.
 *
 * @throws BillingAccountNotFound, InvalidProperty
 */
export async function requirePeriod(open: OpenStamp, values: Arguments): Promise<BillingPeriod> {
  const { accountId } = requireAccount(await readAccounts(open), values.operand(0));
  const { pool } = open.database;
  const name = values.optional('period');
  const found =
    name === undefined
      ? (await listPeriods(pool, accountId)).findLast(({ state }) => state !== 'Issued')
      : await findPeriod(pool, accountId, name);
  if (found !== undefined) return found;
  const rule =
    name === undefined
      ? 'the account has no period that is not invoiced'
      : 'the account has no period of this name';
  throw fail('InvalidProperty', { parameter: '--period', value: name ?? '', rule });
}
