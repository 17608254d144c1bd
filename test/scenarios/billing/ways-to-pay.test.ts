/**
 * A month at each way of paying for a stamp. September 2026 has 30 days, 720 hours; tax is 20 %.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { METERS, withBillingStory, type Party } from './story.ts';
import { told } from './told.ts';

/** 0.008 for each core hour of a machine, 0.046 with Windows. */
const RELEASE_PRICES = [
  { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '0.008' } },
  { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } },
];

const MONTH = { from: '2026-09-01T00:00Z', to: '2026-10-01T00:00Z' };

/**
 *     Atlas pays for what it uses: a Linux machine of 4 cores the whole month, a Windows machine of 2 cores for ten days.
 *
 *     4 cores x 720 h = 2,880 at 0.008 = 23.04
 *     2 cores x 240 h =   480 at 0.046 = 22.08
 *                                 net    45.12
 *                          tax    20 %    9.024 -> 9.02
 *                                       = 54.14
 */
describe('a month of pay-as-you-use', () => {
  const story = withBillingStory('2026-08-31T12:00Z');
  let atlas: Party;

  before(async () => {
    await story.open();
    await story.prices('release', RELEASE_PRICES);
    atlas = await story.customer('Atlas');
    await story.buysAt(atlas, { list: 'release' });
    const stamp = await story.stamp(atlas, MONTH.from);
    story.uses(stamp, atlas, { ...MONTH, meter: METERS.baseVm, perHour: '4', name: 'linux' });
    const tenDays = { from: '2026-09-11T00:00Z', to: '2026-09-21T00:00Z' };
    story.uses(stamp, atlas, { ...tenDays, meter: METERS.windowsVm, perHour: '2', name: 'win' });
    await story.report(stamp, '2026-10-02T00:00Z');
  });

  it('is in review a day after its end and invoiced three days later', async () => {
    await story.work('2026-10-02T00:30Z');
    assert.deepEqual(await story.invoicesOf(atlas), []);
    await story.work('2026-10-05T00:31Z');
    const [invoice] = await story.invoicesOf(atlas);
    assert.deepEqual(told(invoice!), [
      'invoice NDN-2026-000001 of 2026-09-01 to 2026-09-30',
      'Base VM Size Hours: 2880 x 0.008 = 23.04',
      'Windows VM Size Hours: 480 x 0.046 = 22.08',
      'net 45.12, tax 9.02, to pay 54.14 EUR',
    ]);
    assert.equal(invoice?.dueDate, '2026-11-04');
  });

  it('is invoiced once', async () => {
    await story.work('2026-10-06T00:30Z');
    assert.equal((await story.invoicesOf(atlas)).length, 1);
    await story.checkBooks();
  });
});

/**
 *     Borealis has paid for the capacity of its stamp: 1,200.00 a month for 100 cores. What it uses of them is shown at 0.00.
 *
 *     100 cores x 720 h = 72,000 at 0      =     0.00
 *     the fee                                1,200.00
 *                                 tax 20 %     240.00
 *                                          = 1,440.00
 */
describe('a month of capacity', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('costs its fee, and shows what was used at 0.00', async () => {
    await story.open();
    await story.prices('release', RELEASE_PRICES);
    const borealis = await story.customer('Borealis');
    await story.buysAt(borealis, { list: 'release' });
    const fee = { kind: 'fee', amount: '1200', per: 'account', prorated: true };
    await story.term(borealis, 'Capacity of 100 cores', fee);
    const stamp = await story.stamp(borealis, MONTH.from, 'Capacity');
    story.uses(stamp, borealis, { ...MONTH, meter: METERS.baseVm, perHour: '100' });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    const [invoice] = await story.invoicesOf(borealis);
    assert.deepEqual(told(invoice!), [
      'invoice NDN-2026-000001 of 2026-09-01 to 2026-09-30',
      'Base VM Size Hours: 72000 x 0 = 0.00',
      'Capacity of 100 cores: 1 x 1200 = 1200.00',
      'net 1200.00, tax 240.00, to pay 1440.00 EUR',
    ]);
    await story.checkBooks();
  });
});

/**
 *     Cirrus tries a development kit: everything that could cost something is on the invoice, all of it at 0.00.
 */
describe('a month of a development kit', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('is all at 0.00', async () => {
    await story.open();
    await story.prices('release', RELEASE_PRICES);
    const cirrus = await story.customer('Cirrus');
    await story.buysAt(cirrus, { list: 'release' });
    const stamp = await story.stamp(cirrus, MONTH.from, 'Development');
    story.uses(stamp, cirrus, { ...MONTH, meter: METERS.baseVm, perHour: '4', name: 'linux' });
    story.uses(stamp, cirrus, { ...MONTH, meter: METERS.windowsVm, perHour: '8', name: 'win' });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    const [invoice] = await story.invoicesOf(cirrus);
    assert.deepEqual(told(invoice!), [
      'invoice NDN-2026-000001 of 2026-09-01 to 2026-09-30',
      'Base VM Size Hours: 2880 x 0 = 0.00',
      'Windows VM Size Hours: 5760 x 0 = 0.00',
      'net 0.00, tax 0.00, to pay 0.00 EUR',
    ]);
    await story.checkBooks();
  });
});
