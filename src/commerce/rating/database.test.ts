import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type UsageRow,
} from '../../../test/support/billing.ts';
import { hourNumber, parseSubscriptionId, type Decimal } from '../../kernel/index.ts';
import { decimalOf, type Tx } from '../../platform/index.ts';
import { verifyLedger } from '../ledger/index.ts';
import { salesOf, type AccountId } from '../accounts/index.ts';
import type { PriceItem } from '../pricing/index.ts';
import { readBillingContext } from './billing-context.ts';
import { imaginePlans } from './plan-store.ts';
import { rateAcceptedUsage } from './rate.ts';
import { rerate } from './rerate.ts';
import type { Timeline } from './spans.ts';
import { subscription } from './test-cases.ts';
import {
  amountsOf,
  chargeKey,
  foldWindow,
  NOTHING,
  sorted,
  type ModelRow,
  type ModelState,
} from './test-model.ts';
import { contentOf, d, itemsFor, quantities } from './test-prices.ts';
import { withTestRoom, type TestBuyer, type TestRoom } from './test-room.ts';
import { draftTimeline, finishTimeline, hourRange, readPeriods } from './timelines.ts';
import { verifyRating } from './verify.ts';

/** Some hours before a month ends in Paris, in Kolkata and in UTC. */
const START = hourAt('2026-09-29T12:00Z');
const HOURS = 72;
const RUNS = 100;

const METER_IDS = [METERS.baseVm, METERS.windowsVm] as const;

interface DatabaseCase {
  readonly accounts: readonly { readonly timeZone: string; readonly billingDay: number }[];
  readonly hasEnterprise: boolean;
  readonly markup: Decimal;
  /** Versions of the price list with the hours after the start from which on they are in force. */
  readonly versions: readonly (readonly [number, readonly PriceItem[]])[];
  readonly correction: readonly PriceItem[];
  readonly windows: readonly (readonly RowCase[])[];
  readonly rowsAtOnce: number;
}

interface RowCase {
  readonly customer: number;
  readonly subscription: number;
  readonly meter: number;
  readonly name: number;
  readonly usageHour: number;
  readonly billable: boolean;
  readonly quantity: Decimal;
}

const itemLists = fc
  .tuple(itemsFor(METER_IDS[0]), fc.option(itemsFor(METER_IDS[1]), { nil: undefined }))
  .map((items) => items.filter((item) => item !== undefined));

const rows: fc.Arbitrary<RowCase[]> = fc.uniqueArray(
  fc.record({
    customer: fc.integer({ min: 0, max: 1 }),
    subscription: fc.integer({ min: 1, max: 2 }),
    meter: fc.integer({ min: 0, max: 1 }),
    name: fc.integer({ min: 1, max: 2 }),
    usageHour: fc.integer({ min: 0, max: HOURS - 1 }),
    billable: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
    quantity: quantities,
  }),
  {
    maxLength: 10,
    selector: ({ subscription: s, meter, name, usageHour }) =>
      [s, meter, name, usageHour].join(' '),
  },
);

const cases: fc.Arbitrary<DatabaseCase> = fc.record({
  accounts: fc.array(
    fc.record({
      timeZone: fc.constantFrom('UTC', 'Europe/Paris', 'Asia/Kolkata'),
      billingDay: fc.constantFrom(1, 30 - 2, 1),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  hasEnterprise: fc.boolean(),
  markup: fc.constantFrom('0', '10', '-12.5').map(d),
  versions: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: HOURS }), itemLists), {
      maxLength: 2,
      selector: ([hour]) => hour,
    })
    .chain((later) => itemLists.map((first) => [[-START, first] as const, ...later])),
  correction: itemLists,
  windows: fc.array(rows, { minLength: 1, maxLength: 4 }),
  rowsAtOnce: fc.integer({ min: 1, max: 20 }),
});

/** What a case made of the database. */
interface Made {
  readonly priceListId: string;
  readonly customers: readonly TestBuyer[];
  /** All that buy. */
  readonly buyers: readonly AccountId[];
  readonly windows: readonly (readonly ModelRow[])[];
}

