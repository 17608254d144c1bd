import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { fail } from '../../kernel/index.ts';
import { holdOwned, holdPresent, type Owned, type OwnedKind } from './owned.ts';
import { newAccountId } from './test-accounts.ts';

describe('things of accounts', () => {
  const test = withTestDatabase();
  const things = new Map<string, Owned>();
  const kind: OwnedKind<Owned> = {
    noun: 'export',
    find: (_, id) => Promise.resolve(things.get(id)),
    notFound: (id) => fail('ExportNotFound', { export: id }),
  };

  it('are made one after the other where two make the same, and belong to the first', async () => {
    const id = randomUUID();
    const make = () =>
      test.database.transaction(async (tx) => {
        const accountId = newAccountId();
        const present = await holdOwned(tx, kind, { id, accountId });
        await tx.query('select pg_sleep(0.05)');
        assert.equal(present, undefined);
        things.set(id, { accountId });
      });
    const made = await Promise.allSettled([make(), make(), make()]);
    const refused = made.filter((one) => one.status === 'rejected');
    assert.equal(refused.length, 2);
    for (const { reason } of refused) assert.match(String(reason), /the id .* is taken/);
  });

  it('are known by a GUID, in any case', async () => {
    const { pool } = test.database;
    const accountId = newAccountId();
    await assert.rejects(holdOwned(pool, kind, { id: 'mine', accountId }), /exportId/);
    assert.equal(await holdOwned(pool, kind, { id: randomUUID(), accountId }), undefined);
  });

  it('are not those that were found, when they are of another account by now', async () => {
    const { pool } = test.database;
    const [id, accountId] = [randomUUID(), newAccountId()];
    const thing = { accountId };
    things.set(id, thing);
    assert.equal(await holdPresent(pool, kind, { id }), thing);
    assert.equal(await holdPresent(pool, kind, { id, accountId }), thing);
    const other = holdPresent(pool, kind, { id, accountId: newAccountId() });
    await assert.rejects(other, { code: 'ExportNotFound' });
    await assert.rejects(holdPresent(pool, kind, { id: randomUUID() }), { code: 'ExportNotFound' });
  });
});
