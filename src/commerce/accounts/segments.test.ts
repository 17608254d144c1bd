import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, hourNumber } from '../../kernel/index.ts';
import type { AccountId, BillingAccount } from './account.ts';
import type { AccountPricing, PricingBasis } from './account-pricing.ts';
import { pricingSegments } from './segments.ts';
import { testAccount } from './test-accounts.ts';
import { salesOf, treeOf } from './tree.ts';

const provider = testAccount('provider');
const partner = testAccount('partner', provider);
const customer = testAccount('customer', partner);
const tree = treeOf([provider, partner, customer]);
const [sale] = salesOf(tree, customer.subscriptionId!);

const percent = (text: string): PricingBasis => ({ markupPercent: Decimal.parse(text)! });
const list = (priceListId: string): PricingBasis => ({ priceListId });

function pricingsOf(
  said: readonly (readonly [BillingAccount, number, PricingBasis])[],
): Map<AccountId, AccountPricing[]> {
  const all = said.map(([{ accountId }, from, basis], at) => ({
    ...basis,
    accountId,
    version: at + 1,
    effectiveFrom: hourNumber(from),
    createdAt: Temporal.Instant.from('2026-01-01T00:00Z'),
  }));
  const ordered = all.toSorted(
    (one, other) => one.effectiveFrom - other.effectiveFrom || one.version - other.version,
  );
  return Map.groupBy(ordered, ({ accountId }) => accountId);
}

const versionsOf = (versions: Record<string, readonly number[]>) =>
  new Map(
    Object.entries(versions).map(([id, starts]) => [
      id,
      starts.map((start, at) => ({ version: at + 1, effectiveFrom: hourNumber(start) })),
    ]),
  );

const segmentsOf = (
  said: Parameters<typeof pricingsOf>[0],
  versions: Record<string, readonly number[]>,
  [from, to]: readonly [number, number] = [0, 1000],
) => {
  const [h, t] = [hourNumber(from), hourNumber(to)];
  return pricingSegments(pricingsOf(said), tree, versionsOf(versions), sale!, h, t).map((one) => {
    const plan = one.problem ?? `${one.priceListId} ${one.version}`;
    return [one.fromHour, one.toHour, plan, one.effectiveFrom, one.factor.toText()] as const;
  });
};

