import { isGuid, type SubscriptionId } from '../../kernel/index.ts';
import { invalidProperty, orTakesTooLong, type Database, type Tx } from '../../platform/index.ts';

/** How long one statement may read. */
const MOST_MILLISECONDS = 10_000;

/** Who reads, and what for. */
export interface AccountQuestion {
  readonly account: SubscriptionId;
  /** The parameter to change when it takes too long to read, and its value. */
  readonly asked: readonly [name: string, value: string];
  /** Milliseconds that a statement may take; 10,000 unless given. */
  readonly bound?: number;
}

/**
 * Reads what is booked on one account: first `prepare` as ourselves, then `read` under the database role of the
 * account's reader, which shows no other account's rows whatever the statement: neither what is booked on others, nor
 * what other billing accounts pay and get invoiced. Both see one moment, so that what `prepare` says of windows holds for
 * the rows. Nothing can be written, and settings end with the transaction.
 *
 * @throws InvalidProperty when a statement takes too long
 */
export async function readAsAccount<Prepared, T>(
  database: Database,
  { account, asked: [parameter, value], bound = MOST_MILLISECONDS }: AccountQuestion,
  prepare: (tx: Tx) => Promise<Prepared>,
  read: (tx: Tx, prepared: Prepared) => Promise<T>,
): Promise<T> {
  const work = async (tx: Tx): Promise<T> => {
    await tx.query(`set local statement_timeout = ${bound}`);
    const prepared = await prepare(tx);
    await tx.query(
      `select set_config('stackmeter.account', coalesce(
         (select account_id::text from billing_account where subscription_id = '${quotable(account)}'), ''), true);
       set local role stackmeter_customer_reader; set local stackmeter.subscription = '${quotable(account)}'; ${PLAN_SETTINGS}`,
    );
    return read(tx, prepared);
  };
  return orTakesTooLong(
    () => database.transaction(work, { readOnly: true, retry: true, isolation: 'repeatable read' }),
    () => invalidProperty(parameter, value, 'reading it takes too long; ask for less at a time'),
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
