import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isGuid, isUnitKind, meterKey, parseMeterId } from '../../kernel/index.ts';
import { CUSTOM_WORKER_TIERS, referenceMeters } from './reference-meters.ts';

const PER_PROVIDER = {
  'Microsoft.Network': 3,
  'Microsoft.Storage': 13,
  'Microsoft.Compute': 45,
  'Microsoft.SQLAdapter': 1,
  'Microsoft.MySQLAdapter': 1,
  'Microsoft.EventHub': 1,
  'Microsoft.KeyVault': 2,
  'Microsoft.Web': 20,
};

describe('the meters of Azure Stack Hub', () => {
  it('are 86, each with an id of its own', () => {
    assert.equal(referenceMeters.length, 86);
    assert.equal(new Set(referenceMeters.map((meter) => meterKey(meter.id))).size, 86);
    const counts = Object.entries(Object.groupBy(referenceMeters, (one) => one.resourceProvider));
    assert.deepEqual(
      Object.fromEntries(counts.map(([provider, meters]) => [provider, meters?.length])),
      PER_PROVIDER,
    );
  });

  it('have ids that are GUIDs, with hyphens or without, but for the stand-in of custom worker tiers', () => {
    for (const { id } of referenceMeters) {
      assert.equal(parseMeterId(id), id);
      assert.ok(id === CUSTOM_WORKER_TIERS || isGuid(id) || /^[0-9A-F]{32}$/.test(id), id);
    }
  });

  it('stand in the case of their emitter', () => {
    for (const { id, resourceProvider, deprecated } of referenceMeters) {
      if (id === CUSTOM_WORKER_TIERS) continue;
      const lower = /^Microsoft\.(Compute|Web)$/.test(resourceProvider);
      if (lower) assert.equal(id, id.toLowerCase());
      else if (!deprecated) assert.equal(id, id.toUpperCase());
    }
  });

  it('have a name, a kind of unit and resource types', () => {
    for (const meter of referenceMeters) {
      assert.notEqual(meter.name, '');
      assert.ok(isUnitKind(meter.unitKind));
      assert.ok(meter.resourceTypes.every((type) => type.startsWith(`${meter.resourceProvider}/`)));
      assert.equal(meter.origin, 'reference');
    }
  });

  it('have one current meter for each name', () => {
    const current = referenceMeters.filter((meter) => !meter.deprecated);
    assert.equal(new Set(current.map((meter) => meter.name)).size, current.length);
  });
});
