import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import { findPeriod } from '../accounts/index.ts';
import { chargesOfPeriod } from './charge-store.ts';
import type { Charge } from './charge.ts';
import { explainCharge, explainRows } from './explain.ts';
import { rateAcceptedUsage } from './rate.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer } from './test-room.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');
const DAY = OCTOBER / 24;

const TIERS = itemOf(METERS.baseVm, {
  price: {
    kind: 'graduated',
    tiers: [
      { upTo: d('40'), unitPrice: d('1') },
      { upTo: undefined, unitPrice: d('0.5') },
    ],
  },
});

describe('explainCharge', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, addPartner, price, publish } = commerce;
  let buyer: TestBuyer;
  let stamp: ReportingStamp;
  let charges: Charge[];

  before(async () => {
    const partner = await addPartner();
    buyer = await addBuyer({ parentId: partner });
    await publish('tiers', contentOf([TIERS]));
    // From noon of the first day on.
    await publish('tiers', contentOf([TIERS]), OCTOBER + 12);
    await price(partner, { priceListId: 'tiers' });
    await price(buyer.accountId, { markupPercent: d('10') });
    stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    for (let hour = OCTOBER; hour < OCTOBER + 30; hour++) {
      await reportUsage(
        test.database,
        stamp,
        hour + 1,
        ['vm1', 'vm2'].map((name) => ({
          customer: buyer.customer,
          meterId: METERS.baseVm,
          usageHour: hour,
          quantity: name === 'vm1' ? '2' : '1',
          name,
        })),
      );
    }
    await rateAcceptedUsage(commerce.room);
    const period = await findPeriod(test.database.pool, buyer.accountId, '202610-1');
    charges = await chargesOfPeriod(test.database.pool, period!.period);
  });

  it('tells the price, the steps of all that counts together, and the part of each resource', async () => {
    // 36 units before noon, 54 after: 4 of them still in the first tier.
    const [first, second] = charges;
    assert.deepEqual([first?.amount?.toText(), second?.amount?.toText()], ['39.6', '31.9']);
    const explained = (await explainCharge(test.database.pool, second!.charge))!;
    assert.equal(explained.plan.priceListId, 'tiers');
    assert.equal(explained.plan.version, 2);
    assert.equal(explained.plan.factor.toText(), '1.1');
    const markup = { accountId: buyer.accountId, markupPercent: '10' };
    assert.equal(explained.plan.chain, JSON.stringify([markup]));
    const { group } = explained;
    assert.deepEqual(
      [group?.before.toText(), group?.quantity.toText(), group?.total.toText()],
      ['36', '54', '90'],
    );
    assert.deepEqual(
      group?.steps.map(({ quantity, unitPrice, amount }) => [
        quantity.toText(),
        unitPrice?.toText(),
        amount.toText(),
      ]),
      [
        ['4', '1.1', '4.4'],
        ['50', '0.55', '27.5'],
      ],
    );
    const resources = explained.resources.map(({ resourceUri, quantity, amount, rows, days }) => [
      resourceUri.split('/').at(-1),
      quantity.toText(),
      amount?.toText(),
      rows,
      days.map(({ day }) => day - DAY),
    ]);
    assert.deepEqual(
      resources.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
      [
        ['vm1', '36', '21.26666666666666666667', 18, [0, 1]],
        ['vm2', '18', '10.63333333333333333333', 18, [0, 1]],
      ],
    );
    assert.equal(explained.next, undefined);
  });

  it('gives resources page by page', async () => {
    const { pool } = test.database;
    const number = charges[0]!.charge;
    const first = (await explainCharge(pool, number, { limit: 1 }))!;
    const second = (await explainCharge(pool, number, { limit: 1, resourcesAfter: first.next }))!;
    assert.equal(first.resources.length, 1);
    assert.ok(first.next !== undefined && second.next === undefined);
    assert.notEqual(first.resources[0]!.resourceKey, second.resources[0]!.resourceKey);
  });

  it('finds the rows of a line, each with its window, and none of another charge of the day', async () => {
    const { pool } = test.database;
    for (const [at, charge] of charges.entries()) {
      const { resources } = (await explainCharge(pool, charge.charge))!;
      const vm1 = resources.find(({ resourceUri }) => resourceUri.endsWith('vm1'))!;
      const line = { charge: charge.charge, resourceKey: vm1.resourceKey, usageDay: DAY };
      const rows = await explainRows(pool, line);
      const first = OCTOBER + 12 * at;
      assert.deepEqual(
        rows.map(({ usageHour, reportedHour }) => [usageHour, reportedHour]),
        Array.from({ length: 12 }, (_, hour) => [first + hour, first + hour + 1]),
      );
      assert.deepEqual(
        rows.map(({ quantity }) => quantity.toText()),
        rows.map(() => '2'),
      );
      const [row] = rows;
      assert.equal(row?.localMeterId.toLowerCase(), METERS.baseVm);
      assert.match(row.windowHash, /^[0-9a-f]{64}$/);
      assert.deepEqual([row.sequence, row.mapping], [1, undefined]);
    }
  });

  it('knows nothing of a charge or a line that there is not', async () => {
    const { pool } = test.database;
    assert.equal(await explainCharge(pool, 999_999n), undefined);
    const none = { charge: charges[0]!.charge, resourceKey: buyer.accountId, usageDay: DAY };
    assert.deepEqual(await explainRows(pool, none), []);
  });
});
