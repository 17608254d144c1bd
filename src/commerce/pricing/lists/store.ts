import { hourNumber, type Instant } from '../../../kernel/index.ts';
import type { Queryable, Tx } from '../../../platform/index.ts';
import type { PriceListVersion } from '../price.ts';
import { parsePriceList, priceListToWire } from './content.ts';

/** A price list without its versions. */
export interface PriceList {
  readonly priceListId: string;
  readonly name: string;
  readonly currency: string;
  readonly createdAt: Instant;
  /** How many versions it has; the newest has this number. */
  readonly versions: number;
  /** Whether its newest version is an example. */
  readonly sample: boolean;
}

/** All price lists, by id. */
export async function listPriceLists(db: Queryable): Promise<PriceList[]> {
  const { rows } = await db.query<PriceList>(
    `select price_list_id as "priceListId", name, currency, created_at as "createdAt",
            newest.version as versions, newest.sample
     from price_list
     cross join lateral (
       select version, sample from price_list_version
       where price_list_version.price_list_id = price_list.price_list_id
       order by version desc limit 1
     ) newest
     order by price_list_id`,
  );
  return rows;
}

/** A version without what it says. */
export type DatedVersion = Pick<PriceListVersion, 'version' | 'effectiveFrom'>;

interface VersionRow {
  readonly price_list_id: string;
  readonly version: number;
  readonly effective_from: number;
  readonly sample: boolean;
  readonly note: string;
  readonly content: string;
  readonly published_at: Instant;
}

function fromRow(row: VersionRow): PriceListVersion {
  const { content } = parsePriceList(row.content);
  // Written by us and never changed since; what a later release cannot read must not be rated by.
  if (content === undefined) {
    throw new Error(`version ${row.version} of the price list ${row.price_list_id} is unreadable`);
  }
  return {
    priceListId: row.price_list_id,
    version: row.version,
    effectiveFrom: hourNumber(row.effective_from),
    sample: row.sample,
    note: row.note,
    publishedAt: row.published_at,
    content,
  };
}

/** Every version of a price list, oldest first; none when there is no such list. */
export async function priceListVersions(
  db: Queryable,
  priceListId: string,
): Promise<PriceListVersion[]> {
  const { rows } = await db.query<VersionRow>(
    'select * from price_list_version where price_list_id = $1 order by version',
    [priceListId],
  );
  return rows.map(fromRow);
}

/** When the versions of these price lists come into force, by the id of the list; what they say is not read. */
export async function datedVersions(
  db: Queryable,
  priceListIds: readonly string[],
): Promise<ReadonlyMap<string, readonly DatedVersion[]>> {
  const { rows } = await db.query<{ id: string; version: number; from: number }>(
    `select price_list_id as id, version, effective_from as "from" from price_list_version
     where price_list_id = any($1::text[]) order by price_list_id, version`,
    [priceListIds],
  );
  const dated = rows.map(({ id, version, from }) => ({
    id,
    version,
    effectiveFrom: hourNumber(from),
  }));
  return Map.groupBy(dated, ({ id }) => id);
}

/** One version of a price list; undefined when there is none. */
export async function findPriceListVersion(
  db: Queryable,
  priceListId: string,
  version: number,
): Promise<PriceListVersion | undefined> {
  const { rows } = await db.query<VersionRow>(
    'select * from price_list_version where price_list_id = $1 and version = $2',
    [priceListId, version],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The number and content of the newest version, and the currency that the list has for ever. */
export async function readNewest(
  tx: Tx,
  priceListId: string,
): Promise<{ readonly version: number; readonly currency: string } | undefined> {
  const { rows } = await tx.query<{ version: number; currency: string }>(
    `select coalesce(max(version), 0) as version, currency
     from price_list left join price_list_version using (price_list_id)
     where price_list_id = $1 group by currency`,
    [priceListId],
  );
  return rows[0];
}

/** Adds a version, and the list with its first one. The list is called what its newest version says. */
export async function insertVersion(tx: Tx, published: PriceListVersion): Promise<void> {
  const { priceListId, content, publishedAt } = published;
  await tx.query(
    `insert into price_list (price_list_id, name, currency, created_at) values ($1, $2, $3, $4)
     on conflict (price_list_id) do update set name = excluded.name`,
    [priceListId, content.name, content.currency, publishedAt.toString()],
  );
  await tx.query(
    `insert into price_list_version
       (price_list_id, version, effective_from, sample, note, content, published_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      priceListId,
      published.version,
      published.effectiveFrom,
      published.sample,
      published.note,
      JSON.stringify(priceListToWire(content)),
      publishedAt.toString(),
    ],
  );
}
