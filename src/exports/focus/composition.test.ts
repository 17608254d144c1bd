import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal } from '../../kernel/index.ts';
import type { LineOfCharge } from './charge-store.ts';
import { partsWanted, stateInvoiced } from './composition.ts';

const at = (day: number): Temporal.Instant =>
  Temporal.Instant.from('2026-10-01T00:00Z').add({ hours: 24 * day });

function line(
  number: string,
  day: number,
  quantity: string,
  more: Partial<LineOfCharge> = {},
): LineOfCharge {
  return {
    invoiceId: number,
    invoiceKind: 'invoice',
    issuedAt: at(day),
    number,
    line: 1,
    charge: 7n,
    cancels: undefined,
    quantity: Decimal.parse(quantity)!,
    ...more,
  };
}

const told = (history: readonly LineOfCharge[], invoiceId: string): unknown => {
  const wanted = partsWanted(history, { invoiceId, line: 1 });
  return (
    wanted && [
      wanted.sign,
      wanted.quantity.toText(),
      wanted.now?.quantity.toText(),
      wanted.before?.quantity.toText(),
      wanted.before?.at.toString().slice(8, 10),
    ]
  );
};

describe('what a line has of a charge', () => {
  const first = line('A', 0, '100');
  const late = line('B', 5, '20');

  it('is all of it at first, then what has come since', () => {
    assert.deepEqual(told([first, late], 'A'), [1, '100', '100', undefined, undefined]);
    assert.deepEqual(told([first, late], 'B'), [1, '20', '120', '100', '01']);
    assert.equal(told([first, late], 'C'), undefined);
  });

  it('is the opposite where it takes another one back, and free again then', () => {
    const note = line('N', 6, '100', {
      invoiceKind: 'credit-note',
      cancels: { invoiceId: 'A', line: 1 },
    });
    const again = line('D', 7, '110');
    const history = [first, note, again];
    assert.deepEqual(told(history, 'N'), [-1, '100', '100', undefined, undefined]);
    assert.deepEqual(told(history, 'D'), [1, '110', '110', undefined, undefined]);
  });

  it('is nothing any more where a note gives all of it back', () => {
    const back = line('E', 6, '100', { invoiceKind: 'credit-note' });
    assert.deepEqual(told([first, back], 'E'), [1, '-100', undefined, '100', '01']);
  });

  it('is, of what no invoice has, all without the lines that stand', () => {
    const note = line('N', 6, '100', {
      invoiceKind: 'credit-note',
      cancels: { invoiceId: 'A', line: 1 },
    });
    const state = (history: readonly LineOfCharge[]): unknown => {
      const found = stateInvoiced(history);
      return found && [found.quantity.toText(), found.at.toString().slice(8, 10)];
    };
    assert.equal(state([]), undefined);
    assert.deepEqual(state([first, late]), ['120', '06']);
    assert.deepEqual(state([first, late, note]), ['20', '06']);
    assert.equal(state([first, note]), undefined);
  });
});
