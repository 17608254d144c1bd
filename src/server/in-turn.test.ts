import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inTurn } from './in-turn.ts';

describe('inTurn', () => {
  const told: unknown[] = [];
  const log = { error: (fields: object) => told.push(Reflect.get(fields, 'step')) };
  const fail = (message: string) => () => Promise.reject(new Error(message));

  it('gives every step its turn, whatever failed before, and throws in the end', async () => {
    const done: string[] = [];
    const work = async () => done.push('done');
    await inTurn(log, { first: work, second: work });
    assert.deepEqual([done.length, told], [2, []]);
    await assert.rejects(inTurn(log, { first: fail('one'), second: work }), /one/);
    assert.deepEqual([done.length, told], [3, ['first']]);
    const both = inTurn(log, { first: fail('one'), second: fail('two'), third: work });
    await assert.rejects(both, AggregateError);
    assert.deepEqual([done.length, told], [4, ['first', 'first', 'second']]);
  });
});
