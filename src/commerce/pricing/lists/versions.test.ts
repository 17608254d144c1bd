import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourNumber } from '../../../kernel/index.ts';
import { versionAt } from './versions.ts';

const versionOf = (version: number, from: number) => ({ version, effectiveFrom: hourNumber(from) });

describe('the version in force', () => {
  it('is the latest that has come, of several the highest', () => {
    const versions = [versionOf(1, 0), versionOf(2, 100), versionOf(3, 50), versionOf(4, 50)];
    const at = (hour: number) => versionAt(versions, hour)?.version;
    assert.deepEqual([0, 49, 50, 99, 100, 1000].map(at), [1, 1, 4, 4, 2, 2]);
  });

  it('is none before the first', () => {
    assert.equal(versionAt([versionOf(1, 100)], 99), undefined);
    assert.equal(versionAt([], 0), undefined);
  });
});