let made = 0;

async function make(commerce: TestRoom, one: DatabaseCase): Promise<Made> {
  const { test, addBuyer, addPartner, publish, price } = commerce;
  made += 1;
  const priceListId = `list-${made}`;
  for (const [hour, items] of one.versions) {
    await publish(priceListId, contentOf(items), START + hour);
  }
  const partner = await addPartner(one.accounts[0]);
  await price(partner, { priceListId });
  const above = one.hasEnterprise
    ? await addBuyer({ ...one.accounts[1], kind: 'enterprise', parentId: partner })
    : undefined;
  const parentId = above?.accountId ?? partner;
  const customers = [
    await addBuyer({ ...one.accounts[1], parentId }),
    await addBuyer({ ...one.accounts[2], parentId }),
  ];
  const markedUp = above === undefined ? customers : [above];
  for (const { accountId } of markedUp) await price(accountId, { markupPercent: one.markup });
  const from = START + HOURS;
  const stamp = await addStamp(test.database, customers[0]!.customer, { from });
  for (const [at, all] of one.windows.entries()) {
    await reportUsage(
      test.database,
      stamp,
      from + at,
      all.map((row) => usageOf(row, customers)),
    );
  }
  const { rows: stored } = await test.database.pool.query<
    Omit<ModelRow, 'quantity'> & { readonly quantity: string }
  >(
    `select reported_hour as "reportedHour", customer_subscription_id as customer, subscription_id as "subscriptionId",
            meter, lower(commerce_meter_id) as "meterKey", billable, resource_key as "resourceKey",
            usage_hour as "usageHour", quantity
     from reported_usage join commerce_meter using (meter) where registration_number = $1`,
    [stamp.registration],
  );
  const kept = stored.map((row): ModelRow => ({ ...row, quantity: decimalOf(row.quantity) }));
  const buyers = [partner, ...markedUp.map(({ accountId }) => accountId)];
  const windows = [...Map.groupBy(kept, (row) => row.reportedHour).values()];
  return { priceListId, customers, buyers, windows };
}

function usageOf(row: RowCase, customers: readonly TestBuyer[]): UsageRow {
  return {
    customer: customers[row.customer]!.customer,
    // A subscription of the stamp is one customer's.
    subscriptionId: parseSubscriptionId(
      subscription('a', 1000 * made + 10 * row.customer + row.subscription),
    )!,
    meterId: METER_IDS[row.meter]!,
    usageHour: START + row.usageHour,
    quantity: row.quantity,
    name: `vm${row.name}`,
    billable: row.billable,
  };
}

/** Timelines with the numbers that plans have in the database. */
async function timelinesOf(tx: Tx, { buyers, customers }: Made): Promise<Timeline[]> {
  const context = await readBillingContext(tx, new Map());
  const periods = await readPeriods(tx, buyers, hourRange(0, 2 ** 31 - 1));
  const found: Timeline[] = [];
  for (const accountId of buyers) {
    const sale = customers
      .flatMap(({ customer }) => salesOf(context.tree, customer))
      .find(({ buyer }) => buyer.accountId === accountId)!;
    const draft = await draftTimeline(context, sale, periods.get(accountId) ?? []);
    const numbers = await imaginePlans(
      tx,
      draft.stretches.map(({ terms }) => terms),
    );
    found.push(await finishTimeline(context, draft, numbers));
  }
  return found;
}

