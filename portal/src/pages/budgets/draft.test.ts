/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Budget } from '../../api/types/budgets.ts';
import { readAddresses, readDecimal } from './amount.ts';
import { draftOf, newDraft, readDraft } from './draft.ts';
import { asBudgetFilters, asFilterTexts, costSearchOf, dayIn } from './paths.ts';

describe('an amount as it is typed', () => {
  it('has a point, or in French a comma', () => {
    assert.equal(readDecimal('1500.50', 'en'), '1500.50');
    assert.equal(readDecimal('1500,5', 'fr'), '1500.5');
    assert.equal(readDecimal('1\u202f500,5', 'fr'), '1500.5');
    assert.equal(readDecimal('007', 'en'), '7');
  });

  it('is not taken for another one', () => {
    for (const text of ['1,500', '1,5', '-3', '0', '0.00', 'x', '', '1.1234567', '1e9', '.5']) {
      assert.equal(readDecimal(text, 'en'), undefined, text);
    }
    assert.equal(readDecimal('1.500,00', 'fr'), undefined);
  });

  it('is what was typed, digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }), (whole) => {
        assert.equal(readDecimal(`${whole}`, 'en'), `${whole}`);
      }),
    );
  });
});

describe('addresses', () => {
  it('are parted by commas, semicolons and spaces', () => {
    const { addresses, wrong } = readAddresses('a@x.example, b@y.example;c@z.example\nnobody');
    assert.deepEqual(addresses, ['a@x.example', 'b@y.example', 'c@z.example']);
    assert.deepEqual(wrong, ['nobody']);
  });
});

const budget: Budget = {
  name: 'production',
  accountId: 'a',
  amount: '12000.5',
  currency: 'EUR',
  grain: 'Month',
  view: 'buying',
  filters: { meter: ['m', 'n'], tag: ['team:'] },
  alerts: [
    {
      of: 'forecast',
      unit: 'amount',
      threshold: '11000.25',
      notify: { emails: ['a@x.example'], webhook: true },
    },
  ],
  createdAt: '2026-11-01T00:00:00Z',
  updatedAt: '2026-11-01T00:00:00Z',
};

describe('a budget that is written', () => {
  it('says again what it said, in either language', () => {
    const { name, amount, grain, view, filters, alerts } = budget;
    for (const language of ['en', 'fr']) {
      const read = readDraft(draftOf(budget, language), language);
      assert.deepEqual(read, { terms: { name, amount, grain, view, filters, alerts } });
    }
  });

  it('tells all that is wrong with it at once', () => {
    const draft = newDraft('buying');
    const alerts = draft.alerts.map((one) => ({
      ...one,
      threshold: '1001',
      emails: 'x, y@z.example',
    }));
    const read = readDraft({ ...draft, name: 'a b', alerts }, 'en');
    assert.deepEqual(read, {
      faults: { name: true, amount: true, alerts: [{ threshold: true, emails: 'x' }] },
    });
  });

  it('may have a name like an amount of money above a thousand percent', () => {
    const draft = { ...newDraft('buying'), name: 'a', amount: '1' };
    const alerts = draft.alerts.map((one) => ({
      ...one,
      unit: 'amount' as const,
      threshold: '1001',
    }));
    assert.ok('terms' in readDraft({ ...draft, alerts }, 'en'));
  });

  it('keeps its filters', () => {
    assert.deepEqual(asBudgetFilters(asFilterTexts(budget.filters)), budget.filters);
  });
});

describe('the costs of a budget', () => {
  it('are those of its days, where it is', () => {
    assert.equal(dayIn('2026-10-31T23:00:00Z', 'Europe/Paris'), '2026-11-01');
    assert.equal(dayIn('2026-10-31T23:00:00Z', 'UTC'), '2026-10-31');
    const current = {
      evaluatedAt: '2026-11-24T00:00:00Z',
      from: '2026-10-31T23:00:00Z',
      to: '2026-11-30T23:00:00Z',
    };
    const search = costSearchOf({ ...budget, current }, 'Europe/Paris');
    assert.deepEqual([search['from'], search['to']], ['2026-11-01', '2026-12-01']);
    assert.deepEqual(search['filters'], ['meter=m', 'meter=n', 'tag=team:']);
  });
});
