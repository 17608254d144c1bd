import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { listAudit, SYSTEM } from '../../../audit/index.ts';
import { dayNumber, parseCurrency } from '../../../kernel/index.ts';
import { fixedClock } from '../../../platform/index.ts';
import { d } from '../test-prices.ts';
import {
  exchangeRateOn,
  listExchangeRates,
  setExchangeRate,
  toWireExchangeRate,
  type NewExchangeRate,
} from './exchange-rate.ts';

const USD = parseCurrency('USD')!;
const EUR = parseCurrency('EUR')!;

describe('rates of exchange', () => {
  const test = withTestDatabase();
  const changing = {
    clock: fixedClock(Temporal.Instant.from('2026-11-01T10:00:00Z')),
    actor: SYSTEM,
  };
  const set = (day: number, rate: string, changes: Partial<NewExchangeRate> = {}) =>
    test.database.transaction((tx) =>
      setExchangeRate(
        tx,
        { from: USD, to: EUR, day: dayNumber(day), rate: d(rate), source: 'bank', ...changes },
        changing,
      ),
    );
  const on = async (day: number, from = USD, to = EUR): Promise<string | undefined> =>
    (await exchangeRateOn(test.database.pool, from, to, dayNumber(day)))?.toText();

  it('hold from their day on, the newest entry of a day', async () => {
    await set(100, '0.9');
    await set(200, '0.8');
    assert.equal((await set(100, '0.95000001')).version, 2);
    assert.deepEqual(
      [await on(99), await on(100), await on(199), await on(200)],
      [undefined, '0.95000001', '0.95000001', '0.8'],
    );
    const [newest] = await listExchangeRates(test.database.pool);
    assert.deepEqual(toWireExchangeRate(newest!), {
      from: 'USD',
      to: 'EUR',
      day: '1970-07-20',
      version: 1,
      rate: '0.8',
      source: 'bank',
      createdAt: '2026-11-01T10:00:00Z',
    });
    const target = '/exchangeRates/USD/EUR';
    assert.equal((await listAudit(test.database.pool, { after: 0n, limit: 9, target })).length, 3);
  });

  it('are one within a currency, and never turned round', async () => {
    assert.equal(await on(0, EUR, EUR), '1');
    assert.equal(await on(200, EUR, USD), undefined);
  });

  it('refuse what is none', async () => {
    await assert.rejects(set(1, '0'), { code: 'InvalidProperty' });
    await assert.rejects(set(1, '-1'), { code: 'InvalidProperty' });
    await assert.rejects(set(1, '0.000000001'), { code: 'InvalidProperty' });
    await assert.rejects(set(1, '1', { to: USD }), { code: 'InvalidProperty' });
    await assert.rejects(set(1, '1', { source: ' ' }), { code: 'InvalidProperty' });
  });
});
