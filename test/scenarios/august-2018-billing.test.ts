import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { findAccountBySubscription, findPeriod } from '../../src/commerce/accounts/index.ts';
import { balancesOf, verifyLedger } from '../../src/commerce/ledger/index.ts';
import {
  chargesOfPeriod,
  rateAcceptedUsage,
  verifyRating,
  type Charge,
} from '../../src/commerce/rating/index.ts';
import {
  isJsonObject,
  NumberText,
  parseExactJson,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { fixedClock, projectFolder } from '../../src/platform/index.ts';
import { addCustomer, addStamp, hourAt, reportUsage } from '../support/billing.ts';
import { withTestDatabase } from '../support/database.ts';

/** What clients of a real stamp exported in August 2018. */
const FILE = join(projectFolder, '../shared/data/usage-summary-2018-08.json');

/**
 * The prices at which the cloud was released, in US dollars, for a unit of the meter; the others of the file cost
 * nothing, or were never published and are an example. Blobs are in GB and hours: 0.006 a month of 720 hours.
 */
const PRICES: Readonly<Record<string, string>> = {
  'fab6eb84-500b-4a09-a8ca-7358f8bbaea5': '0.008',
  '9cd92d4c-bafd-4492-b278-bedc2de8232a': '0.046',
  '09f8879e-87e9-4305-a572-4b7be209f857': '0.0000083333',
  'b4438d5d-453b-4ee1-b42a-dc72e377f1e4': '0.000025',
  'b03c6ae7-b080-4bfa-84a3-22c800f315c6': '0.000025',
  'b5c15376-6c94-4fdd-b655-1a69d138aca3': '0.00005',
  '190c935e-9ada-48ff-9ab8-56ea1cf9adaa': '0.056',
};

/** Digits after the point that the arithmetic of this test has: more than any product of the file needs. */
const DIGITS = 60;

interface Row {
  readonly day: string;
  readonly subscription: SubscriptionId;
  readonly meter: string;
  /** As written. */
  readonly quantity: string;
}

function rowsOfFile(): Row[] {
  const content = parseExactJson(readFileSync(FILE, 'utf8'));
  assert.ok(isJsonObject(content) && Array.isArray(content['rows']));
  return content['rows'].map((row: unknown) => {
    assert.ok(isJsonObject(row));
    const { UsageStartTime: day, subscription, MeterId: meter, Quantity: quantity } = row;
    assert.ok(typeof day === 'string' && typeof subscription === 'string');
    assert.ok(typeof meter === 'string' && quantity instanceof NumberText);
    const id = parseSubscriptionId(subscription)!;
    return { day, subscription: id, meter: meter.toLowerCase(), quantity: quantity.text };
  });
}

/** A number as JSON has it, times 10^60, without the arithmetic of the product. */
function units(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? assert.fail(text);
  const zeros = DIGITS - fraction.length + Number.parseInt(exponent, 10);
  assert.ok(zeros >= 0);
  const value = BigInt(whole + fraction) * 10n ** BigInt(zeros);
  return sign === '-' ? -value : value;
}

function product(quantity: string, price: string): bigint {
  const scaled = units(quantity) * units(price);
  assert.equal(scaled % 10n ** BigInt(DIGITS), 0n, 'the product ends within the digits');
  return scaled / 10n ** BigInt(DIGITS);
}

function addTo(sums: Map<string, bigint>, key: string, value: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + value);
}

function entries(sums: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

describe('the usage of a real stamp in August 2018, billed at the release prices', () => {
  assert.ok(
    existsSync(FILE),
    `The export of a real stamp is missing: ${FILE}. Put usage-summary-2018-08.json into the folder ../shared/data beside the project.`,
  );
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2018-09-02T00:00Z'));
  const rows = rowsOfFile();
  const charges: Charge[] = [];

  before(async () => {
    const { database } = test;
    // Each subscription of the stamp has a customer of its own.
    const customers = new Map<SubscriptionId, SubscriptionId>();
    for (const { subscription } of rows) {
      if (!customers.has(subscription)) customers.set(subscription, await addCustomer(database));
    }
    const [base] = customers.values();
    const stamp = await addStamp(database, base!, { from: hourAt('2018-08-23T00:00Z') });
    const byDay = Map.groupBy(rows, ({ day }) => day);
    for (const [day, own] of [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const usage = own.map((row, at) => ({
        customer: customers.get(row.subscription)!,
        subscriptionId: row.subscription,
        meterId: row.meter,
        usageHour: hourAt(day) + (at % 24),
        quantity: row.quantity,
        name: `row${at}`,
      }));
      await reportUsage(database, stamp, hourAt(day) + 24, usage);
    }
    const report = await rateAcceptedUsage({ database, clock }, { rowsAtOnce: 1000 });
    assert.equal(report.rows, rows.length);
    for (const customer of customers.values()) {
      const account = await findAccountBySubscription(database.pool, customer);
      const period = await findPeriod(database.pool, account!.accountId, '201808-1');
      charges.push(...(await chargesOfPeriod(database.pool, period!.period)));
    }
  });

  it('has every quantity, to the last digit', () => {
    const wanted = new Map<string, bigint>();
    for (const { subscription, meter, quantity } of rows) {
      addTo(wanted, `${subscription} ${meter}`, units(quantity));
    }
    const found = new Map<string, bigint>();
    for (const { subscriptionId, meterId, quantity } of charges) {
      addTo(found, `${subscriptionId} ${meterId.toLowerCase()}`, units(quantity.toText()));
    }
    assert.equal(rows.length, 2822);
    assert.deepEqual(entries(found), entries(wanted));
  });

  it('costs for each subscription and meter what quantity times price is, to the last digit', () => {
    const wanted = new Map<string, bigint>();
    for (const { subscription, meter, quantity } of rows) {
      addTo(wanted, `${subscription} ${meter}`, product(quantity, PRICES[meter] ?? '0'));
    }
    const found = new Map<string, bigint>();
    for (const { subscriptionId, meterId, amount } of charges) {
      assert.ok(amount, `${meterId} has a price, or is not paid`);
      addTo(found, `${subscriptionId} ${meterId.toLowerCase()}`, units(amount.toText()));
    }
    assert.deepEqual(entries(found), entries(wanted));
    const total = [...wanted.values()].reduce((sum, one) => sum + one, 0n);
    assert.ok(total > units('100'), 'there is something to bill');
  });

  it('is in the ledger, and the same when it is found out anew', async () => {
    const { database } = test;
    const { differences } = await verifyRating({ database });
    assert.deepEqual(differences, []);
    const { balanced } = await verifyLedger(database.pool);
    assert.equal(balanced, true);
    const balances = await balancesOf(database.pool);
    const unbilled = balances.filter(({ account }) => account === 'unbilled');
    const booked = unbilled.reduce((sum, { balance }) => sum + units(balance.toText()), 0n);
    const charged = charges.reduce((sum, { amount }) => sum + units(amount?.toText() ?? '0'), 0n);
    assert.equal(booked, charged);
  });
});
