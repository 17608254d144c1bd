/**
 * What changes in the middle of things: prices, mappings, late usage, and mistakes. Tax is 20 %.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findInvoice, issueInvoice, voidInvoice } from '../../../src/commerce/invoicing/index.ts';
import { balancesOf } from '../../../src/commerce/ledger/index.ts';
import { METERS, withBillingStory } from './story.ts';
import { told } from './told.ts';

const flat = (unitPrice: string) => [
  { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice } },
];
const SEPTEMBER = {
  from: '2026-09-01T00:00Z',
  to: '2026-10-01T00:00Z',
  meter: METERS.baseVm,
  perHour: '1',
};

/**
 *     Glacier uses one core the whole of September. On the 16th the price goes from 0.008 to 0.010.
 *
 *     1st to 15th   15 x 24 = 360 at 0.008 = 2.88
 *     16th to 30th            360 at 0.010 = 3.60
 *                                      net  6.48, tax 1.296 -> 1.30 = 7.78
 *
 *     Heath has tiers: 500 at 0.01 and the rest at 0.005; from the 16th 500 at 0.02 and the rest at 0.01. The counting goes on:
 *
 *     1st to 15th   360 at 0.01                          = 3.60
 *     16th to 30th  140 up to 500 at 0.02, 220 at 0.01   = 2.80 + 2.20 = 5.00
 *                                      net  8.60, tax 1.72 = 10.32
 */
describe('a price that changes in mid-month', () => {
  const story = withBillingStory('2026-08-31T12:00Z');
  const tiers = (first: string, rest: string) => {
    const two = [{ upTo: '500', unitPrice: first }, { unitPrice: rest }];
    return [{ meterId: METERS.baseVm, price: { kind: 'graduated', tiers: two } }];
  };

  it('applies from its day on', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    await story.prices('flat', flat('0.010'), { from: '2026-09-16T00:00Z' });
    await story.prices('tiers', tiers('0.01', '0.005'));
    await story.prices('tiers', tiers('0.02', '0.01'), { from: '2026-09-16T00:00Z' });
    const glacier = await story.customer('Glacier');
    const heath = await story.customer('Heath');
    await story.buysAt(glacier, { list: 'flat' });
    await story.buysAt(heath, { list: 'tiers' });
    const stamp = await story.stamp(glacier, SEPTEMBER.from);
    for (const customer of [glacier, heath]) story.uses(stamp, customer, SEPTEMBER);
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    assert.deepEqual(told((await story.invoicesOf(glacier))[0]!).slice(1), [
      'Base VM Size Hours: 360 x 0.008 = 2.88',
      'Base VM Size Hours: 360 x 0.01 = 3.60',
      'net 6.48, tax 1.30, to pay 7.78 EUR',
    ]);
    assert.deepEqual(told((await story.invoicesOf(heath))[0]!).slice(1), [
      'Base VM Size Hours: 360 x by tiers = 3.60',
      'Base VM Size Hours: 360 x by tiers = 5.00',
      'net 8.60, tax 1.72, to pay 10.32 EUR',
    ]);
    await story.checkBooks();
  });
});

/**
 *     Island's directory is mapped to its own subscription on the 16th. Until then its usage is booked on the provider's partner
 *     under whose subscription the stamp is registered: 2 cores x 360 h = 720 at 0.008 = 5.76 each, tax 1.152 -> 1.15.
 */
describe('a mapping that changes in mid-month', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('splits the month between the two who pay', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const base = await story.customer('Base');
    const island = await story.customer('Island');
    for (const party of [base, island]) await story.buysAt(party, { list: 'flat' });
    const stamp = await story.stamp(base, SEPTEMBER.from);
    const use = { meter: METERS.baseVm, perHour: '2', subscriptionId: island.subscriptionId };
    const first = { from: SEPTEMBER.from, to: '2026-09-16T00:00Z' };
    const second = { from: '2026-09-16T00:00Z', to: SEPTEMBER.to };
    story.uses(stamp, base, { ...use, ...first });
    story.uses(stamp, island, { ...use, ...second });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    for (const party of [base, island]) {
      assert.deepEqual(told((await story.invoicesOf(party))[0]!).slice(1), [
        'Base VM Size Hours: 720 x 0.008 = 5.76',
        'net 5.76, tax 1.15, to pay 6.91 EUR',
      ]);
    }
    await story.checkBooks();
  });
});

/**
 *     Jungle and Knoll use one core each in September and October. On 6 October the stamp reports 40 core hours more of each, used
 *     on 30 September: four machines for ten hours. September has been invoiced: 720 x 0.008 = 5.76.
 *
 *     Jungle's October invoice:  correction of September  40 at 0.008 = 0.32
 *                                October                 744 at 0.008 = 5.952 -> 5.95
 *                                                        net 6.27, tax 1.254 -> 1.25 = 7.52
 *     Knoll wants notes:         debit note               40 at 0.008 = 0.32, tax 0.064 -> 0.06 = 0.38
 */
