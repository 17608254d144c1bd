/**
 * Who buys from whom: September 2026, 20 % tax everywhere.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METERS, withBillingStory } from './story.ts';
import { told } from './told.ts';

const WINDOWS = [{ meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } }];

/**
 *     The provider sells to Distributor, Distributor to Reseller with 10 % on top, Reseller to Dune with 25 % on top of that.
 *     Dune uses 10 cores with Windows for 100 hours: 1,000 core hours.
 *
 *     Distributor pays  1,000 x 0.046                 = 46.00   tax  9.20 = 55.20
 *     Reseller pays     1,000 x 0.046 x 1.1  = 0.0506 = 50.60   tax 10.12 = 60.72
 *     Dune pays         1,000 x 0.0506 x 1.25 = 0.06325 = 63.25 tax 12.65 = 75.90
 *
 *     Reseller has its own subscription for what it uses itself, 100 core hours: 5.06, which Distributor has to buy, too: 4.60.
 */
describe('a chain of two resellers', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('has buying and selling side by side', async () => {
    await story.open();
    await story.prices('release', WINDOWS);
    const asDistributor = { seriesPrefix: 'DIS', taxId: 'FR83404833048' };
    const asReseller = { seriesPrefix: 'RES', taxId: 'FR32123456789' };
    const distributor = await story.group('partner', 'Distributor', asDistributor);
    const reseller = await story.group('partner', 'Reseller', asReseller, distributor);
    const dune = await story.customer('Dune', {}, reseller);
    await story.buysAt(distributor, { list: 'release' });
    await story.buysAt(reseller, { markup: '10' });
    await story.buysAt(dune, { markup: '25' });
    const stamp = await story.stamp(distributor, '2026-09-01T00:00Z');
    const hours = { from: '2026-09-07T00:00Z', to: '2026-09-11T04:00Z' };
    story.uses(stamp, dune, { ...hours, meter: METERS.windowsVm, perHour: '10' });
    story.uses(stamp, reseller, { ...hours, meter: METERS.windowsVm, perHour: '1', name: 'own' });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');

    const [bought] = await story.invoicesOf(distributor);
    assert.deepEqual(told(bought!), [
      'invoice NDN-2026-000001 of 2026-09-01 to 2026-09-30',
      'Windows VM Size Hours: 1000 x 0.046 = 46.00',
      'Windows VM Size Hours: 100 x 0.046 = 4.60',
      'net 50.60, tax 10.12, to pay 60.72 EUR',
    ]);
    const [resold] = await story.invoicesOf(reseller);
    assert.deepEqual(told(resold!), [
      'invoice DIS-2026-000001 of 2026-09-01 to 2026-09-30',
      'Windows VM Size Hours: 1000 x 0.0506 = 50.60',
      'Windows VM Size Hours: 100 x 0.0506 = 5.06',
      'net 55.66, tax 11.13, to pay 66.79 EUR',
    ]);
    const [sold] = await story.invoicesOf(dune);
    assert.deepEqual(told(sold!), [
      'invoice RES-2026-000001 of 2026-09-01 to 2026-09-30',
      'Windows VM Size Hours: 1000 x 0.06325 = 63.25',
      'net 63.25, tax 12.65, to pay 75.90 EUR',
    ]);
    await story.checkBooks();
  });
});

/**
 *     Estuary is an enterprise with two subscriptions. 1,000 core hours a month are included, pooled over both; the rest is
 *     at 0.01. Each subscription uses 1 core the whole month.
 *
 *     720 + 720 = 1,440, less 1,000 = 440 at 0.01 = 4.40; by quantity 2.20 for each; tax 0.88
 *
 *     Fjord has the same, but included for each subscription of the stamp: 720 are less than 1,000, and nothing is left to pay.
 */
describe('an enterprise', () => {
  const story = withBillingStory('2026-08-31T12:00Z');
  const month = { from: '2026-09-01T00:00Z', to: '2026-10-01T00:00Z', meter: METERS.baseVm };
  const item = (scope: string) => ({
    meterId: METERS.baseVm,
    scope,
    included: '1000',
    price: { kind: 'flat', unitPrice: '0.01' },
  });

  it('gets one invoice for all its subscriptions, and pools what is included', async () => {
    await story.open();
    await story.prices('pooled', [item('account')]);
    await story.prices('each', [item('subscription')]);
    const estuary = await story.group('enterprise', 'Estuary');
    const fjord = await story.group('enterprise', 'Fjord');
    await story.buysAt(estuary, { list: 'pooled' });
    await story.buysAt(fjord, { list: 'each' });
    const stamp = await story.stamp(estuary, month.from);
    for (const [name, enterprise] of [
      ['north', estuary],
      ['south', estuary],
      ['east', fjord],
      ['west', fjord],
    ] as const) {
      const customer = await story.customer(name, {}, enterprise);
      story.uses(stamp, customer, { ...month, perHour: '1' });
    }
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');

    const [pooled] = await story.invoicesOf(estuary);
    assert.deepEqual(told(pooled!).slice(1), [
      'Base VM Size Hours: 720 x by tiers = 2.20',
      'Base VM Size Hours: 720 x by tiers = 2.20',
      'net 4.40, tax 0.88, to pay 5.28 EUR',
    ]);
    const customers = pooled?.lines.map(
      ({ customerSubscriptionId: id }) => id && pooled.parties.customers[id],
    );
    assert.deepEqual(customers?.toSorted(), ['north', 'south']);
    const [each] = await story.invoicesOf(fjord);
    assert.equal(told(each!).at(-1), 'net 0.00, tax 0.00, to pay 0.00 EUR');
    await story.checkBooks();
  });
});
