import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meaningOf } from './services.ts';
import { tagsOf } from './usage-rows.ts';

describe('a meter', () => {
  it('is of a service, in units as FOCUS spells them', () => {
    const transactions = meaningOf({
      category: 'Azure Stack Hub',
      subCategory: 'Storage',
      unit: 'Request count in 10,000s',
    });
    assert.deepEqual(transactions, {
      service: 'Storage Accounts',
      category: 'Storage',
      subcategory: 'Storage Platforms',
      pricingUnit: '10000 Requests',
      consumedUnit: 'Requests',
      consumedPerUnit: 10_000n,
    });
  });

  it('of an operator has its own name, and a unit only if it is one', () => {
    const own = (unit: string): string =>
      meaningOf({ category: 'Backup', subCategory: '', unit }).pricingUnit;
    assert.equal(own('Snapshots'), 'Snapshots');
    assert.equal(own('GiB-Hours'), 'GiB-Hours');
    assert.equal(own('GBs'), 'Units');
    assert.equal(own('gigabyte*hours'), 'Units');
    const { service, category } = meaningOf({ category: 'Backup', subCategory: '', unit: '' });
    assert.deepEqual([service, category], ['Backup', 'Other']);
    const known = meaningOf({ category: 'x', subCategory: 'key vault', unit: '' });
    assert.equal(known.category, 'Security');
  });
});

describe('tags', () => {
  it('are flat, and null where there are none', () => {
    assert.equal(tagsOf('{"cost":"42","empty":"","n":null}'), '{"cost":"42","empty":""}');
    for (const none of ['', 'null', '{}', '[]', 'x', '{"n":null}'])
      assert.equal(tagsOf(none), null);
    assert.equal(tagsOf('{"a":{"b":1}}'), '{"a":"{\\"b\\":1}"}');
  });
});