describe('usage that comes late', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('is on the next invoice by name, or on a note of its own', async () => {
    await story.open();
    await story.prices('flat', flat('0.008'));
    const jungle = await story.customer('Jungle');
    const knoll = await story.customer('Knoll', { lateUsage: 'Note' });
    for (const party of [jungle, knoll]) await story.buysAt(party, { list: 'flat' });
    const stamp = await story.stamp(jungle, SEPTEMBER.from);
    for (const party of [jungle, knoll]) {
      story.uses(stamp, party, { ...SEPTEMBER, to: '2026-11-01T00:00Z' });
      story.uses(stamp, party, {
        meter: METERS.baseVm,
        from: '2026-09-30T10:00Z',
        to: '2026-09-30T20:00Z',
        perHour: '4',
        name: 'late',
        reportedOn: '2026-10-06',
      });
    }
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-10-08T00:32Z');
    await story.work('2026-10-09T12:00Z');
    await story.work('2026-11-02T00:33Z');
    await story.work('2026-11-05T00:34Z');

    const [september, october, ...more] = await story.invoicesOf(jungle);
    assert.equal(told(september!).at(-1), 'net 5.76, tax 1.15, to pay 6.91 EUR');
    assert.deepEqual(told(october!).slice(1).toSorted(), [
      'Base VM Size Hours (correction of 202609-1): 40 x 0.008 = 0.32',
      'Base VM Size Hours: 744 x 0.008 = 5.95',
      'net 6.27, tax 1.25, to pay 7.52 EUR',
    ]);
    assert.deepEqual(more, []);

    const documents = await story.invoicesOf(knoll);
    const note = documents.find(({ kind }) => kind === 'debit-note');
    assert.deepEqual(told(note!), [
      'debit-note NDN-DN-2026-000001 of 2026-09-01 to 2026-09-30',
      'Base VM Size Hours (correction of 202609-1): 40 x 0.008 = 0.32',
      'net 0.32, tax 0.06, to pay 0.38 EUR',
    ]);
    assert.deepEqual(
      documents.filter(({ kind }) => kind === 'invoice').map((one) => told(one).at(-1)),
      ['net 5.76, tax 1.15, to pay 6.91 EUR', 'net 5.95, tax 1.19, to pay 7.14 EUR'],
    );
    await story.checkBooks();
  });
});

/**
 *     Lagoon's price was entered as 0.08 in place of 0.008, and invoiced.
 *
 *     the invoice        720 at 0.08  = 57.60, tax 11.52 = 69.12
 *     the credit note    all of it     -57.60      -11.52
 *     the invoice anew   720 at 0.008 =  5.76, tax 1.152 -> 1.15 = 6.91, which is all that Lagoon owes
 *
 *     Marsh had the same mistake and nobody cancelled its invoice: rating September anew makes a correction of
 *     5.76 - 57.60 = -51.84 on the October invoice, which has 744 at 0.008 = 5.952 -> 5.95. Net -45.89, tax 9.178 -> 9.18: a credit
 *     note of 55.07.
 */
describe('a mistake in the price list', () => {
  const story = withBillingStory('2026-08-31T12:00Z');

  it('is taken back by a credit note and invoiced right', async () => {
    await story.open();
    await story.prices('flat', flat('0.08'));
    const lagoon = await story.customer('Lagoon');
    const marsh = await story.customer('Marsh');
    for (const party of [lagoon, marsh]) await story.buysAt(party, { list: 'flat' });
    const stamp = await story.stamp(lagoon, SEPTEMBER.from);
    story.uses(stamp, lagoon, SEPTEMBER);
    story.uses(stamp, marsh, { ...SEPTEMBER, to: '2026-11-01T00:00Z' });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    const [wrong] = await story.invoicesOf(lagoon);
    assert.equal(told(wrong!).at(-1), 'net 57.60, tax 11.52, to pay 69.12 EUR');

    await voidInvoice(story, wrong!.number, 'The price was wrong', story.changing);
    await story.prices('flat', flat('0.008'), { correctPast: true });
    await story.rateAnew(SEPTEMBER.from, '2026-10-02T00:00Z');
    const period = { accountId: lagoon.accountId, period: wrong!.period };
    await issueInvoice(story, period, story.changing, { early: true });
    const documents = await story.invoicesOf(lagoon);
    assert.deepEqual(documents.map((one) => `${one.kind}: ${told(one).at(-1)}`).toSorted(), [
      'credit-note: net 57.60, tax 11.52, to pay 69.12 EUR',
      'invoice: net 5.76, tax 1.15, to pay 6.91 EUR',
      'invoice: net 57.60, tax 11.52, to pay 69.12 EUR',
    ]);
    assert.equal(
      documents.find(({ kind }) => kind === 'credit-note')?.correctsNumber,
      wrong?.number,
    );
    const balances = await balancesOf(story.database.pool, { party: lagoon.accountId });
    const owed = balances.find(({ account }) => account === 'receivable');
    assert.equal(owed?.balance.toText(), '6.91');

    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-11-02T00:33Z');
    await story.work('2026-11-05T00:34Z');
    const [, corrected] = await story.invoicesOf(marsh);
    assert.equal(corrected?.kind, 'credit-note');
    assert.equal(told(corrected).at(-1), 'net 45.89, tax 9.18, to pay 55.07 EUR');
    assert.deepEqual(await findInvoice(story.database.pool, 'NDN-2026-999999'), undefined);
    await story.checkBooks();
  });
});
