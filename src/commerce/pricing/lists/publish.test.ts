import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { listAudit, SYSTEM } from '../../../audit/index.ts';
import { hourNumber } from '../../../kernel/index.ts';
import { fixedClock } from '../../../platform/index.ts';
import { ensureCommerceMeters, listCommerceMeters } from '../../reported-usage/index.ts';
import type { PriceListVersion } from '../price.ts';
import { listPriceChanges, removePriceChanges } from '../price-changes.ts';
import { contentOf, d, itemOf } from '../test-prices.ts';
import { checkPriceList } from './check.ts';
import { priceListToWire } from './content.ts';
import { publishVersion, type WantedVersion } from './publishing.ts';
import { ensureSamplePriceList, publishPriceList, type NewPriceListVersion } from './publish.ts';
import { findPriceListVersion, listPriceLists, priceListVersions } from './store.ts';

describe('publishing price lists', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-01T10:00:00Z'));
  const changing = { clock, actor: SYSTEM };
  const wantedOf = (changes: Partial<NewPriceListVersion> = {}): NewPriceListVersion => ({
    priceListId: 'euro',
    content: contentOf([itemOf()], 'EUR'),
    effectiveFrom: hourNumber(1000),
    sample: false,
    note: 'first',
    correctPast: false,
    ratedUpTo: undefined,
    ...changes,
  });
  const publish = (changes?: Partial<NewPriceListVersion>): Promise<PriceListVersion> =>
    test.database.transaction((tx) => publishPriceList(tx, wantedOf(changes), changing));

  it('keeps versions and tells the audit trail', async () => {
    const first = await publish();
    const item = itemOf({ price: { kind: 'flat', unitPrice: d('0.000000000001') } });
    const content = { ...contentOf([item], 'EUR'), name: 'Other' };
    const second = await publish({ content, effectiveFrom: hourNumber(2000), note: '' });
    assert.deepEqual([first.version, second.version], [1, 2]);
    const { pool } = test.database;
    const kept = await findPriceListVersion(pool, 'euro', 2);
    assert.deepEqual(priceListToWire(kept!.content), priceListToWire(content));
    assert.equal((await priceListVersions(pool, 'euro')).length, 2);
    assert.equal(await findPriceListVersion(pool, 'euro', 3), undefined);
    const [list] = await listPriceLists(pool);
    assert.deepEqual([list?.name, list?.currency, list?.versions], ['Other', 'EUR', 2]);
    const trail = await listAudit(pool, { after: 0n, limit: 9, target: '/priceLists/euro' });
    assert.deepEqual(
      trail.map(({ action }) => action),
      ['Stackmeter.Billing/prices/write', 'Stackmeter.Billing/prices/write'],
    );
    assert.match(trail[0]!.detail, /"effectiveFrom":"1970-02-11T16:00:00Z"/);
  });

  it('refuses the past of usage that was rated, unless it is to be corrected', async () => {
    const ratedUpTo = hourNumber(3000);
    await assert.rejects(publish({ effectiveFrom: hourNumber(2999), ratedUpTo }), {
      code: 'PriceInThePast',
    });
    await publish({ effectiveFrom: hourNumber(3000), ratedUpTo });
    await publish({ effectiveFrom: hourNumber(2999), ratedUpTo, correctPast: true });
    // A list that nobody can have used yet changes nothing.
    await publish({ priceListId: 'new', effectiveFrom: hourNumber(0), ratedUpTo });
  });

  it('refuses what no list can be', async () => {
    const dollars = contentOf([itemOf()], 'USD');
    await assert.rejects(publish({ content: dollars }), { code: 'Conflict' });
    await assert.rejects(publish({ priceListId: 'A b' }), { code: 'InvalidProperty' });
    await assert.rejects(publish({ effectiveFrom: hourNumber(-1) }), { code: 'InvalidProperty' });
    const wrong = [
      itemOf({ price: { kind: 'flat', unitPrice: d('-1') } }),
      itemOf({ minimum: d('-1') }),
    ];
    await assert.rejects(publish({ content: contentOf(wrong, 'EUR') }), (error: unknown) => {
      assert.ok(error instanceof Error && 'details' in error && 'code' in error);
      assert.equal(error.code, 'PriceListInvalid');
      assert.match(error.message, /unitPrice: it is below zero \(and 2 more\)/);
      assert.equal(Array.isArray(error.details) && error.details.length, 3);
      return true;
    });
  });

  it('numbers versions that are published at once one after the other', async () => {
    const versions = await Promise.all([1, 2, 3].map(() => publish({ priceListId: 'at-once' })));
    assert.deepEqual(new Set(versions.map(({ version }) => version)), new Set([1, 2, 3]));
  });

  it('queues every change with it, and has what was rated follow', async () => {
    const { pool } = test.database;
    await removePriceChanges(pool, await listPriceChanges(pool));
    const followed: string[] = [];
    const publishing = {
      database: test.database,
      ratedUpTo: () => Promise.resolve(hourNumber(5000)),
      followPriceChanges: async () => {
        const changes = await listPriceChanges(pool);
        followed.push(changes.map(({ priceListId, from }) => `${priceListId} ${from}`).join());
        await removePriceChanges(pool, changes);
      },
    };
    const { ratedUpTo: _rated, ...wanted } = wantedOf({ priceListId: 'corrected' });
    const run = (changes: Partial<WantedVersion>, once = false) =>
      publishVersion(publishing, { ...wanted, ...changes }, changing, { once });
    assert.equal((await run({})).isCorrection, false);
    assert.equal((await run({}, true)).isKnown, true);
    await assert.rejects(run({ note: 'other' }), { code: 'PriceInThePast' });
    const corrected = await run({ note: 'other', correctPast: true });
    assert.deepEqual([corrected.isCorrection, corrected.version.version], [true, 2]);
    await run({ effectiveFrom: hourNumber(5000), correctPast: true });
    // What was there already has nothing to be followed.
    assert.deepEqual(followed, ['corrected 1000', '', 'corrected 1000', 'corrected 5000']);
    // What was interrupted after the version was kept is taken up again.
    const last = { effectiveFrom: hourNumber(4999), correctPast: true };
    await run(last);
    const again = await run(last, true);
    assert.deepEqual([again.isKnown, again.isCorrection], [true, true]);
    assert.deepEqual(followed.slice(4), ['corrected 4999', '']);
  });

  it('begins with a sample that has a price for every meter that is paid', async () => {
    const { database } = test;
    await database.transaction((tx) => ensureCommerceMeters(tx, clock));
    const ensure = () => database.transaction((tx) => ensureSamplePriceList(tx, clock));
    await Promise.all([ensure(), ensure(), ensure()]);
    const versions = await priceListVersions(database.pool, 'sample');
    assert.equal(versions.length, 1);
    const [sample] = versions;
    assert.deepEqual([sample!.sample, sample!.effectiveFrom], [true, 0]);
    assert.match(sample!.note, /^Sample figures, not an offer/);
    assert.deepEqual(checkPriceList(sample!.content, await listCommerceMeters(database.pool)), []);
    const prices = new Map(
      sample!.content.items.map(({ meterId, price }) => [
        meterId.toLowerCase(),
        price.kind === 'flat' ? price.unitPrice.toText() : '',
      ]),
    );
    assert.deepEqual(
      [
        'fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
        '9cd92d4c-bafd-4492-b278-bedc2de8232a',
        '190c935e-9ada-48ff-9ab8-56ea1cf9adaa',
        '09f8879e-87e9-4305-a572-4b7be209f857',
        'b4438d5d-453b-4ee1-b42a-dc72e377f1e4',
        'b03c6ae7-b080-4bfa-84a3-22c800f315c6',
      ].map((id) => prices.get(id)),
      ['0.008', '0.046', '0.056', '0.0000083333', '0.000025', '0.000025'],
    );
  });
});
