import type { Queryable } from '../../../platform/index.ts';
import { findPriceListVersion, type PriceItem } from '../../pricing/index.ts';
import type { Charge } from '../../rating/index.ts';
import type { ItemOf } from './charge-parts.ts';

/**
 * What versions of price lists ask for meters, as far as it has been read: for a run that invoices many
 * accounts, which share a few lists. Versions never change.
 */
export type PriceMemory = Map<string, ReadonlyMap<string, PriceItem>>;

/** What the price lists of these charges ask for their meters. */
export async function priceItems(
  db: Queryable,
  charges: readonly Charge[],
  memory: PriceMemory,
): Promise<ItemOf> {
  for (const { priceListId, priceListVersion } of charges) {
    if (priceListId === undefined || priceListVersion === undefined) continue;
    const key = `${priceListId} ${priceListVersion}`;
    if (memory.has(key)) continue;
    const version = await findPriceListVersion(db, priceListId, priceListVersion);
    const items = version?.content.items ?? [];
    memory.set(key, new Map(items.map((item) => [item.meterId.toLowerCase(), item])));
  }
  return ({ priceListId, priceListVersion, meterId }) =>
    memory.get(`${priceListId} ${priceListVersion}`)?.get(meterId.toLowerCase());
}
