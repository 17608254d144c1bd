import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSubscriptionId } from '../../kernel/index.ts';
import { systemClock } from '../../platform/index.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { beginRead, type BoundedRead } from './bounded-read.ts';
import type { Reader } from './store.ts';

const reader: Reader = {
  kind: 'tenant',
  subscriptionId: parseSubscriptionId('22222222-0000-4000-8000-000000000001')!,
};
const TOO_LONG = { code: 'InvalidProperty', message: /'2018-06-01' of from .*takes too long/ };

describe('a bounded read', () => {
  const test = withTestDatabase();
  const begin = (milliseconds?: number): BoundedRead =>
    beginRead(
      { database: test.database, clock: systemClock },
      ['from', '2018-06-01'],
      milliseconds,
    );

  it('that takes too long ends with what to change', async () => {
    const long = begin(50).as(reader, (tx) => tx.query('select pg_sleep(30)'));
    await assert.rejects(long, TOO_LONG);
  });

  it('has one bound for all its statements and transactions', async () => {
    const read = begin(200);
    const nap = 'select pg_sleep(0.06)';
    const several = read.as(reader, async (tx, renew) => {
      for (let turn = 0; turn < 100; turn++) {
        await tx.query(nap);
        await renew();
      }
    });
    await assert.rejects(several, TOO_LONG);
    await assert.rejects(
      read.as(reader, (tx) => tx.query('select 1')),
      TOO_LONG,
    );
  });

  it('leaves no bound behind, and other failures as they are', async () => {
    await begin(100).as(reader, (tx) => tx.query('select 1'));
    await test.database.pool.query('select pg_sleep(0.15)');
    const failing = begin().as(reader, (tx) => tx.query('select 1/0'));
    await assert.rejects(failing, { code: '22012' });
  });
});
