/**
 * Agreements, calendars and currencies. Tax is 20 %.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currencyOf, METERS, withBillingStory } from './story.ts';
import { told } from './told.ts';

const flat = (unitPrice: string) => [
  { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice } },
];

/**
 *     Nebula has promised to use something for at least 100.00 a month.
 *
 *     September  4 cores x 720 = 2,880 at 0.008 = 23.04, missing 76.96: 100.00, tax 20.00
 *     October   30 cores x 744 = 22,320 at 0.008 = 178.56, nothing missing: tax 35.712 -> 35.71
 */
describe('a commitment', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('is made up for in the months that do not reach it', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const nebula = await story.customer('Nebula');
    await story.buysAt(nebula, { list: 'flat' });
    await story.term(nebula, 'Commitment', { kind: 'commitment', amount: '100' });
    const stamp = await story.stamp(nebula, '2026-09-01T00:00Z');
    const meter = METERS.baseVm;
    const september = { from: '2026-09-01T00:00Z', to: '2026-10-01T00:00Z', perHour: '4', meter };
    const october = { from: '2026-10-01T00:00Z', to: '2026-11-01T00:00Z', perHour: '30', meter };
    story.uses(stamp, nebula, september);
    story.uses(stamp, nebula, october);
    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-11-02T00:30Z');
    await story.work('2026-11-05T00:31Z');
    const [first, second] = await story.invoicesOf(nebula);
    assert.deepEqual(told(first!).slice(1), [
      'Base VM Size Hours: 2880 x 0.008 = 23.04',
      'Commitment: 1 x 76.96 = 76.96',
      'net 100.00, tax 20.00, to pay 120.00 EUR',
    ]);
    assert.deepEqual(told(second!).slice(1), [
      'Base VM Size Hours: 22320 x 0.008 = 178.56',
      'net 178.56, tax 35.71, to pay 214.27 EUR',
    ]);
    await story.checkBooks();
  });
});

/**
 *     Oasis gets 10 % off, has 30.00 to its credit, and pays 5.00 a month for support.
 *
 *     September  2,880 at 0.008                23.04
 *                10 % off           -2.304 ->  -2.30
 *                support                        5.00
 *                credit             all of it -25.74     net 0.00, 4.26 of the credit are left
 *     October    4 x 744 = 2,976 at 0.008 = 23.808 -> 23.81
 *                10 % off 2.3808 ->            -2.38
 *                support                        5.00
 *                credit, the rest              -4.26     net 22.17, tax 4.434 -> 4.43 = 26.60
 */
describe('a discount, a fee and a credit', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('come off and on in this order, and the credit ends', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const oasis = await story.customer('Oasis');
    await story.buysAt(oasis, { list: 'flat' });
    await story.term(oasis, '10 % off', { kind: 'discount', percent: '10' });
    await story.term(oasis, 'Support', { kind: 'fee', amount: '5' });
    await story.term(oasis, 'Credit', { kind: 'credit', amount: '30', recurrence: 'once' });
    const stamp = await story.stamp(oasis, '2026-09-01T00:00Z');
    const months = { from: '2026-09-01T00:00Z', to: '2026-11-01T00:00Z', perHour: '4' };
    story.uses(stamp, oasis, { ...months, meter: METERS.baseVm });
    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-11-02T00:30Z');
    await story.work('2026-11-05T00:31Z');
    const [first, second] = await story.invoicesOf(oasis);
    assert.deepEqual(
      first?.lines.map(({ amount }) => amount.toText()),
      ['23.04', '-2.3', '5', '-25.74'],
    );
    assert.equal(told(first).at(-1), 'net 0.00, tax 0.00, to pay 0.00 EUR');
    assert.deepEqual(
      second?.lines.map(({ amount }) => amount.toText()),
      ['23.81', '-2.38', '5', '-4.26'],
    );
    assert.equal(told(second).at(-1), 'net 22.17, tax 4.43, to pay 26.60 EUR');
    await story.checkBooks();
  });
});

/**
 *     February 2028 has 29 days, 696 hours. Prairie uses one core all month: 696 at 0.008 = 5.568 -> 5.57. Support at 29.00 a month
 *     begins on the 15th: 15 of 29 days are 15.00. Net 20.57, tax 4.114 -> 4.11 = 24.68.
 */
describe('a leap February', () => {
  const story = withBillingStory('2028-01-31T12:00Z');

  it('has 29 days', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const prairie = await story.customer('Prairie');
    await story.buysAt(prairie, { list: 'flat' });
    const support = { kind: 'fee', amount: '29', prorated: true };
    await story.term(prairie, 'Support', support, '2028-02-15T00:00Z');
    const stamp = await story.stamp(prairie, '2028-02-01T00:00Z');
    const month = { from: '2028-02-01T00:00Z', to: '2028-03-01T00:00Z', perHour: '1' };
    story.uses(stamp, prairie, { ...month, meter: METERS.baseVm });
    await story.report(stamp, '2028-03-02T00:00Z');
    await story.work('2028-03-02T00:30Z');
    await story.work('2028-03-05T00:31Z');
    assert.deepEqual(told((await story.invoicesOf(prairie))[0]!), [
      'invoice NDN-2028-000001 of 2028-02-01 to 2028-02-29',
      'Base VM Size Hours: 696 x 0.008 = 5.57',
      'Support: 1 x 15 = 15.00',
      'net 20.57, tax 4.11, to pay 24.68 EUR',
    ]);
    await story.checkBooks();
  });
});