/** What the model says, and what the database has, of all that is not zero. */
async function compare(commerce: TestRoom, one: Made): Promise<void> {
  const { database } = commerce.test;
  const timelines = await database.transaction((tx) => timelinesOf(tx, one));
  const byCustomer = new Map(one.customers.map(({ customer }) => [customer, timelines]));
  const [partner, ...others] = timelines;
  // Each customer has the account of its own, unless an enterprise buys for all.
  for (const [at, { customer }] of one.customers.entries()) {
    byCustomer.set(customer, [partner!, others[others.length === 1 ? 0 : at]!]);
  }
  let state = NOTHING;
  for (const rowsOfWindow of one.windows) {
    state = foldWindow(state, rowsOfWindow, (customer) => byCustomer.get(customer) ?? []);
  }
  const kept = await readState(commerce, one);
  assert.deepEqual(kept.charges, chargeTexts(state, amountsOf(state, timelines)));
  assert.deepEqual(
    kept.lines,
    sorted(state.lines).map(([key, line]) => [
      key,
      `${line.quantity.toText()} ${line.rows} ${line.firstReported} ${line.lastReported}`,
    ]),
  );
}

function chargeTexts(state: ModelState, amounts: ReadonlyMap<string, string>): [string, string][] {
  return sorted(state.charges).map(([key, { quantity }]) => [
    key,
    `${quantity.toText()} ${amounts.get(key)}`,
  ]);
}

interface Kept {
  readonly charges: [string, string][];
  readonly lines: [string, string][];
}

async function readState({ test }: TestRoom, { buyers }: Made): Promise<Kept> {
  const { rows: charges } = await test.database.pool.query<
    Parameters<typeof chargeKey>[0] & { charge: bigint; quantity: string; amount: string | null }
  >(
    `select c.charge, account_id as "accountId", period, plan, customer_subscription_id as customer,
            subscription_id as "subscriptionId", meter, billable, quantity, amount
     from charge c
     where account_id = any($1::uuid[]) and exists (select from rated_line l where l.charge = c.charge)`,
    [buyers],
  );
  const keys = new Map(charges.map((charge) => [charge.charge, chargeKey(charge)]));
  const { rows: lines } = await test.database.pool.query<{
    charge: bigint;
    usage_day: number;
    resource_key: string;
    quantity: string;
    rows: number;
    first_reported: number;
    last_reported: number;
  }>('select * from rated_line where account_id = any($1::uuid[])', [buyers]);
  const text = (number: string | null): string =>
    number === null ? 'none' : decimalOf(number).toText();
  const chargeMap = new Map(
    charges.map((one) => [chargeKey(one), `${text(one.quantity)} ${text(one.amount)}`]),
  );
  const lineMap = new Map(
    lines.map((one) => [
      `${keys.get(one.charge)} ${one.usage_day} ${one.resource_key}`,
      `${text(one.quantity)} ${one.rows} ${one.first_reported} ${one.last_reported}`,
    ]),
  );
  return { charges: sorted(chargeMap), lines: sorted(lineMap) };
}

async function checkBooks({ sumsOf }: TestRoom, { buyers }: Made): Promise<void> {
  for (const accountId of buyers) {
    const { charges, unbilled } = await sumsOf(accountId);
    assert.equal(unbilled, charges);
  }
}

describe('rating in the database', () => {
  const commerce = withTestRoom();

  it(`comes to what the model says, however windows are taken, and again after a correction (${RUNS} cases)`, async () => {
    let buyers: readonly AccountId[] = [];
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { room, changing } = commerce;
        const own = await make(commerce, one);
        await rateAcceptedUsage(room, { rowsAtOnce: one.rowsAtOnce });
        await compare(commerce, own);
        await checkBooks(commerce, own);
        const range = {
          from: hourNumber(START),
          to: hourNumber(START + HOURS),
          reason: 'test',
        };
        for (const accountId of own.buyers) {
          assert.deepEqual(await rerate(room, { ...range, accountId }, changing), []);
        }
        await commerce.publish(own.priceListId, contentOf(one.correction), START + 10);
        for (const accountId of own.buyers) await rerate(room, { ...range, accountId }, changing);
        await compare(commerce, own);
        await checkBooks(commerce, own);
        buyers = own.buyers;
      }),
      { numRuns: RUNS },
    );
    for (const accountId of buyers) {
      assert.deepEqual((await verifyRating(commerce.room, { accountId })).differences, []);
    }
    assert.equal((await verifyLedger(commerce.test.database.pool)).balanced, true);
  });
});
