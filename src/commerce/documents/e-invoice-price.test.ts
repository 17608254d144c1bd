import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, halfEven } from '../../kernel/index.ts';
import { linePrice } from './e-invoice-price.ts';
import { decimal, line } from '../../../test/documents/invoices.ts';

const said = (change: Parameters<typeof line>[1]): string => {
  const { quantity, price, baseQuantity } = linePrice(line(1, change), 2);
  return `${quantity.toText()} at ${price.toText()} for ${baseQuantity.toText()}`;
};

describe('linePrice', () => {
  it('keeps the price of the line where it explains the amount', () => {
    assert.equal(said({}), '744 at 1.25 for 100');
    assert.equal(
      said({ quantity: decimal('2'), unitPrice: decimal('3.5'), amount: decimal('7') }),
      '2 at 3.5 for 1',
    );
  });

  it('takes the average where there is no single price, or another amount', () => {
    const amount = decimal('10');
    const tiers = { quantity: decimal('3'), unitPrice: undefined, amount };
    assert.equal(said(tiers), '3 at 333.33 for 100');
    assert.equal(said({ ...tiers, unitPrice: decimal('9') }), said(tiers));
  });

  it('says the amount once where nothing was used, and nothing where nothing is paid', () => {
    const none = { quantity: Decimal.zero, unitPrice: undefined };
    assert.equal(said({ ...none, amount: decimal('-5') }), '-1 at 5 for 1');
    assert.equal(said({ ...none, amount: Decimal.zero }), '0 at 0 for 1');
    const free = { quantity: decimal('7.5'), unitPrice: undefined, amount: Decimal.zero };
    assert.equal(said(free), '7.5 at 0 for 1');
  });

  it('always gives quantity * price / base = amount to the minor unit, at prices of two digits', () => {
    const number = (digits: number): fc.Arbitrary<Decimal> =>
      fc
        .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat(digits))
        .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));
    fc.assert(
      fc.property(
        number(9),
        fc.option(number(9), { nil: undefined }),
        fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
        fc.constantFrom(0, 2),
        fc.boolean(),
        (quantity, unitPrice, units, digits, follows) => {
          const amount =
            follows && unitPrice !== undefined
              ? quantity.multiply(unitPrice).roundTo(digits, halfEven)
              : Decimal.fromBigInt(units, digits);
          const found = linePrice(line(1, { quantity, unitPrice, amount }), digits);
          const product = found.quantity.multiply(found.price);
          assert.ok(product.divide(found.baseQuantity, digits, halfEven).equals(amount));
          assert.ok(!found.price.isNegative() && found.price.scale <= 2);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
