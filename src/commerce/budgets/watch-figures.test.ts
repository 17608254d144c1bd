import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayNumber, Decimal, parseCurrency } from '../../kernel/index.ts';
import { summarizeCosts } from '../cost-analysis/index.ts';
import { setExchangeRate } from '../pricing/index.ts';
import { withTestRoom } from './test-room.ts';

const [EUR, USD] = [parseCurrency('EUR')!, parseCurrency('USD')!];
const rate = Decimal.parse('0.5')!;

describe('the figures of budgets that are watched', () => {
  const room = withTestRoom();
  const { test, spend, put, watch, hearOf, heardOf } = room;

  it('say what is sold in other currencies, which is in none of their figures', async () => {
    const partner = await room.customer({ name: 'Both', kind: 'partner', seriesPrefix: 'BOT' });
    const parentId = partner.accountId;
    const dollars = await room.customer({ name: 'Dollars', parentId });
    const euros = await room.customer({ name: 'Euros', parentId, currency: EUR });
    await test.database.transaction((tx) =>
      setExchangeRate(
        tx,
        { from: USD, to: EUR, rate, day: dayNumber(20_454), source: 'test' },
        room.changing,
      ),
    );
    const alerts = [{ threshold: '50', notify: { emails: ['a@b.example'], webhook: true } }];
    await hearOf(partner.accountId);
    await put(partner.accountId, 'sold', { amount: '20', view: 'selling', alerts });
    await spend(dollars, 15, '2027-01-15T05:00Z', '2027-01-15T05:00Z');
    await spend(euros, 40, '2027-01-15T05:00Z', '2027-01-15T06:00Z');
    assert.equal((await watch('2027-01-15T08:00:00Z')).fired, 1);
    const { items } = await room.ask('GET', `${partner.accountId}/budgets`);
    const current = JSON.parse(JSON.stringify(items[0]?.['current']));
    assert.equal(current.spent, '15');
    assert.deepEqual(
      current.otherCurrencies.map((one: { readonly currency: string }) => one.currency),
      ['EUR'],
    );
    const shown = await room.ask('GET', `${partner.accountId}/budgets/sold`);
    const now = JSON.parse(JSON.stringify(shown.body['current']));
    assert.deepEqual(now.otherCurrencies, current.otherCurrencies);
    const [heard] = await heardOf(partner.accountId);
    assert.deepEqual(heard?.['otherCurrencies'], current.otherCurrencies);
    const { rows } = await test.database.pool.query<{ text: string }>(
      'select body_text as text from mail_message where account_id = $1',
      [partner.accountId],
    );
    assert.match(rows[0]?.text ?? '', /^Not counted, in another currency: EUR\s20\.00$/m);
  });

  it('stay due while what was rated could not all be summed', async () => {
    const one = await room.customer({ name: 'Unsummed' });
    await put(one.accountId, 'it', { amount: '30', alerts: [{ threshold: '50' }] });
    await spend(one, 20, '2027-01-15T09:00Z', '2027-01-15T09:00Z');
    await watch('2027-01-15T11:00:00Z');
    assert.equal((await watch()).evaluated, 0);
    const { pool } = test.database;
    await pool.query('insert into rated_change (charge) select min(charge) from charge');
    await put(one.accountId, 'it', { amount: '31' });
    const { evaluated } = await watch();
    assert.ok(evaluated > 0);
    // Summing has failed, so that nobody knows yet what they stand at; it is looked at again, not in an hour.
    assert.equal((await watch()).evaluated, evaluated);
    await summarizeCosts({ database: test.database });
    assert.equal((await watch()).evaluated, evaluated);
    assert.equal((await watch()).evaluated, 0);
  });
});
