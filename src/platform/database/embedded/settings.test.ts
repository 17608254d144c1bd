import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serverSettings, thisMachine } from './settings.ts';

const GB = 2 ** 30;

it('settings follow the machine within bounds', () => {
  const shown = (memory: number, freeDisk: number, sharedBuffers?: number): unknown[] => {
    const settings = serverSettings({ memory, freeDisk, sharedMemory: memory / 2 }, sharedBuffers);
    return [settings['shared_buffers'], settings['max_wal_size'], settings['work_mem']];
  };
  assert.deepEqual(shown(GB / 4, GB), ['131072kB', '262144kB', '4096kB']);
  assert.deepEqual(shown(4 * GB, 32 * GB), ['1048576kB', '2097152kB', '16384kB']);
  assert.deepEqual(shown(64 * GB, 4096 * GB), ['2097152kB', '8388608kB', '32768kB']);
  assert.deepEqual(shown(64 * GB, 4096 * GB, 16 * GB)[0], '16777216kB');
});

it('a small /dev/shm is not relied on', () => {
  const machine = { memory: GB, freeDisk: GB };
  const type = (sharedMemory: number): unknown =>
    serverSettings({ ...machine, sharedMemory })['dynamic_shared_memory_type'];
  assert.deepEqual([type(0), type(64 * 2 ** 20), type(GB)], ['mmap', 'mmap', 'posix']);
});

it('acknowledged-is-durable: a commit is on disk when it returns', () => {
  const settings = serverSettings(thisMachine('/'));
  assert.deepEqual(
    [settings['fsync'], settings['synchronous_commit'], settings['full_page_writes']],
    ['on', 'on', 'on'],
  );
});
