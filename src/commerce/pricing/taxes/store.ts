import { dayNumber, Decimal, type DayNumber, type Instant } from '../../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import {
  invalidProperty,
  isKeepable,
  type Clock,
  type Queryable,
  type Tx,
} from '../../../platform/index.ts';
import { holdBilling } from '../lock.ts';
import { dayText } from '../rates/exchange-rate.ts';
import type { TaxCategory, TaxRate } from './tax.ts';

/** An entry as somebody makes it. Countries in any case, or `*`. */
export type NewTaxRate = Omit<TaxRate, 'taxRate' | 'createdAt'>;

const LONGEST_REASON = 200;
const MOST_SCALE = 4;
const COUNTRY = /^(?:[A-Z]{2}|\*)$/;

interface TaxRow {
  readonly taxRate: number;
  readonly sellerCountry: string;
  readonly buyerCountry: string;
  readonly businessOnly: boolean;
  readonly category: TaxCategory;
  readonly percent: string;
  readonly reason: string | null;
  readonly fromDay: number;
  readonly createdAt: Instant;
}

const COLUMNS = `tax_rate as "taxRate", seller_country as "sellerCountry", buyer_country as "buyerCountry",
  business_only as "businessOnly", category, percent, reason, from_day as "fromDay", created_at as "createdAt"`;

function fromRow(row: TaxRow): TaxRate {
  const percent = Decimal.parse(row.percent);
  if (percent === undefined) throw new TypeError(`no percentage: ${row.percent}`);
  return { ...row, percent, reason: row.reason ?? undefined, fromDay: dayNumber(row.fromDay) };
}

/** The whole table, by seller, buyer and day. */
export async function listTaxRates(db: Queryable): Promise<TaxRate[]> {
  const { rows } = await db.query<TaxRow>(
    `select ${COLUMNS} from tax_rate
     order by seller_country, buyer_country, business_only, from_day desc, tax_rate desc`,
  );
  return rows.map(fromRow);
}

/**
 * Enters a tax. Earlier entries stay; for a sale the latest that fits counts.
 *
 * @throws InvalidProperty
 */
export async function setTaxRate(tx: Tx, wanted: NewTaxRate, changing: Changing): Promise<TaxRate> {
  const entry = checked(wanted);
  await holdBilling(tx);
  const made = await insert(tx, changing.clock, entry);
  const { taxRate, sellerCountry, buyerCountry, businessOnly, category, percent } = made;
  await appendAudit(tx, changing.clock, {
    actor: changing.actor,
    action: 'Stackmeter.Billing/prices/write',
    target: `/taxRates/${taxRate}`,
    detail: {
      sellerCountry,
      buyerCountry,
      businessOnly,
      category,
      percent: percent.toText(),
      reason: made.reason ?? null,
      from: dayText(made.fromDay),
    },
  });
  return made;
}

async function insert(tx: Tx, clock: Clock, entry: NewTaxRate): Promise<TaxRate> {
  const { rows } = await tx.query<TaxRow>(
    `insert into tax_rate
       (seller_country, buyer_country, business_only, category, percent, reason, from_day, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
    [
      entry.sellerCountry,
      entry.buyerCountry,
      entry.businessOnly,
      entry.category,
      entry.percent.toText(),
      entry.reason ?? null,
      entry.fromDay,
      clock.now().toString(),
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the tax was not kept');
  return fromRow(row);
}

function checked(wanted: NewTaxRate): NewTaxRate {
  const { category, percent, reason } = wanted;
  const sellerCountry = country('sellerCountry', wanted.sellerCountry);
  const buyerCountry = country('buyerCountry', wanted.buyerCountry);
  const isRate = percent.scale <= MOST_SCALE && !percent.isNegative();
  if (!isRate || percent.compare(Decimal.fromBigInt(100n)) > 0) {
    const rule = `it is from 0 to 100, with at most ${MOST_SCALE} digits after the point`;
    throw invalidProperty('percent', percent.toText(), rule);
  }
  if (percent.isZero() === (category === 'S')) {
    const rule = 'it is above zero in the category S, and zero in all others';
    throw invalidProperty('percent', percent.toText(), rule);
  }
  if (reason === undefined && category !== 'S' && category !== 'Z') {
    throw invalidProperty('reason', '', 'invoices have to say why nothing is charged');
  }
  if (reason !== undefined && !isReason(reason)) {
    throw invalidProperty('reason', reason, `it has 1 to ${LONGEST_REASON} printable characters`);
  }
  return { ...wanted, sellerCountry, buyerCountry };
}

function isReason(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_REASON && isKeepable(text);
}

function country(parameter: string, text: string): string {
  const code = text.toUpperCase();
  if (COUNTRY.test(code)) return code;
  throw invalidProperty(parameter, text, 'it is two letters of ISO 3166-1, or *');
}

/**
 * Enters "not subject to VAT" for every sale when the table is empty, so that an installation can invoice before its
 * operator has entered taxes. Cheap when the table has anything.
 */
export async function ensureTaxTable(tx: Tx, clock: Clock): Promise<void> {
  if (await hasEntries(tx)) return;
  await holdBilling(tx);
  if (await hasEntries(tx)) return;
  const anyone: NewTaxRate = {
    sellerCountry: '*',
    buyerCountry: '*',
    businessOnly: false,
    category: 'O',
    percent: Decimal.zero,
    reason: 'Not subject to VAT',
    fromDay: FIRST_DAY,
  };
  await setTaxRate(tx, anyone, { clock, actor: SYSTEM });
}

const FIRST_DAY: DayNumber = dayNumber(0);

async function hasEntries(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.query('select from tax_rate limit 1');
  return (rowCount ?? 0) > 0;
}

/** An entry as answers and the command line have it. */
export function toWireTaxRate(one: TaxRate): Readonly<Record<string, string | number | boolean>> {
  return {
    taxRate: one.taxRate,
    sellerCountry: one.sellerCountry,
    buyerCountry: one.buyerCountry,
    businessOnly: one.businessOnly,
    category: one.category,
    percent: one.percent.toText(),
    ...(one.reason !== undefined && { reason: one.reason }),
    from: dayText(one.fromDay),
    createdAt: one.createdAt.toString(),
  };
}
