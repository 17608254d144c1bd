import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourAt } from '../../../../test/support/billing.ts';
import type { Database } from '../../../platform/index.ts';
import { toDocument } from '../documents/to-document.ts';
import { withTestRoom } from '../test-room.ts';
import { issueInvoice, previewInvoice } from './issue.ts';

/** Fails where it would wait for somebody. */
function impatient(database: Database): Database {
  const transaction: Database['transaction'] = (work, options) =>
    database.transaction(async (tx) => {
      await tx.query(`set local lock_timeout = '1s'`);
      return work(tx);
    }, options);
  return { pool: database.pool, url: database.url, close: () => database.close(), transaction };
}

describe('a draft', () => {
  const own = withTestRoom();

  it('is read while others hold the period, its charges and billing as a whole', async () => {
    const one = await own.customer();
    await own.use('2026-10-02T00:00Z', [{ of: one }]);
    const period = await own.period(one);
    const draft = await own.test.database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(7322)');
      await tx.query('select from billing_period where period = $1 for update', [period.period]);
      await tx.query('select from charge where period = $1 for update', [period.period]);
      return previewInvoice({ database: impatient(own.test.database) }, period);
    });
    assert.equal(draft.gross.toText(), '0.8');
    const issued = await issueInvoice(own.room, period, own.changing, { early: true });
    assert.equal(issued?.gross.toText(), '0.8');
    await assert.rejects(previewInvoice(own.room, period), { code: 'PeriodNotDue' });
  });
});

describe('the days of a period', () => {
  const own = withTestRoom();

  it('stay those of the zone by which it was made, on its invoice and on corrections', async () => {
    const one = await own.customer({ timeZone: 'Asia/Tokyo', billingDay: 15 });
    await own.use('2026-10-02T00:00Z', [{ of: one }]);
    await own.change(one.accountId, { timeZone: 'America/Los_Angeles' });
    own.clock.set(Temporal.Instant.from('2026-12-20T00:00:00Z'));
    const first = await own.issue(one, '202609-1');
    const days = { name: '202609-1', start: '2026-09-15', end: '2026-10-14' };
    assert.deepEqual(first.parties.period, days);
    await own.use('2026-11-02T00:00Z', [
      { of: one, usageHour: hourAt('2026-10-03T00:00Z'), quantity: '200' },
      { of: one, usageHour: hourAt('2026-10-20T00:00Z') },
    ]);
    const next = await own.issue(one, '202610-1');
    const document = await toDocument(own.test.database.pool, next);
    assert.deepEqual(
      new Map(document.lines.map(({ kind, correctsPeriod }) => [kind, correctsPeriod])),
      new Map([
        ['correction', days],
        ['usage', undefined],
      ]),
    );
  });
});
