import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourNumber } from '../../kernel/index.ts';
import { ensureSamplePriceList } from '../pricing/index.ts';
import { changePricing } from './change-pricing.ts';
import { holdBilling } from '../pricing/index.ts';
import { withTestAccounts } from './test-app.ts';

describe('changePricing', () => {
  const accounts = withTestAccounts();

  it('asks how far rating has come only once rating cannot go on, and then what was rated follows', async () => {
    const { test, clock, changing } = accounts;
    const { database } = test;
    await database.transaction((tx) => ensureSamplePriceList(tx, clock));
    const { accountId } = await accounts.addCustomer();
    const done: string[] = [];
    const room = {
      database,
      ratedUpTo: () => {
        done.push('asked');
        return Promise.resolve(hourNumber(1000));
      },
      followPriceChanges: () => {
        done.push('followed');
        return Promise.resolve();
      },
    };
    const change = (correctPast: boolean) =>
      changePricing(
        room,
        {
          accountId,
          basis: { priceListId: 'sample' },
          effectiveFrom: hourNumber(999),
          correctPast,
        },
        changing,
      );
    let changed: ReturnType<typeof change> | undefined;
    await database.transaction(async (tx) => {
      await holdBilling(tx);
      changed = change(true);
      for (let isWaiting = false; !isWaiting;) {
        const { rowCount } = await database.pool.query(
          `select from pg_locks where locktype = 'advisory' and objid = 7322 and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        );
        isWaiting = rowCount === 1;
      }
      done.push('rated');
    });
    await changed;
    assert.deepEqual(done, ['rated', 'asked', 'followed']);
    await assert.rejects(change(false), { code: 'PriceInThePast' });
    assert.deepEqual(done.slice(3), ['asked']);
  });
});