/**
 *     Quarry is billed by the clock of Paris. There March 2026 has 743 hours, from 28 February 23:00 UTC to 31 March 22:00 UTC, and
 *     October 745. One core all the time.
 *
 *     March     743 at 0.008 = 5.944 -> 5.94, tax 1.188 -> 1.19
 *     October   745 at 0.008 = 5.96,          tax 1.192 -> 1.19
 */
describe('daylight saving in the zone of the account', () => {
  const story = withBillingStory('2026-02-27T12:00Z');

  it('makes March an hour shorter and October an hour longer', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const quarry = await story.customer('Quarry', { timeZone: 'Europe/Paris', reviewDays: 0 });
    await story.buysAt(quarry, { list: 'flat' });
    const stamp = await story.stamp(quarry, '2026-02-28T23:00Z');
    const use = { meter: METERS.baseVm, perHour: '1' };
    story.uses(stamp, quarry, { ...use, from: '2026-02-28T23:00Z', to: '2026-11-01T00:00Z' });
    await story.report(stamp, '2026-11-03T00:00Z');
    await story.work('2026-11-03T01:00Z');
    await story.work('2026-11-03T01:01Z');
    const invoices = await story.invoicesOf(quarry);
    const of = (start: string) => invoices.find(({ parties }) => parties.period.start === start);
    assert.deepEqual(told(of('2026-03-01')!).slice(1), [
      'Base VM Size Hours: 743 x 0.008 = 5.94',
      'net 5.94, tax 1.19, to pay 7.13 EUR',
    ]);
    assert.deepEqual(told(of('2026-10-01')!).slice(1), [
      'Base VM Size Hours: 745 x 0.008 = 5.96',
      'net 5.96, tax 1.19, to pay 7.15 EUR',
    ]);
    assert.equal(of('2026-10-01')?.parties.period.end, '2026-10-31');
    assert.equal(invoices.length, 8);
    await story.checkBooks();
  });
});

/**
 *     The price list is in dollars. Ridge pays in dollars, Steppe in euros, at the rate of the first day of its period: 0.92 from 1 September,
 *     0.95 from the 15th. One core each.
 *
 *     September  720 x 0.008          = 5.76 USD
 *                720 x 0.008 x 0.92   = 5.2992 -> 5.30 EUR, tax 1.06
 *     October    744 x 0.008 x 0.95   = 5.6544 -> 5.65 EUR, tax 1.13
 *
 *     Tundra pays in yen, which has no smaller unit: 720 x 0.008 x 150 = 864 JPY, tax 172.8 -> 173.
 */
describe('two currencies and a third', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('are exchanged at the rate of the first day', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'), { currency: 'USD' });
    const ridge = await story.customer('Ridge', { currency: currencyOf('USD') });
    const steppe = await story.customer('Steppe', { currency: currencyOf('EUR') });
    const tundra = await story.customer('Tundra', { currency: currencyOf('JPY') });
    await story.exchangeRate('USD', 'EUR', '2026-09-01', '0.92');
    await story.exchangeRate('USD', 'EUR', '2026-09-15', '0.95');
    await story.exchangeRate('USD', 'JPY', '2026-08-01', '150');
    const stamp = await story.stamp(ridge, '2026-09-01T00:00Z');
    for (const party of [ridge, steppe, tundra]) {
      await story.buysAt(party, { list: 'flat' });
      const months = { from: '2026-09-01T00:00Z', to: '2026-11-01T00:00Z', perHour: '1' };
      story.uses(stamp, party, { ...months, meter: METERS.baseVm });
    }
    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-11-02T00:30Z');
    await story.work('2026-11-05T00:31Z');
    const lastLines = async (party: typeof ridge) =>
      (await story.invoicesOf(party)).map((one) => told(one).at(-1));
    assert.deepEqual(await lastLines(ridge), [
      'net 5.76, tax 1.15, to pay 6.91 USD',
      'net 5.95, tax 1.19, to pay 7.14 USD',
    ]);
    assert.deepEqual(await lastLines(steppe), [
      'net 5.30, tax 1.06, to pay 6.36 EUR',
      'net 5.65, tax 1.13, to pay 6.78 EUR',
    ]);
    assert.deepEqual((await lastLines(tundra))[0], 'net 864, tax 173, to pay 1037 JPY');
    await story.checkBooks();
  });
});
