import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSeller, type BillingAccount } from './account.ts';
import { newAccountId, testAccount } from './test-accounts.ts';
import { customersBelow, salesOf, treeOf, type Sale } from './tree.ts';

const nameOf = ({ seller, buyer }: Sale): string => `${seller.name} > ${buyer.name}`;
const named = (kind: BillingAccount['kind'], name: string, parent?: BillingAccount) =>
  testAccount(kind, parent, { name });

/** Trees by the rules, each account below one that may have it. */
const trees = fc
  .array(fc.tuple(fc.constantFrom('partner', 'enterprise', 'customer'), fc.nat()), {
    maxLength: 25,
  })
  .map((wanted) => {
    const accounts = [testAccount('provider')];
    for (const [kind, pick] of wanted) {
      const parents = accounts.filter((one) =>
        kind === 'partner' ? isSeller(one) : one.kind !== 'customer',
      );
      accounts.push(testAccount(kind, parents[pick % parents.length]));
    }
    return accounts;
  });

describe('the tree of accounts', () => {
  const provider = named('provider', 'provider');
  const distributor = named('partner', 'distributor', provider);
  const reseller = named('partner', 'reseller', distributor);
  const group = named('enterprise', 'group', reseller);
  const division = named('enterprise', 'division', group);
  const shop = named('customer', 'shop', division);
  const single = named('customer', 'single', reseller);
  const direct = named('customer', 'direct', provider);
  const tree = treeOf([shop, division, single, group, direct, reseller, distributor, provider]);

  it('sells what was used along the chain, to the highest enterprise first', () => {
    assert.deepEqual(salesOf(tree, shop.subscriptionId!).map(nameOf), [
      'reseller > group',
      'distributor > reseller',
      'provider > distributor',
    ]);
    assert.deepEqual(salesOf(tree, single.subscriptionId!).map(nameOf), [
      'reseller > single',
      'distributor > reseller',
      'provider > distributor',
    ]);
    assert.deepEqual(salesOf(tree, direct.subscriptionId!).map(nameOf), ['provider > direct']);
    assert.deepEqual(salesOf(tree, testAccount('customer').subscriptionId!), []);
  });

  it('sells what a partner used itself to the partner', () => {
    const used = { ...reseller, subscriptionId: testAccount('customer').subscriptionId };
    const other = treeOf([provider, distributor, used]);
    assert.deepEqual(salesOf(other, used.subscriptionId!).map(nameOf), [
      'distributor > reseller',
      'provider > distributor',
    ]);
  });

  it('knows those above and below, and of whom a buyer buys', () => {
    const names = (accounts: readonly BillingAccount[]) => accounts.map(({ name }) => name);
    assert.deepEqual(names(tree.ancestors(shop.accountId)), [
      'division',
      'group',
      'reseller',
      'distributor',
      'provider',
    ]);
    assert.deepEqual(names(tree.below(group.accountId)), ['division', 'shop']);
    assert.deepEqual(customersBelow(tree, group.accountId), [shop.subscriptionId]);
    assert.deepEqual(customersBelow(tree, division.accountId), []);
    assert.deepEqual(
      new Set(customersBelow(tree, distributor.accountId)),
      new Set([shop.subscriptionId, single.subscriptionId]),
    );
    assert.deepEqual(customersBelow(tree, newAccountId()), []);
  });

  it('sells every use once to each on its way up, ending with a sale of the provider', () => {
    fc.assert(
      fc.property(trees, (accounts) => {
        const any = treeOf(accounts);
        for (const { accountId, subscriptionId } of accounts) {
          if (subscriptionId === undefined) continue;
          const sales = salesOf(any, subscriptionId);
          const above = any.ancestors(accountId);
          assert.equal(sales.length, above.filter(isSeller).length);
          assert.equal(sales.at(-1)?.seller.accountId, any.root.accountId);
          for (const [at, { seller, buyer }] of sales.entries()) {
            assert.ok(any.below(seller.accountId).includes(buyer));
            if (at > 0) assert.equal(sales[at - 1]!.seller.accountId, buyer.accountId);
            assert.ok(customersBelow(any, buyer.accountId).includes(subscriptionId));
          }
          const buyers = accounts.filter((one) =>
            customersBelow(any, one.accountId).includes(subscriptionId),
          );
          assert.equal(buyers.length, sales.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
