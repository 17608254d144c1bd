import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, parseCurrency, sumOf, type Currency } from '../../kernel/index.ts';
import { ledgerAccounts, mergePostings, type Posting } from './entry.ts';
import { testAccountId } from './test-accounts.ts';

const EUR = parseCurrency('EUR')!;
const USD = parseCurrency('USD')!;
const PARTIES = [testAccountId(), testAccountId()];

const amounts = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));
const somePostings: fc.Arbitrary<Posting[]> = fc.array(
  fc.record({
    account: fc.constantFrom(...ledgerAccounts),
    party: fc.constantFrom(...PARTIES),
    currency: fc.constantFrom(EUR, USD),
    amount: amounts,
  }),
  { maxLength: 12 },
);

function sumIn(postings: readonly Posting[], currency: Currency): Decimal {
  return sumOf(postings.filter((one) => one.currency === currency).map(({ amount }) => amount));
}

/** Adds what is missing to zero in each currency. */
function balanced(postings: readonly Posting[]): Posting[] {
  const rest = [EUR, USD].map((currency): Posting => ({
    account: 'rounding',
    party: PARTIES[0]!,
    currency,
    amount: sumIn(postings, currency).negate(),
  }));
  return [...postings, ...rest];
}

describe('the postings of an entry', () => {
  it('come to the same by account, party and currency after they are merged (1,000 cases)', () => {
    const property = fc.property(somePostings, (given) => {
      const all = balanced(given);
      const merged = mergePostings(all);
      const keyOf = ({ account, party, currency }: Posting): string =>
        `${account} ${party} ${currency}`;
      assert.equal(new Set(merged.map(keyOf)).size, merged.length);
      for (const key of new Set(all.map(keyOf))) {
        const of = (some: readonly Posting[]): string =>
          sumOf(some.filter((one) => keyOf(one) === key).map(({ amount }) => amount)).toText();
        assert.equal(of(merged), of(all));
      }
      for (const currency of [EUR, USD]) assert.ok(sumIn(merged, currency).isZero());
      assert.ok(merged.every(({ amount }) => !amount.isZero()));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('are refused when they are out of balance in any currency (1,000 cases)', () => {
    const property = fc.property(somePostings, (given) => {
      fc.pre([EUR, USD].some((currency) => !sumIn(given, currency).isZero()));
      assert.throws(() => mergePostings(given), RangeError);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('do not balance one currency by another', () => {
    const party = PARTIES[0]!;
    const ten = Decimal.parse('10')!;
    const given: Posting[] = [
      { account: 'cash', party, currency: EUR, amount: ten },
      { account: 'receivable', party, currency: USD, amount: ten.negate() },
    ];
    assert.throws(() => mergePostings(given), /out of balance by 10 EUR/);
  });
});
