import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { uuidBytes } from '../../platform/index.ts';
import type { BookedResource } from './batch-store.ts';
import { createSharedRoom } from './body-room.ts';
import { RememberedResources } from './remembered-resources.ts';

function resource(number: number, account = 1): BookedResource {
  const bytes = (at: number) =>
    uuidBytes(`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
  const texts = { resourceUri: '', location: '', tags: '', additionalInfo: '' };
  const one = bytes(1);
  return {
    ...texts,
    account: bytes(account),
    key: bytes(number),
    subscription: one,
    tenant: one,
    mapping: 0,
  };
}

describe('remembered resources', () => {
  it('are those that were added, for each account', () => {
    const remembered = new RememberedResources();
    assert.equal(remembered.has(resource(1)), false);
    remembered.add([resource(1)]);
    assert.deepEqual(
      [remembered.has(resource(1)), remembered.has(resource(2)), remembered.has(resource(1, 2))],
      [true, false, false],
    );
  });

  it('are forgotten when they are not used, and never too many', () => {
    const remembered = new RememberedResources(10);
    for (let number = 0; number < 100; number++) {
      remembered.add([resource(number)]);
      assert.equal(remembered.has(resource(0)), true, String(number));
    }
    const kept = Array.from({ length: 100 }, (_, at) => remembered.has(resource(at)));
    assert.ok(kept.filter((isKept) => isKept).length <= 21);
  });
});

describe('room for bodies', () => {
  it('is shared, given back, and always there for one body alone', () => {
    const room = createSharedRoom(100);
    const one = room.reserve();
    one.growTo(60);
    one.growTo(150);
    const other = room.reserve();
    assert.throws(() => other.growTo(1), { code: 'ServiceUnavailable' });
    one.release();
    other.growTo(100);
    one.growTo(0);
    const third = room.reserve();
    assert.throws(() => third.growTo(1), { code: 'ServiceUnavailable' });
    other.release();
    third.growTo(100);
    third.release();
  });
});
