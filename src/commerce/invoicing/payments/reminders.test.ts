import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listMail } from '../../mail/index.ts';
import { withTestRoom } from '../test-room.ts';
import { remindOverdue } from './reminders.ts';

describe('reminders by e-mail', () => {
  const own = withTestRoom();

  it('go to those who have an address, once for each level, in their language', async () => {
    const french = await own.customer({
      name: 'Dupont',
      paymentDays: 10,
      email: 'compta@dupont.example',
      language: 'fr',
    });
    const silent = await own.customer({ name: 'Silent', paymentDays: 10 });
    const broken = await own.customer({ name: 'Broken', paymentDays: 10, email: 'call us' });
    const all = [french, silent, broken];
    await own.use(
      '2026-10-02T00:00Z',
      all.map((of) => ({ of, quantity: '1000' })),
    );
    for (const one of all) await own.issue(one);
    // Due on 13 November.
    own.clock.set(Temporal.Instant.from('2026-11-21T00:00Z'));
    assert.equal(await remindOverdue(own.room), 3);
    assert.equal(await remindOverdue(own.room), 0);
    const mails = await listMail(own.test.database.pool, { limit: 10 });
    assert.deepEqual(
      new Set(mails.map(({ recipient, state, accountId }) => `${recipient} ${state} ${accountId}`)),
      new Set([
        `compta@dupont.example Pending ${french.accountId}`,
        `call us Dead ${broken.accountId}`,
      ]),
    );
    const { rows } = await own.test.database.pool.query<{ text: string }>(
      `select body_text as text from mail_message where account_id = $1`,
      [french.accountId],
    );
    assert.match(rows[0]?.text ?? '', /de Provider était à payer le 13 novembre 2026/);
    assert.match(rows[0]?.text ?? '', /^Reste à payer\s: 8,00\sUSD$/m);
    own.clock.set(Temporal.Instant.from('2026-11-27T00:00Z'));
    assert.equal(await remindOverdue(own.room), 3);
    assert.equal((await listMail(own.test.database.pool, { limit: 10 })).length, 4);
  });
});
