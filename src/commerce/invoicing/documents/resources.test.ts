import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../../kernel/index.ts';
import { amounts, decimal, EUR, JPY, TND } from '../test-lines.ts';
import { resourcesOf, type ResourceShare } from './resources.ts';

const others = (count: number): string => `${count} others`;
const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const uri = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`;

const shares: fc.Arbitrary<ResourceShare[]> = fc.array(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
    .map(([unscaled, scale]) => ({
      resource: { uri: uri('vm'), location: 'local' },
      count: 1,
      quantity: Decimal.fromBigInt(unscaled, scale),
    })),
  { minLength: 1, maxLength: 11 },
);

describe('the resources of a line', () => {
  it('have all of its amount, to the last minor unit (1,000 cases)', () => {
    const property = fc.property(
      shares,
      amounts,
      fc.constantFrom([EUR, 2] as const, [JPY, 0] as const, [TND, 3] as const),
      (given, exact, [currency, digits]) => {
        const quantity = sumOf(given.map((one) => one.quantity));
        fc.pre(!quantity.isZero());
        const amount = exact.roundTo(digits, (n, d) => n / d);
        const split = resourcesOf({ quantity, amount }, given, currency, others);
        assert.equal(split.length, given.length);
        assert.ok(sumOf(split.map((one) => one.amount)).equals(amount));
        assert.ok(sumOf(split.map((one) => one.quantity)).equals(quantity));
        for (const one of split) {
          assert.ok(one.amount.scale <= digits);
          if (one.quantity.isZero()) assert.ok(one.amount.isZero());
        }
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it('are named, and those left over are counted', () => {
    const given = [
      { resource: { uri: uri('web'), location: 'local' }, count: 1, quantity: decimal('2') },
      { resource: undefined, count: 7, quantity: decimal('1') },
    ];
    const line = { quantity: decimal('3'), amount: decimal('0.1') };
    assert.deepEqual(
      resourcesOf(line, given, EUR, others).map(({ name, resourceGroup, location, amount }) => [
        name,
        resourceGroup,
        location,
        amount.toText(),
      ]),
      [
        ['web', 'rg', 'local', '0.07'],
        ['7 others', '', '', '0.03'],
      ],
    );
  });

  it('are left out where they are not those of the line, or cannot be compared', () => {
    const one = (quantity: string): ResourceShare => ({
      resource: { uri: 'a name', location: '' },
      count: 1,
      quantity: decimal(quantity),
    });
    const line = { quantity: decimal('3'), amount: decimal('1') };
    assert.deepEqual(resourcesOf(line, [one('2')], EUR, others), []);
    assert.deepEqual(resourcesOf(line, [one('4'), one('-1')], EUR, others), []);
    assert.deepEqual(resourcesOf({ ...line, quantity: decimal('0') }, [], EUR, others), []);
    assert.equal(resourcesOf(line, [one('3')], EUR, others)[0]?.name, 'a name');
  });
});
