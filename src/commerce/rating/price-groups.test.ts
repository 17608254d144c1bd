import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { priceUsage, type PriceItem } from '../pricing/index.ts';
import { priceCharges, type PlanOfPeriod, type PricedUsage } from './price-groups.ts';
import { subscription } from './test-cases.ts';
import { d, itemOf, itemsFor, quantities } from './test-prices.ts';

function planOf(
  plan: number,
  items: readonly PriceItem[],
  changes: Partial<PlanOfPeriod> = {},
): PlanOfPeriod {
  return {
    plan,
    effectiveFrom: plan,
    version: plan,
    factor: d('1'),
    exchangeRate: d('1'),
    share: { hours: 1, of: 1 },
    itemOf: (key) => items.find(({ meterId }) => meterId === key),
    boundedMeters: () => [],
    ...changes,
  };
}

function usageOf(quantity: string, changes: Partial<PricedUsage> = {}): PricedUsage {
  return {
    plan: 1,
    customerSubscriptionId: subscription('c', 1),
    subscriptionId: subscription('a', 1),
    meter: 1,
    meterKey: 'vm',
    billable: true,
    quantity: d(quantity),
    ...changes,
  };
}

function texts(charges: readonly PricedUsage[], plans: readonly PlanOfPeriod[]): string[] {
  const amounts = priceCharges(charges, plans);
  return charges.map((charge) => amounts.get(charge)?.amount?.toText() ?? 'none');
}

const TIERS = itemOf('vm', {
  price: {
    kind: 'graduated',
    tiers: [
      { upTo: d('10'), unitPrice: d('1') },
      { upTo: undefined, unitPrice: d('0.5') },
    ],
  },
});

