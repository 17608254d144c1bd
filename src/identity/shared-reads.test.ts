import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { sharedReads } from './shared-reads.ts';

function slowSource(): {
  read: (key: string) => Promise<number>;
  set: (value: number) => void;
  readonly reads: number;
} {
  let value = 0;
  let reads = 0;
  return {
    read: async () => {
      const seen = value;
      reads++;
      await turn();
      return seen;
    },
    set: (next) => {
      value = next;
    },
    get reads() {
      return reads;
    },
  };
}

describe('shared reads', () => {
  it('callers at the same time share the read after the one that is running', async () => {
    const source = slowSource();
    const read = sharedReads(source.read, String);
    await Promise.all(Array.from({ length: 20 }, () => read('a')));
    assert.equal(source.reads, 2);
  });

  it('nobody is given what was read before it asked', async () => {
    const source = slowSource();
    const read = sharedReads(source.read, String);
    const early = read('a');
    source.set(1);
    const late = [read('a'), read('a')];
    assert.equal(await early, 0);
    assert.deepEqual(await Promise.all(late), [1, 1]);
    source.set(2);
    assert.equal(await read('a'), 2);
  });

  it('a failed read fails those who shared it and no one else', async () => {
    let failing = true;
    const read = sharedReads(async (key: string) => {
      await turn();
      if (failing) throw new Error('down');
      return key;
    }, String);
    const results = await Promise.allSettled([read('a'), read('a'), read('a')]);
    assert.ok(results.every(({ status }) => status === 'rejected'));
    failing = false;
    assert.equal(await read('a'), 'a');
    assert.equal(await read('b'), 'b');
  });
});
