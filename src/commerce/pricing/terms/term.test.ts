import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fields } from '../../../platform/index.ts';
import { parseTerm, termToWire } from './term.ts';

describe('a term', () => {
  it('is read back as it is written', () => {
    const wires: readonly Fields[] = [
      { kind: 'fee', amount: '10.5', per: 'subscription', prorated: false },
      { kind: 'discount', percent: '12.5', recurrence: 'once', per: 'account', meterIds: ['m'] },
      { kind: 'discount', amount: '5', recurrence: 'recurring', per: 'subscription' },
      { kind: 'discount', quantity: '100', meterId: 'm', recurrence: 'once', per: 'account' },
      { kind: 'credit', amount: '1000', recurrence: 'once' },
      { kind: 'commitment', amount: '500' },
    ];
    for (const wire of wires) assert.deepEqual(termToWire(parseTerm(wire)), wire);
  });

  it('has what is usual where nothing is said', () => {
    assert.deepEqual(termToWire(parseTerm({ kind: 'fee', amount: '1', per: null })), {
      kind: 'fee',
      amount: '1',
      per: 'account',
      prorated: true,
    });
    const discount = parseTerm({ kind: 'discount', percent: '100', meterIds: null });
    assert.deepEqual(termToWire(discount), {
      kind: 'discount',
      percent: '100',
      recurrence: 'recurring',
      per: 'account',
    });
  });

  it('is refused when it can be none', () => {
    const refused: readonly Fields[] = [
      {},
      { kind: 'gift', amount: '1' },
      { kind: 'fee' },
      { kind: 'fee', amount: 1 },
      { kind: 'fee', amount: '0' },
      { kind: 'fee', amount: '-1' },
      { kind: 'fee', amount: '0.0000000000001' },
      { kind: 'fee', amount: '1', per: 'month' },
      { kind: 'fee', amount: '1', prorated: 'yes' },
      { kind: 'fee', amount: '1', percent: '1' },
      { kind: 'discount' },
      { kind: 'discount', percent: '100.1' },
      { kind: 'discount', percent: '1', amount: '1' },
      { kind: 'discount', quantity: '1' },
      { kind: 'discount', amount: '1', meterId: 'm' },
      { kind: 'discount', quantity: '1', meterId: 'm', meterIds: ['m'] },
      { kind: 'discount', percent: '1', meterIds: [] },
      { kind: 'discount', percent: '1', meterIds: [1] },
      { kind: 'credit', amount: '1', recurrence: 'daily' },
    ];
    for (const fields of refused) {
      assert.throws(() => parseTerm(fields), { code: 'InvalidProperty' }, JSON.stringify(fields));
    }
  });
});
