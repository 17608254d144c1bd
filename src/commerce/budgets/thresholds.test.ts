import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../kernel/index.ts';
import type { BudgetFigures } from './budget.ts';
import { alertOf, decimal } from './test-budgets.ts';
import { reachedAlerts } from './thresholds.ts';

function figures(spent: string, forecast?: string): BudgetFigures {
  const amount = forecast === undefined ? undefined : decimal(forecast);
  return {
    spent: decimal(spent),
    unpriced: 0,
    forecast: amount && { amount, low: amount, high: amount },
    otherCurrencies: [],
  };
}

describe('the thresholds of a budget', () => {
  it('are reached exactly', () => {
    const alerts = [alertOf('80%'), alertOf('100%'), alertOf('66.67%'), alertOf('79.999999')];
    const reached = (spent: string) =>
      reachedAlerts(alerts, decimal('100'), figures(spent)).map((one) => one.threshold.toText());
    assert.deepEqual(reached('66.66999999999999999999'), []);
    assert.deepEqual(reached('66.67'), ['66.67']);
    assert.deepEqual(reached('79.99999999999999999999'), ['66.67', '79.999999']);
    assert.deepEqual(reached('80'), ['80', '66.67', '79.999999']);
    assert.deepEqual(reached('1000'), ['80', '100', '66.67', '79.999999']);
    assert.deepEqual(reached('-5'), []);
  });

  it('of a forecast are reached by the forecast alone', () => {
    const alerts = [alertOf('forecast 100%'), alertOf('forecast 50')];
    const reached = (one: BudgetFigures) => reachedAlerts(alerts, decimal('100'), one).length;
    assert.equal(reached(figures('500')), 0);
    assert.equal(reached(figures('0', '99.99')), 1);
    assert.equal(reached(figures('0', '100')), 2);
  });

  it('in percent are the same as the amount that they come to', () => {
    const cents = fc.bigInt({ min: 1n, max: 10n ** 18n });
    fc.assert(
      fc.property(cents, cents, fc.bigInt({ min: 1n, max: 100_000n }), (amount, spent, percent) => {
        const budget = Decimal.fromBigInt(amount, 2);
        const one = alertOf(`${Decimal.fromBigInt(percent, 2).toText()}%`);
        const isReached =
          reachedAlerts([one], budget, figures(Decimal.fromBigInt(spent, 2).toText())).length > 0;
        assert.equal(isReached, spent * 10_000n >= amount * percent);
      }),
    );
  });
});
