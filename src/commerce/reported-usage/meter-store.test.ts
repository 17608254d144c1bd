import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../../audit/index.ts';
import { parseMeterId } from '../../kernel/index.ts';
import { referenceCommerceMeters } from './reference-meters.ts';
import {
  ensureCommerceMeters,
  listCommerceMeters,
  listCommerceMeterVersions,
  metersInForce,
  setCommerceMeter,
} from './meter-store.ts';
import { withTestCommerce } from './test-commerce.ts';
import type { CommerceMeterChange } from './commerce-meter.ts';

describe('meters of commerce', () => {
  const commerce = withTestCommerce();
  const { changing } = commerce;
  const set = (change: CommerceMeterChange) =>
    commerce.test.database.transaction((tx) => setCommerceMeter(tx, change, changing));
  const versionsOf = async (id: string): Promise<unknown[]> => {
    const versions = await listCommerceMeterVersions(
      commerce.test.database.pool,
      parseMeterId(id)!,
    );
    return versions.map(({ version, paid, name, origin }) => [version, paid, name, origin]);
  };

  it('begin as the rate card of the cloud has them, and stay when they are ensured again', async () => {
    const { database } = commerce.test;
    const meters = await listCommerceMeters(database.pool);
    assert.equal(meters.length, referenceCommerceMeters.length);
    assert.equal(new Set(meters.map((meter) => meter.localMeterId.toLowerCase())).size, 85);
    const paid = meters.filter((meter) => meter.paid);
    const groups = new Set(paid.map(({ subCategory }) => subCategory));
    assert.deepEqual([...groups].toSorted(), [
      'App Service',
      'Block Blob',
      'Event Hubs',
      'Managed Disks',
      'Queues',
      'Standard Disks',
      'Tables',
      'VM',
      'Windows VM',
    ]);
    assert.ok(paid.every(({ name }) => !/Actual|Function/.test(name)));
    assert.equal(paid.filter(({ subCategory }) => subCategory === 'Managed Disks').length, 16);
    assert.ok(meters.every((meter) => meter.commerceMeterId === meter.localMeterId));
    assert.equal(await database.transaction((tx) => ensureCommerceMeters(tx, changing.clock)), 0);
  });

  it('get a version with each change, and none without one', async () => {
    const id = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
    const first = await set({ localMeterId: id, paid: true });
    assert.deepEqual([first.version, first.paid, first.name], [2, true, 'VM size hours']);
    assert.equal(first.localMeterId, id.toUpperCase());
    assert.equal((await set({ localMeterId: id, paid: true })).version, 2);
    assert.equal((await set({ localMeterId: id, name: 'VM hours', unit: '' })).version, 3);
    assert.deepEqual(await versionsOf(id.toUpperCase()), [
      [1, false, 'VM size hours', 'reference'],
      [2, true, 'VM size hours', 'operator'],
      [3, true, 'VM hours', 'operator'],
    ]);
    const { pool } = commerce.test.database;
    const events = await listAudit(pool, {
      after: 0n,
      limit: 100,
      target: `/commerceMeters/${id}`,
    });
    assert.deepEqual(
      events.map(({ action, detail }) => [action, detail]),
      [
        ['Stackmeter.Commerce/meters/write', '{"version":2,"paid":true}'],
        ['Stackmeter.Commerce/meters/write', '{"version":3,"name":"VM hours","unit":""}'],
      ],
    );
  });

  it('that nobody entered are entered as they are met, and can then be said to be something', async () => {
    const { database } = commerce.test;
    const met = new Map([['backup', 'Backup']]);
    const use = () => database.transaction((tx) => metersInForce(tx, changing.clock, met));
    const numbers = await Promise.all([use(), use(), use()]);
    assert.equal(new Set(numbers.map((one) => one.get('backup')!.meter)).size, 1);
    assert.deepEqual(await versionsOf('backup'), [[1, false, 'Backup', 'unlisted']]);
    await set({ localMeterId: 'BACKUP' });
    assert.equal((await use()).get('backup')!.paid, false);
    await set({ localMeterId: 'BACKUP', paid: true, name: 'Copies' });
    assert.equal((await use()).get('backup')!.paid, true);
    assert.deepEqual(await versionsOf('backup'), [
      [1, false, 'Backup', 'unlisted'],
      [2, false, 'Backup', 'operator'],
      [3, true, 'Copies', 'operator'],
    ]);
  });

  it('that stamps reported before they were in the reference get its version', async () => {
    const { database } = commerce.test;
    await database.pool.query(`delete from commerce_meter where sub_category = 'Queues'`);
    const id = 'b03c6ae7-b080-4bfa-84a3-22c800f315c6';
    await database.transaction((tx) => metersInForce(tx, changing.clock, new Map([[id, id]])));
    assert.equal(await database.transaction((tx) => ensureCommerceMeters(tx, changing.clock)), 1);
    assert.deepEqual(await versionsOf(id), [
      [1, false, id, 'unlisted'],
      [2, true, 'QueueCapacity', 'reference'],
    ]);
  });

  it('changed by several at once get a version each', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => set({ localMeterId: 'at-once', name })));
    assert.equal((await versionsOf('at-once')).length, 3);
  });

  it('refuse ids and texts that cannot be', async () => {
    const refused: readonly CommerceMeterChange[] = [
      { localMeterId: '' },
      { localMeterId: ' x' },
      { localMeterId: 'Größe' },
      { localMeterId: 'x', name: '' },
      { localMeterId: 'x', name: ' x' },
      { localMeterId: 'x', category: 'a'.repeat(129) },
      { localMeterId: 'x', unit: 'a\0' },
    ];
    for (const change of refused) {
      await assert.rejects(set(change), { code: 'InvalidProperty' });
    }
  });
});
