import { hourNumber, hourStart, type HourNumber } from '../../kernel/index.ts';
import type { Clock, Queryable } from '../../platform/index.ts';

/** Whose prices changed: those of all who buy by a list, or of an account and of those below it. */
export type ChangedPrices =
  | { readonly priceListId: string; readonly accountId?: undefined; readonly alone?: undefined }
  | {
      readonly priceListId?: undefined;
      readonly accountId: string;
      /** Whether those below, who may buy at what it pays, are left out. */
      readonly alone: boolean;
    };

/** A change of prices that what was rated does not follow yet. */
export type PriceChange = ChangedPrices & {
  /** In the order in which they were made. */
  readonly change: bigint;
  /** Periods that end after this hour may come to other amounts. */
  readonly from: HourNumber;
  readonly reason: string;
};

export type NewPriceChange = ChangedPrices & Pick<PriceChange, 'from' | 'reason'>;

/**
 * Has what was rated follow changes of prices: in the transaction that makes them, so that neither is there without the
 * other. Also for a time to come: a minimum that holds for a part of a period is another one when the price changes in it.
 */
export async function queuePriceChanges(
  tx: Queryable,
  changed: readonly NewPriceChange[],
  clock: Clock,
): Promise<void> {
  if (changed.length === 0) return;
  await tx.query(
    `insert into price_change (account_id, price_list_id, alone, from_hour, reason, created_at)
     select account, list, alone, from_hour, reason, $6
     from unnest($1::uuid[], $2::text[], $3::boolean[], $4::int[], $5::text[]) with ordinality
          as given (account, list, alone, from_hour, reason, at) order by at`,
    [
      changed.map(({ accountId }) => accountId ?? null),
      changed.map(({ priceListId }) => priceListId ?? null),
      changed.map(({ alone }) => alone ?? false),
      changed.map(({ from }) => from),
      changed.map(({ reason }) => reason),
      clock.now().toString(),
    ],
  );
}

interface ChangeRow {
  readonly change: bigint;
  readonly account_id: string | null;
  readonly price_list_id: string | null;
  readonly alone: boolean;
  readonly from_hour: number;
  readonly reason: string;
}

/** What is waiting, the oldest first. */
export async function listPriceChanges(db: Queryable): Promise<PriceChange[]> {
  const { rows } = await db.query<ChangeRow>(
    'select change, account_id, price_list_id, alone, from_hour, reason from price_change order by change',
  );
  return rows.flatMap((row): PriceChange[] => {
    const { change, reason, alone, account_id: accountId, price_list_id: priceListId } = row;
    const common = { change, reason, from: hourNumber(row.from_hour) };
    if (priceListId !== null) return [{ ...common, priceListId }];
    return accountId === null ? [] : [{ ...common, accountId, alone }];
  });
}

/** Takes off what was followed. */
export async function removePriceChanges(
  tx: Queryable,
  changes: readonly PriceChange[],
): Promise<void> {
  await tx.query('delete from price_change where change = any($1::bigint[])', [
    changes.map(({ change }) => change.toString()),
  ]);
}

/** Whether what an account pays may still follow a change, of its own, of one above it or of a price list. */
export async function isPriceChangeQueued(
  db: Queryable,
  accountId: string,
  above: readonly string[],
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'price-change-queued',
    text: `select from price_change
           where price_list_id is not null or account_id = $1 or (not alone and account_id = any($2::uuid[]))
           limit 1`,
    values: [accountId, above],
  });
  return rowCount === 1;
}

/** The reason for a change of prices from an hour on, as runs of rating keep it. */
export function reasonOf(what: string, from: HourNumber): string {
  return `${what} from ${hourStart(from).toString()} on`;
}