describe('the prices of a sale', () => {
  it('are cut where a pricing, one above, or a version comes into force', () => {
    const said = [
      [partner, 0, list('A')],
      [customer, 0, percent('10')],
      [customer, 100, percent('20')],
      [partner, 300, percent('5')],
      [partner, 400, list('B')],
      [customer, 600, list('B')],
    ] as const;
    assert.deepEqual(segmentsOf(said, { A: [0, 200], B: [0] }), [
      [0, 100, 'A 1', 0, '1.1'],
      [100, 200, 'A 1', 100, '1.2'],
      [200, 300, 'A 2', 200, '1.2'],
      // A partner that buys from the provider needs a list.
      [300, 400, 'no price list', 300, '1.26'],
      [400, 600, 'B 1', 400, '1.2'],
      [600, 1000, 'B 1', 600, '1'],
    ]);
  });

  it('are whole where what comes into force makes no difference', () => {
    const said = [
      [customer, 0, list('A')],
      [partner, 50, list('B')],
    ] as const;
    assert.deepEqual(segmentsOf(said, { A: [0], B: [70] }), [[0, 1000, 'A 1', 0, '1']]);
    assert.deepEqual(segmentsOf(said, { A: [0] }, [10, 10]), []);
  });

  it('tell why there are none', () => {
    assert.deepEqual(segmentsOf([], {}), [[0, 1000, 'no price list', 0, '1']]);
    assert.deepEqual(segmentsOf([[customer, 20, list('A')]], { A: [40] }), [
      [0, 20, 'no price list', 0, '1'],
      [20, 40, 'no version of the price list A', 20, '1'],
      [40, 1000, 'A 1', 40, '1'],
    ]);
  });

  it('are none where the markups need more digits than a number has, and stop nothing', () => {
    const chain = [provider];
    for (let at = 0; at < 9; at++) chain.push(testAccount('partner', chain.at(-1)));
    const buyer = testAccount('customer', chain.at(-1));
    const [, top, ...sellers] = chain;
    const pricings = pricingsOf([
      [top!, 0, list('A')],
      ...sellers.map((one) => [one, 0, percent('0.000001')] as const),
      [buyer, 0, list('A')],
      [buyer, 100, percent('0.000001')],
      [buyer, 200, percent('10')],
      [sellers.at(-1)!, 300, list('A')],
    ]);
    const other = treeOf([...chain, buyer]);
    const [first] = salesOf(other, buyer.subscriptionId!);
    const versions = versionsOf({ A: [0] });
    const [from, to] = [hourNumber(0), hourNumber(400)];
    const segments = pricingSegments(pricings, other, versions, first!, from, to);
    assert.deepEqual(
      segments.map((one) => [one.fromHour, one.problem, one.effectiveFrom]),
      [
        [0, undefined, 0],
        [100, 'the markups have too many digits', 100],
        [200, 'the markups have too many digits', 200],
        [300, undefined, 300],
      ],
    );
  });

  it('take the highest of several versions that begin at once', () => {
    const said = [
      [customer, 0, list('A')],
      [customer, 0, list('B')],
    ] as const;
    assert.deepEqual(segmentsOf(said, { A: [0], B: [0, 0] }), [[0, 1000, 'B 2', 0, '1']]);
  });

  it('name the markups from the list to the buyer', () => {
    const top = testAccount('partner', provider);
    const middle = testAccount('partner', top);
    const buyer = testAccount('customer', middle);
    const pricings = pricingsOf([
      [top, 0, list('A')],
      [middle, 0, percent('10')],
      [buyer, 0, percent('-50')],
    ]);
    const other = treeOf([provider, top, middle, buyer]);
    const [first] = salesOf(other, buyer.subscriptionId!);
    const [from, to] = [hourNumber(0), hourNumber(1)];
    const [only] = pricingSegments(pricings, other, versionsOf({ A: [0] }), first!, from, to);
    assert.deepEqual(
      only?.chain.map((one) => [one.accountId, one.markupPercent.toText()]),
      [
        [middle.accountId, '10'],
        [buyer.accountId, '-50'],
      ],
    );
    assert.equal(only.factor.toText(), '0.55');
  });

  it('are the same for each hour, however the range is cut, and leave no hour out', () => {
    const hour = fc.integer({ min: 0, max: 60 });
    const bases = fc.constantFrom(list('A'), list('B'), percent('10'), percent('0'));
    const said = fc.array(fc.tuple(fc.constantFrom(partner, customer), hour, bases), {
      maxLength: 8,
    });
    const starts = fc.array(hour, { maxLength: 4 });
    fc.assert(
      fc.property(said, starts, starts, (pricings, A, B) => {
        const whole = segmentsOf(pricings, { A, B }, [0, 60]);
        assert.equal(whole[0]?.[0], 0);
        assert.equal(whole.at(-1)?.[1], 60);
        for (const [at, segment] of whole.entries()) {
          if (at > 0) assert.equal(whole[at - 1]![1], segment[0]);
          for (let one = segment[0]; one < segment[1]; one++) {
            const [alone] = segmentsOf(pricings, { A, B }, [one, one + 1]);
            assert.deepEqual(alone?.slice(2), segment.slice(2));
          }
          // The start that orders the plans of a period never lies after the hours that it prices.
          assert.ok(segment[3] <= segment[0]);
        }
        const orders = whole.map((segment) => segment[3]);
        assert.deepEqual(
          orders,
          orders.toSorted((one, other) => one - other),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
