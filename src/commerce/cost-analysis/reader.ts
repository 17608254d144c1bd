import { isGuid } from '../../kernel/index.ts';
import { invalidProperty, type Database, type Tx } from '../../platform/index.ts';
import type { Viewpoint } from './viewpoint.ts';

/** How long one statement may read. */
const MOST_MILLISECONDS = 10_000;

const QUERY_CANCELLED = '57014';

/**
 * Reads costs from one viewpoint: first `prepare` as ourselves, then `read` under the database role of the reader of costs,
 * which shows what the account buys, or what is bought from it directly, and nothing else whatever the statement. Both see
 * one moment. Nothing can be written, and settings end with the transaction.
 *
 * @throws InvalidProperty when a statement takes too long
 */
export async function readFrom<Prepared, T>(
  database: Database,
  { account: { accountId }, view }: Pick<Viewpoint, 'account' | 'view'>,
  prepare: (tx: Tx) => Promise<Prepared>,
  read: (tx: Tx, prepared: Prepared) => Promise<T>,
): Promise<T> {
  // SET takes no parameters; nothing but a GUID gets past here.
  if (!isGuid(accountId)) throw new TypeError('a viewpoint is named by the GUID of an account');
  const setting = view === 'buying' ? 'stackmeter.account' : 'stackmeter.seller';
  const work = async (tx: Tx): Promise<T> => {
    await tx.query(`set local statement_timeout = ${MOST_MILLISECONDS}`);
    const prepared = await prepare(tx);
    await tx.query(
      `set local role stackmeter_cost_reader; set local ${setting} = '${accountId}'; ${PLAN_SETTINGS}`,
    );
    return read(tx, prepared);
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
 * Sums of a large account are hashed in memory. The planner, which cannot see through the policies, takes them for few and
 * would sort millions of rows; and compiling a statement takes longer than running it.
 */
const PLAN_SETTINGS =
  "set local work_mem = '64MB'; set local enable_sort = off; set local jit = off";
