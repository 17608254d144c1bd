import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { holdOwned, parseAccountId } from '../../commerce/accounts/index.ts';
import { fixedClock } from '../../platform/index.ts';
import type { AdapterDefinition } from './adapter.ts';
import { billingAdapters, putAdapter } from './change.ts';
import type { AdapterChange } from './fields.ts';

const KEY = 'sk_live_that_nobody_may_see';

describe('a change of an adapter', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-23T12:05:00Z'));
  const accountId = parseAccountId(randomUUID())!;
  const put = async (id: string, change: AdapterChange): Promise<AdapterDefinition> => {
    const changing = { clock, actor: SYSTEM };
    const { adapter } = await test.database.transaction(async (tx) => {
      const present = await holdOwned(tx, billingAdapters, { id, accountId });
      return putAdapter(tx, { adapterId: id, accountId }, present, change, changing);
    });
    return adapter;
  };

  it('needs the key again where another could read it: another address, or another authority', async () => {
    for (const kind of ['stripe', 'lago'] as const) {
      const id = randomUUID();
      await put(id, { kind, secret: KEY });
      for (const moved of [{ ca: 'one' }, { url: 'https://elsewhere.example.org' }]) {
        await assert.rejects(put(id, moved), /again for another url or ca/);
        assert.equal((await put(id, { ...moved, secret: `${KEY}2` })).secret, `${KEY}2`);
        assert.equal((await put(id, moved)).secret, `${KEY}2`);
      }
      await assert.rejects(put(id, { ca: null }), /again for another url or ca/);
      assert.equal((await put(id, { ca: null, secret: KEY })).ca, undefined);
      assert.equal((await put(id, { ca: null, name: 'other' })).secret, KEY);
    }
  });

  it('keeps the key of a webhook, which signs and is never sent', async () => {
    const id = randomUUID();
    const { secret } = await put(id, { kind: 'webhook', url: 'https://one.example.org' });
    const moved = await put(id, { url: 'https://other.example.org', ca: 'one' });
    assert.equal(moved.secret, secret);
  });
});
