import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAccountId } from '../../accounts/index.ts';
import type { PriceItem } from '../../pricing/index.ts';
import type { Charge } from '../../rating/index.ts';
import { decimal, newId, OWN } from '../test-lines.ts';
import { chargePart } from './charge-parts.ts';
import { isUnpriced, unpricedError } from './unpriced.ts';

const CHARGE: Charge = {
  charge: 1n,
  accountId: parseAccountId(newId())!,
  period: OWN.period,
  plan: 1,
  customerSubscriptionId: newId(),
  subscriptionId: newId(),
  meter: 1,
  meterId: 'meter',
  meterName: 'Meter',
  category: 'Cloud',
  subCategory: '',
  unit: '1 Hour',
  paid: true,
  billable: true,
  quantity: decimal('30'),
  amount: decimal('0.24'),
  invoicedQuantity: decimal('10'),
  invoicedAmount: decimal('0.08'),
  priceListId: 'prices',
  priceListVersion: 1,
  problem: undefined,
};
const FLAT: PriceItem = {
  meterId: 'meter',
  scope: 'account',
  price: { kind: 'flat', unitPrice: decimal('0.008') },
  included: decimal('0'),
};

function priceOf(charge: Partial<Charge>, item: PriceItem | undefined): string | undefined {
  return chargePart({ ...CHARGE, ...charge }, OWN, () => item).unitPrice?.toText();
}

describe('a part of a charge', () => {
  it('is what no invoice has of it yet', () => {
    const { quantity, amount } = chargePart(CHARGE, OWN, () => FLAT);
    assert.deepEqual([quantity.toText(), amount.toText()], ['20', '0.16']);
  });

  it('has a price where there is a single one, and then it explains the amount', () => {
    assert.equal(priceOf({}, FLAT), '0.008');
    assert.equal(priceOf({ billable: false, amount: decimal('0.08') }, FLAT), '0');
    assert.equal(priceOf({ quantity: decimal('10') }, FLAT), undefined);
    // 0.16 / 3 has no end: rated at two prices since.
    assert.equal(priceOf({ quantity: decimal('13') }, FLAT), undefined);
    assert.equal(priceOf({}, undefined), undefined);
    assert.equal(priceOf({}, { ...FLAT, included: decimal('5') }), undefined);
    assert.equal(priceOf({}, { ...FLAT, minimum: decimal('5') }), undefined);
    const size = decimal('10');
    const byPackage = { kind: 'package', size, packagePrice: decimal('0.08') } as const;
    assert.equal(priceOf({}, { ...FLAT, price: byPackage }), undefined);
  });

  it('without a price is nothing that can be invoiced, unless nothing was used', () => {
    const unpriced = { ...CHARGE, amount: undefined };
    const nothing = { quantity: decimal('0'), invoicedQuantity: decimal('0') };
    const none = { ...unpriced, ...nothing, invoicedAmount: decimal('0') };
    assert.deepEqual(
      [isUnpriced(unpriced), isUnpriced(none), isUnpriced(CHARGE)],
      [true, false, false],
    );
    assert.throws(() => chargePart(unpriced, OWN, () => undefined), /has no amount/);
    const taken = chargePart(none, OWN, () => undefined);
    assert.ok(taken.amount.isZero() && taken.quantity.isZero());
  });

  it('without a price says why, and does not name the price list of a seller', () => {
    const why = (changes: Partial<Charge>, hasMarkups = false) =>
      unpricedError({ ...CHARGE, amount: undefined, ...changes }, OWN, hasMarkups);
    assert.equal(why({}).code, 'MeterWithoutPrice');
    assert.match(
      why({}).message,
      /^The price list 'prices' has no price for the meter Meter \(meter\)/,
    );
    assert.match(why({}, true).message, /^The price list of its seller has no price for the meter/);
    const rate = why({ problem: 'no exchange rate from USD to EUR on 2026-10-01' });
    assert.equal(rate.code, 'ExchangeRateMissing');
    assert.match(rate.message, /from USD to EUR for 2026-10-01/);
    const list = why({ problem: 'no price list' });
    assert.equal(list.code, 'UsageWithoutPrices');
    assert.match(list.message, /202610-1.*no price list/);
  });
});
