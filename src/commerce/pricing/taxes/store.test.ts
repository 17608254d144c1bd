import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { SYSTEM } from '../../../audit/index.ts';
import { dayNumber } from '../../../kernel/index.ts';
import { fixedClock } from '../../../platform/index.ts';
import { d } from '../test-prices.ts';
import {
  ensureTaxTable,
  listTaxRates,
  setTaxRate,
  toWireTaxRate,
  type NewTaxRate,
} from './store.ts';

describe('the table of taxes', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-01T10:00:00Z'));
  const set = (changes: Partial<NewTaxRate> = {}) =>
    test.database.transaction((tx) =>
      setTaxRate(
        tx,
        {
          sellerCountry: 'fr',
          buyerCountry: 'FR',
          businessOnly: false,
          category: 'S',
          percent: d('20'),
          reason: undefined,
          fromDay: dayNumber(0),
          ...changes,
        },
        { clock, actor: SYSTEM },
      ),
    );

  it('begins with one entry for every sale, once', async () => {
    const ensure = () => test.database.transaction((tx) => ensureTaxTable(tx, clock));
    await Promise.all([ensure(), ensure(), ensure()]);
    const table = await listTaxRates(test.database.pool);
    assert.deepEqual(table.map(toWireTaxRate), [
      {
        taxRate: table[0]!.taxRate,
        sellerCountry: '*',
        buyerCountry: '*',
        businessOnly: false,
        category: 'O',
        percent: '0',
        reason: 'Not subject to VAT',
        from: '1970-01-01',
        createdAt: '2026-11-01T10:00:00Z',
      },
    ]);
    await set();
    await ensure();
    const countries = (await listTaxRates(test.database.pool)).map((one) => one.sellerCountry);
    assert.deepEqual(countries, ['*', 'FR']);
  });

  it('refuses what cannot be', async () => {
    const refused: readonly Partial<NewTaxRate>[] = [
      { sellerCountry: 'FRA' },
      { buyerCountry: '' },
      { percent: d('0') },
      { percent: d('100.1') },
      { percent: d('-1') },
      { percent: d('1.00001') },
      { category: 'AE' },
      { category: 'AE', percent: d('0') },
      { category: 'E', percent: d('0'), reason: ' ' },
    ];
    for (const changes of refused) {
      await assert.rejects(set(changes), { code: 'InvalidProperty' });
    }
    await set({ category: 'Z', percent: d('0') });
  });
});