describe('priceCharges', () => {
  it('counts tiers over all of an account, and splits by quantity', () => {
    const charges = [usageOf('15'), usageOf('5', { subscriptionId: subscription('a', 2) })];
    assert.deepEqual(texts(charges, [planOf(1, [TIERS])]), ['11.25', '3.75']);
  });

  it('counts tiers over each subscription of the stamp where the price says so', () => {
    const charges = [usageOf('15'), usageOf('5', { subscriptionId: subscription('a', 2) })];
    const own = { ...TIERS, scope: 'subscription' } as const;
    assert.deepEqual(texts(charges, [planOf(1, [own])]), ['12.5', '5']);
  });

  it('goes on counting where a price of the same period ended', () => {
    const charges = [usageOf('8'), usageOf('8', { plan: 2 })];
    const dearer = itemOf('vm', {
      price: {
        kind: 'graduated',
        tiers: [
          { upTo: d('10'), unitPrice: d('2') },
          { upTo: undefined, unitPrice: d('1') },
        ],
      },
    });
    // 8 at 1; of the other 8, two are in the tier up to 10.
    const plans = [planOf(2, [dearer]), planOf(1, [TIERS])];
    assert.deepEqual(texts(charges, plans), ['8', '10']);
    const reversed = [planOf(1, [TIERS], { effectiveFrom: 9 }), planOf(2, [dearer])];
    assert.deepEqual(texts(charges, reversed), ['5', '16']);
  });

  it('holds a minimum by the part of the period in which it is in force', () => {
    const item = itemOf('vm', { minimum: d('100') });
    const plans = [planOf(1, [item], { share: { hours: 6, of: 24 } }), planOf(2, [item])];
    assert.deepEqual(texts([usageOf('1'), usageOf('3', { plan: 2 })], plans), ['25', '100']);
  });

  it('holds one minimum where the price goes on under another plan, and splits it by quantity', () => {
    const item = itemOf('vm', { minimum: d('100') });
    const renamed = { ...item, name: 'VM' };
    const half = { share: { hours: 12, of: 24 } };
    const charges = [usageOf('1'), usageOf('3', { plan: 2 })];
    const same = [planOf(1, [item], half), planOf(2, [renamed], half)];
    assert.deepEqual(texts(charges, same), ['25', '75']);
    assert.deepEqual(texts([usageOf('1')], same), ['100']);
    for (const changes of [{ factor: d('2') }, { exchangeRate: d('2') }]) {
      const other = [planOf(1, [item], half), planOf(2, [item], { ...half, ...changes })];
      assert.deepEqual(texts(charges, other), ['50', '100']);
    }
    // Not neighbours: another price was in force between them.
    const third = { share: { hours: 8, of: 24 } };
    const apart = [planOf(1, [item], third), planOf(2, [], third), planOf(3, [item], third)];
    const later = [usageOf('1'), usageOf('3', { plan: 3 })];
    assert.deepEqual(texts(later, apart), ['33.33333333333333333333', '33.33333333333333333333']);
  });

  it('knows no amount of what has too many digits, and says why', () => {
    const long = usageOf('0', { isTooLong: true });
    const charges = [long, usageOf('1'), usageOf('2', { meterKey: 'disk', meter: 2 })];
    const priced = priceCharges(charges, [planOf(1, [itemOf('vm'), itemOf('disk')])]);
    const problems = charges.map((charge) => priced.get(charge)?.problem !== undefined);
    assert.deepEqual(problems, [true, true, false]);
    assert.equal(priced.get(charges[2]!)?.amount?.toText(), '2');
    // A quantity that nobody can have splits nothing.
    const negative = [usageOf('-1'), usageOf('3', { subscriptionId: subscription('a', 2) })];
    assert.deepEqual(texts(negative, [planOf(1, [itemOf('vm')])]), ['none', 'none']);
  });

  it('charges nothing for what is not billable, and does not count it', () => {
    const charges = [usageOf('100', { billable: false }), usageOf('10')];
    assert.deepEqual(texts(charges, [planOf(1, [TIERS])]), ['0', '10']);
  });

  it('knows no amount without a price, and none is needed where nothing is left', () => {
    const charges = [usageOf('1', { meterKey: 'disk' }), usageOf('0', { meterKey: 'disk' })];
    assert.deepEqual(texts(charges, [planOf(1, [TIERS])]), ['none', '0']);
  });

  it('counts what has no price towards what has one', () => {
    const charges = [usageOf('8'), usageOf('8', { plan: 2 })];
    const plans = [planOf(1, []), planOf(2, [TIERS])];
    assert.deepEqual(texts(charges, plans), ['none', '5']);
  });

  it('knows no amount that needs more digits than there can be, and goes on', () => {
    const tiny = itemOf('vm', { price: { kind: 'flat', unitPrice: d('1e-40') } });
    const other = itemOf('disk');
    const charges = [usageOf('1e-30'), usageOf('2', { meterKey: 'disk', meter: 2 })];
    assert.deepEqual(texts(charges, [planOf(1, [tiny, other])]), ['none', '2']);
  });

  it('is one meter whatever its version', () => {
    const charges = [usageOf('8'), usageOf('8', { meter: 2 })];
    assert.deepEqual(texts(charges, [planOf(1, [TIERS])]), ['6.5', '6.5']);
  });

  it('splits what the engine asks for, of every kind of price, and loses nothing', () => {
    const scale = { factor: d('1.1'), exchangeRate: d('1.0837') };
    fc.assert(
      fc.property(
        itemsFor('vm'),
        fc.array(fc.tuple(quantities, fc.integer({ min: 1, max: 3 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (item, used) => {
          const charges = used.map(([quantity, number]) => ({
            ...usageOf('0'),
            quantity,
            subscriptionId: subscription('a', number),
          }));
          const amounts = priceCharges(charges, [planOf(1, [item], scale)]);
          const pools =
            item.scope === 'account'
              ? [charges]
              : [...Map.groupBy(charges, (one) => one.subscriptionId).values()];
          for (const pool of pools) {
            const total = sumOf(pool.map(({ quantity }) => quantity));
            const usage = { before: Decimal.zero, quantity: total, total };
            const wanted = total.isZero() ? Decimal.zero : priceUsage(item, usage, scale).amount;
            const split = sumOf(pool.map((charge) => amounts.get(charge)!.amount!));
            assert.equal(split.toText(), wanted.toText());
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
