import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StackmeterError } from '../../kernel/index.ts';
import { parseOperatorMeter } from './operator-meter.ts';

const valid = {
  id: 'Backup.Stored GB',
  name: 'Backup storage',
  unit: 'GB*hours',
  resourceProvider: 'Example.Backup',
};

function refused(change: Record<string, unknown>, parameter: string): void {
  assert.throws(
    () => parseOperatorMeter({ ...valid, ...change }),
    (error) =>
      error instanceof StackmeterError &&
      error.code === 'InvalidProperty' &&
      error.message.includes(` of ${parameter} is not valid`),
    `${JSON.stringify(change)} was accepted`,
  );
}

describe('a meter of the operator', () => {
  it('is read', () => {
    assert.deepEqual(parseOperatorMeter(valid), {
      ...valid,
      unitKind: 'GB-hours',
      category: 'Example.Backup',
      origin: 'operator',
    });
  });

  it('takes its kind of unit from the unit where it is clear', () => {
    const kindOf = (unit: string): string => parseOperatorMeter({ ...valid, unit }).unitKind;
    assert.equal(kindOf('gb*HOURS'), 'GB-hours');
    assert.equal(kindOf('10k-requests'), '10k-requests');
    assert.equal(kindOf('GPU hours'), 'other');
    assert.equal(kindOf('1 hour'), 'other', 'known meters mean two things by it');
    assert.equal(parseOperatorMeter({ ...valid, unitKind: 'core-hours' }).unitKind, 'core-hours');
    assert.equal(parseOperatorMeter({ ...valid, unitKind: 'other' }).unitKind, 'other');
  });

  it('may have a GUID as id, in the case given', () => {
    const id = '7DF6B9B2-6C7C-4D9F-9D0E-2f1f7f0a3b11';
    assert.equal(parseOperatorMeter({ ...valid, id }).id, id);
  });

  it('is refused with the property that is wrong', () => {
    for (const id of ['', ' a', 'a ', '.a', 'a/b', 'é', 'a'.repeat(65), 7, undefined, null]) {
      refused({ id }, 'id');
    }
    for (const name of ['', '   ', 'a'.repeat(129), 'a\nb', '\ud800', undefined, {}]) {
      refused({ name }, 'name');
    }
    for (const unit of ['', 'a'.repeat(65), undefined, 3]) refused({ unit }, 'unit');
    for (const resourceProvider of ['', 'Example/Backup', 'Example.', undefined]) {
      refused({ resourceProvider }, 'resourceProvider');
    }
    refused({ unitKind: 'parsecs' }, 'unitKind');
    refused({ category: '' }, 'category');
    for (const input of [null, undefined, [], 'meter', 1]) {
      assert.throws(() => parseOperatorMeter(input), StackmeterError);
    }
  });
});
