import { isGuid } from '../../kernel/index.ts';
import { invalidProperty, type Database, type Tx } from '../../platform/index.ts';
import type { Viewpoint } from './viewpoint.ts';

/** How long one statement may read. */
const MOST_MILLISECONDS = 10_000;

const QUERY_CANCELLED = '57014';

type Side = Pick<Viewpoint, 'account' | 'view'>;

/**
 * Reads costs from one viewpoint: first `prepare` as ourselves, then `read` under the database role of the reader of costs,
 * which shows what the account buys, or what is bought from it directly, and nothing else whatever the statement. Both see
 * one moment. Nothing can be written, and settings end with the transaction.
 *
 * @throws InvalidProperty when a statement takes too long
 */
export async function readFrom<Prepared, T>(
  database: Database,
  viewpoint: Side,
  prepare: (tx: Tx) => Promise<Prepared>,
  read: (tx: Tx, prepared: Prepared) => Promise<T>,
): Promise<T> {
  const [found] = await readFromEach(database, [viewpoint], prepare, (tx, prepared) =>
    read(tx, prepared),
  );
  return found!;
}

/** As {@link readFrom}, of several viewpoints at one moment, each seeing its own side alone. */
export async function readFromEach<View extends Side, Prepared, T>(
  database: Database,
  viewpoints: readonly View[],
  prepare: (tx: Tx) => Promise<Prepared>,
  read: (tx: Tx, prepared: Prepared, viewpoint: View) => Promise<T>,
): Promise<T[]> {
  // SET takes no parameters; nothing but a GUID gets past here.
  if (!viewpoints.every(({ account }) => isGuid(account.accountId))) {
    throw new TypeError('a viewpoint is named by the GUID of an account');
  }
  const work = async (tx: Tx): Promise<T[]> => {
    await tx.query(`set local statement_timeout = ${MOST_MILLISECONDS}`);
    const prepared = await prepare(tx);
    await tx.query(`set local role stackmeter_cost_reader; ${PLAN_SETTINGS}`);
    const found: T[] = [];
    for (const viewpoint of viewpoints) {
      const { accountId } = viewpoint.account;
      const [account, seller] = viewpoint.view === 'buying' ? [accountId, ''] : ['', accountId];
      await tx.query(
        `set local stackmeter.account = '${account}'; set local stackmeter.seller = '${seller}'`,
      );
      found.push(await read(tx, prepared, viewpoint));
    }
    return found;
  };
  try {
    return await database.transaction(work, {
      readOnly: true,
      retry: true,
      isolation: 'repeatable read',
    });
  } catch (error) {
    const isCancelled = error instanceof Error && 'code' in error && error.code === QUERY_CANCELLED;
    if (!isCancelled) throw error;
    throw invalidProperty('from', '', 'reading the range takes too long; ask for less at a time');
  }
}

/**
 * The planner cannot see through the policies and takes what they leave for little. Sums are hashed in memory instead of
 * sorting rows of a month, which are wide; scopes that are wanted are stepped to, or hashed, instead of merging with all
 * there are; and compiling a statement takes longer than running it.
 */
const PLAN_SETTINGS =
  "set local work_mem = '64MB'; set local enable_sort = off; set local enable_mergejoin = off; set local jit = off";
