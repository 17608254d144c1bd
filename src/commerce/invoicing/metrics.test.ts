import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../platform/index.ts';
import { registerInvoicingMetrics } from './metrics.ts';
import { withTestRoom } from './test-room.ts';

describe('metrics of invoicing', () => {
  const own = withTestRoom();

  it('count what is parked, late, overdue and has no documents', async () => {
    const metrics = createMetrics();
    registerInvoicingMetrics(metrics, { database: own.test.database, clock: own.clock });
    const read = async (): Promise<Record<string, string>> => {
      const { body } = await metrics.text();
      const found = body.matchAll(/^stackmeter_invoicing_(\w+) (\d+)$/gm);
      return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]));
    };
    const none = {
      periods_parked: '0',
      documents_due: '0',
      periods_late: '0',
      invoices_overdue: '0',
    };
    assert.deepEqual(await read(), none);
    const one = await own.customer();
    const two = await own.customer({ country: undefined, waitHours: 0, reviewDays: 0 });
    await own.use('2026-10-31T23:00Z', [{ of: one }, { of: two }]);
    await own.issue(one);
    await own.advance('2026-11-03T12:00Z');
    const some = { ...none, periods_parked: '1', documents_due: '1', periods_late: '1' };
    assert.deepEqual(await read(), some);
    own.clock.set(Temporal.Instant.from('2026-12-04T00:00Z'));
    assert.deepEqual(await read(), { ...some, invoices_overdue: '1' });
  });
});
