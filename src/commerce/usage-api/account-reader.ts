import { isGuid, type SubscriptionId } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/index.ts';

/**
 * Reads what is booked on one account: first `prepare` as ourselves, then `read` under the database role of the
 * account's reader, which shows no other account's rows whatever the statement. Both see one moment, so that what
 * `prepare` says of windows holds for the rows. Nothing can be written, and settings end with the transaction.
 */
export async function readAsAccount<Prepared, T>(
  database: Database,
  account: SubscriptionId,
  prepare: (tx: Tx) => Promise<Prepared>,
  read: (tx: Tx, prepared: Prepared) => Promise<T>,
): Promise<T> {
  return database.transaction(
    async (tx) => {
      const prepared = await prepare(tx);
      await tx.query(
        `set local role stackmeter_customer_reader; set local stackmeter.subscription = '${quotable(account)}'; ${PLAN_SETTINGS}`,
      );
      return read(tx, prepared);
    },
    { readOnly: true, retry: true, isolation: 'repeatable read' },
  );
}

/**
 * A page looks a thousand resources up by key. The planner does not know that from the statement, which it plans once
 * for all pages, and would rather read all resources there are, for each page.
 */
const PLAN_SETTINGS = 'set local enable_hashjoin = off; set local enable_mergejoin = off';

/** SET takes no parameters; nothing but a GUID gets past here. */
function quotable(id: SubscriptionId): string {
  if (!isGuid(id)) throw new TypeError('a reader is named by the GUID of a subscription');
  return id;
}
