import type { HourNumber } from '../../../kernel/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Database, Queryable } from '../../../platform/index.ts';
import type { PriceListVersion } from '../price.ts';
import { priceListToWire } from './content.ts';
import { publishPriceList, type NewPriceListVersion } from './publish.ts';
import { holdBilling } from '../lock.ts';
import { findPriceListVersion, readNewest } from './store.ts';

/** What publishing needs to know of rating, which comes later on the way to invoices. */
export interface Publishing {
  readonly database: Database;
  /** The first hour of usage that has not been rated yet; undefined when nothing was. */
  readonly ratedUpTo: (db: Queryable) => Promise<HourNumber | undefined>;
  /** Rates anew what changes of prices that are queued ask for. What it does not come to, the next run of rating does. */
  readonly followPriceChanges: () => Promise<void>;
}

/** What was published, and whether that corrected the past. */
export interface Published {
  readonly version: PriceListVersion;
  /** Whether the very version was there already. */
  readonly isKnown: boolean;
  readonly isCorrection: boolean;
}

export type WantedVersion = Omit<NewPriceListVersion, 'ratedUpTo'>;

/**
 * Publishes a version in a transaction of its own, in which rating cannot go on, then has what was rated follow it.
 *
 * @param once whether a version that says the very same as the newest is not published again
 * @throws as publishing does, and what `followPriceChanges` throws: the version is there all the same then
 */
export async function publishVersion(
  { database, ratedUpTo, followPriceChanges }: Publishing,
  wanted: WantedVersion,
  changing: Changing,
  { once = false }: { readonly once?: boolean } = {},
): Promise<Published> {
  const { priceListId, effectiveFrom } = wanted;
  const published = await database.transaction(async (tx): Promise<Published> => {
    await holdBilling(tx);
    const newest = await readNewest(tx, priceListId);
    const rated = await ratedUpTo(tx);
    const isPast = newest !== undefined && rated !== undefined && effectiveFrom < rated;
    if (once && newest !== undefined) {
      const known = await findPriceListVersion(tx, priceListId, newest.version);
      if (known !== undefined && isSame(known, wanted)) {
        // Followed once more: the time before may have been interrupted, and what is right already does not change.
        return { version: known, isKnown: true, isCorrection: isPast && wanted.correctPast };
      }
    }
    const version = await publishPriceList(tx, { ...wanted, ratedUpTo: rated }, changing);
    return { version, isKnown: false, isCorrection: isPast };
  });
  await followPriceChanges();
  return published;
}

function isSame(known: PriceListVersion, wanted: WantedVersion): boolean {
  const texts = [known, wanted].map(({ content, effectiveFrom, sample, note }) =>
    JSON.stringify([priceListToWire(content), effectiveFrom, sample, note]),
  );
  return texts[0] === texts[1];
}
