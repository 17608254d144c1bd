import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { halfEven, minorUnitsOf, roundMoney, sumOf } from '../../kernel/index.ts';
import type { InvoiceLine } from './line.ts';
import { linesOf } from './lines.ts';
import {
  chargeParts,
  decimal,
  EARLIER,
  EUR,
  JPY,
  newId,
  OWN,
  partOf,
  termParts,
  TND,
} from './test-lines.ts';

const customerName = (id: string): string => id;
const linesFrom = (charges: ReturnType<typeof partOf>[]): InvoiceLine[] =>
  linesOf({ currency: EUR, charges, terms: [], customerName });

describe('the lines of an invoice', () => {
  it('are each rounded once, half to even, and nothing else is (1,000 cases)', () => {
    const property = fc.property(
      chargeParts,
      termParts,
      fc.constantFrom(EUR, JPY, TND),
      (charges, terms, currency) => {
        const lines = linesOf({ currency, charges, terms, customerName });
        for (const { amount, exactAmount } of lines) {
          assert.ok(amount.equals(exactAmount.roundTo(minorUnitsOf(currency), halfEven)));
        }
        const paid = charges.filter(({ meter }) => meter.paid);
        const given = [...paid, ...terms].map(({ amount }) => amount);
        const exact = lines.map(({ exactAmount }) => exactAmount);
        assert.equal(sumOf(exact).toText(), sumOf(given).toText());
        const quantities = sumOf(paid.map(({ quantity }) => quantity));
        const shown = lines.filter(({ charge }) => charge !== undefined);
        assert.ok(sumOf(shown.map(({ quantity }) => quantity)).equals(quantities));
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it('do not depend on the order of charges (1,000 cases)', () => {
    const shuffled = chargeParts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const property = fc.property(shuffled, ([given, other]) => {
      assert.deepEqual(linesFrom(given), linesFrom(other));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('are numbered from 1, each charge and term once (1,000 cases)', () => {
    const property = fc.property(chargeParts, termParts, (charges, terms) => {
      const lines = linesOf({ currency: EUR, charges, terms, customerName });
      assert.deepEqual(
        lines.map(({ line }) => line),
        lines.map((_, at) => at + 1),
      );
      const charged = lines.flatMap(({ charge }) => charge ?? []);
      assert.equal(new Set(charged).size, charged.length);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('go by customer, service, meter, subscription and period, terms after', () => {
    const names = new Map([
      [newId(), 'Alpha'],
      [newId(), 'Beta'],
    ]);
    const [alpha, beta] = [...names.keys()];
    const meter = (name: string, subCategory: string) => ({
      ...partOf().meter,
      name,
      subCategory,
      meterId: name,
    });
    const charges = [
      partOf({ charge: 1n, customerSubscriptionId: beta!, meter: meter('x', 'a') }),
      partOf({ charge: 2n, customerSubscriptionId: alpha!, meter: meter('z', 'b') }),
      partOf({
        charge: 3n,
        customerSubscriptionId: alpha!,
        meter: meter('y', 'b'),
        period: EARLIER,
      }),
      partOf({ charge: 4n, customerSubscriptionId: alpha!, meter: meter('y', 'b') }),
      partOf({ charge: 5n, customerSubscriptionId: alpha!, meter: meter('z', 'a') }),
    ];
    const fee = {
      termId: newId(),
      kind: 'fee',
      period: OWN,
      description: 'Support',
      subscriptionId: undefined,
      meterId: undefined,
      quantity: decimal('1'),
      amount: decimal('5'),
    } as const;
    const lines = linesOf({
      currency: EUR,
      charges,
      terms: [fee],
      customerName: (id) => names.get(id) ?? '',
    });
    assert.deepEqual(
      lines.map(({ charge }) => charge),
      [5n, 4n, 3n, 2n, 1n, undefined],
    );
    assert.deepEqual(lines.map(({ kind, correctsPeriod }) => [kind, correctsPeriod])[2], [
      'correction',
      '202609-1',
    ]);
  });

  it('leave out unpaid meters and what is nothing, and show a paid meter that costs nothing', () => {
    const zero = decimal('0');
    const free = { ...partOf().meter, paid: false };
    const lines = linesFrom([
      partOf({ charge: 1n, meter: free }),
      partOf({ charge: 2n, quantity: zero, amount: zero }),
      partOf({ charge: 3n, amount: zero, unitPrice: zero }),
      partOf({ charge: 4n, quantity: zero, amount: decimal('-0.5') }),
    ]);
    assert.deepEqual(
      lines.map(({ charge, amount }) => [charge, amount.toText()]),
      [
        [3n, '0'],
        [4n, '-0.5'],
      ],
    );
  });

  it('take off by a negative number of positive amounts', () => {
    const discount = {
      termId: newId(),
      kind: 'discount',
      period: OWN,
      description: 'Ten percent',
      subscriptionId: undefined,
      meterId: undefined,
      quantity: decimal('-1'),
      amount: decimal('-12.5'),
    } as const;
    const free = { ...discount, quantity: decimal('-40') };
    const lines = linesOf({ currency: EUR, charges: [], terms: [discount, free], customerName });
    assert.deepEqual(
      lines.map(({ quantity, unitPrice, amount }) => [
        quantity.toText(),
        unitPrice?.toText(),
        amount.toText(),
      ]),
      [
        ['-1', '12.5', '-12.5'],
        ['-40', undefined, '-12.5'],
      ],
    );
  });

  it('round half a cent to the even one', () => {
    const halves = ['0.005', '0.015', '0.025', '-0.005', '-0.015'];
    assert.deepEqual(
      halves.map((text) => roundMoney(decimal(text), EUR).toText()),
      ['0', '0.02', '0.02', '0', '-0.02'],
    );
  });
});
