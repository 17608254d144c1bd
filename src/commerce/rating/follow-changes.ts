import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Changing } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import {
  readAccountTree,
  readPricings,
  type AccountId,
  type AccountPricings,
  type AccountTree,
} from '../accounts/index.ts';
import {
  listPriceChanges,
  queuePriceChanges,
  removePriceChanges,
  type PriceChange,
} from '../pricing/index.ts';
import type { ItemCache } from './billing-context.ts';
import { accountsToWait, orNote } from './problem-store.ts';
import {
  rerateBuyer,
  type RatingRoom,
  type ReratingProgress,
  type ReratingReport,
} from './rerate.ts';
import { hourRange } from './timelines.ts';

export interface FollowOptions {
  readonly cache?: ItemCache | undefined;
  /** Told after each account. */
  readonly onProgress?: ReratingProgress | undefined;
}

/** What of one buyer may come to other amounts. */
interface Concerned {
  readonly accountId: AccountId;
  readonly from: HourNumber;
  /** The end of its last period that has charges. */
  readonly to: HourNumber;
  readonly reason: string;
}

/**
 * Rates anew what changes of prices that are queued concern: the periods that end after the hour of the change, of each
 * buyer in a transaction of its own, then takes the changes off. Interrupted, it begins again, and what was finished does
 * not change. A buyer that fails is noted, and stays queued alone.
 */
export async function followPriceChanges(
  room: RatingRoom,
  changing: Changing,
  { cache = new Map(), onProgress }: FollowOptions = {},
): Promise<ReratingReport[]> {
  const { pool } = room.database;
  const queued = await listPriceChanges(pool);
  if (queued.length === 0) return [];
  const waiting = await accountsToWait(pool, room.clock.now());
  const changes = queued.filter((one) => one.alone !== true || !waiting.has(one.accountId));
  if (changes.length === 0) return [];
  const buyers = await concernedBy(pool, changes);
  const left: Concerned[] = [];
  const reports: ReratingReport[] = [];
  for (const [at, buyer] of buyers.entries()) {
    const { accountId, from, to, reason } = buyer;
    const request = { accountId, range: hourRange(from, to), reason };
    const outcome = waiting.has(accountId)
      ? undefined
      : await orNote(room, accountId, () => rerateBuyer(room, cache, request, changing));
    if (outcome === undefined || !('done' in outcome)) left.push(buyer);
    else if (outcome.done !== undefined) reports.push(outcome.done);
    onProgress?.(at + 1, buyers.length);
  }
  await room.database.transaction(
    async (tx) => {
      await removePriceChanges(tx, changes);
      const again = left.map((one) => ({ ...one, alone: true }));
      await queuePriceChanges(tx, again, room.clock);
    },
    { retry: true },
  );
  return reports;
}

/** The buyers that have charges which one of the changes may change, each from the earliest hour on. */
async function concernedBy(db: Queryable, changes: readonly PriceChange[]): Promise<Concerned[]> {
  const { rows: buyers } = await db.query<{ id: AccountId; last: number }>(
    `select account_id as id, max(to_hour) as last from billing_period p
     where to_hour > $1 and exists (select from charge c where c.period = p.period)
     group by account_id order by account_id`,
    [Math.min(...changes.map(({ from }) => from))],
  );
  if (buyers.length === 0) return [];
  const tree = await readAccountTree(db);
  const pricings = await readPricings(db);
  return buyers.flatMap(({ id, last }): Concerned[] => {
    const own = changes.filter((one) => one.from < last && concerns(one, id, tree, pricings));
    const [first] = own.toSorted((a, b) => a.from - b.from);
    if (first === undefined) return [];
    return [{ accountId: id, from: first.from, to: hourNumber(last), reason: first.reason }];
  });
}

/** Markups are on what those above pay, so a price list is also that of all below an account that buys by it. */
function concerns(
  { accountId, alone, priceListId }: PriceChange,
  buyer: AccountId,
  tree: AccountTree,
  pricings: AccountPricings,
): boolean {
  if (accountId === buyer) return true;
  if (alone === true) return false;
  const above = tree.ancestors(buyer).map((one) => one.accountId);
  if (accountId !== undefined) return above.some((one) => one === accountId);
  return [buyer, ...above].some((one) =>
    pricings.get(one)?.some((pricing) => pricing.priceListId === priceListId),
  );
}
