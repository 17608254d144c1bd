import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SubscriptionId } from '../../../kernel/index.ts';
import { verifyAudit } from '../../../audit/index.ts';
import { addOffer, delegateOffer, setOfferState } from '../offers/change.ts';
import type { Offer } from '../offers/offer.ts';
import { changeSubscription, type SubscriptionChange } from '../subscriptions/change.ts';
import { listSubscriptionsOf } from '../subscriptions/list.ts';
import { findSubscription, listSubscriptions } from '../subscriptions/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { OTHER, withTestDirectory } from '../test-directory.ts';
import { moveSubscriptions } from './move.ts';
import { findBelow } from './tree.ts';

const PLAIN = {
  resourceGroup: 'g',
  displayName: 'offer',
  description: '',
  externalReferenceId: '',
  state: 'Public',
  location: undefined,
  maxSubscriptionsPerAccount: 0,
  basePlans: [],
  addonPlans: [],
} as const;

describe('moves', () => {
  const directory = withTestDirectory();
  const { root, changing, test } = directory;
  const add = (changes: Partial<Subscription> = {}): Promise<SubscriptionId> =>
    directory.add(changes);

  const move = (
    ids: readonly SubscriptionId[],
    provider: SubscriptionId,
    { caller = root, offer }: { caller?: SubscriptionId; offer?: Offer } = {},
  ): Promise<void> =>
    test.database.transaction((tx) =>
      moveSubscriptions(tx, ids, { provider, offer }, { provider: caller, ...changing }),
    );
  const parentOf = async (id: SubscriptionId): Promise<SubscriptionId | undefined> =>
    (await findSubscription(test.database.pool, id))?.delegatedProviderSubscriptionId;
  const under = (delegatedProviderSubscriptionId: SubscriptionId): Promise<SubscriptionId> =>
    add({ delegatedProviderSubscriptionId });
  const newOffer = (name: string): Promise<Offer> =>
    test.database.transaction((tx) => addOffer(tx, root, { ...PLAIN, name }, changing));
  const delegate = (source: Offer, to: SubscriptionId): Promise<Offer> =>
    test.database.transaction(async (tx) => {
      const name = `to ${to}`.replaceAll(' ', '-');
      const given = await delegateOffer(tx, source, { name, to, offerName: source.name }, changing);
      return setOfferState(tx, given, 'Public', changing);
    });

  it('keep the tree a tree, and each provider sees just what stands below it', async () => {
    const ids = [root];
    for (let i = 0; i < 12; i++) ids.push(await add());
    const index = fc.nat(ids.length - 1);
    const moves = fc.array(fc.tuple(index, index, index), { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(moves, async (wishes) => {
        for (const [what, where, who] of wishes) {
          const before = await parents(ids);
          const caller = ids[who]!;
          const fits =
            what !== 0 &&
            isBelow(before, caller, ids[what]!) &&
            (caller === ids[where]! || isBelow(before, caller, ids[where]!)) &&
            ids[what] !== ids[where] &&
            !isBelow(before, ids[what]!, ids[where]!);
          const done = await move([ids[what]!], ids[where]!, { caller }).then(
            () => true,
            () => false,
          );
          assert.equal(done, fits);
          const expected = new Map(before);
          if (fits) expected.set(ids[what]!, ids[where]);
          assert.deepEqual(await parents(ids), expected);
        }
        await checkVisibility(ids);
      }),
      { numRuns: 8 },
    );
    assert.equal((await verifyAudit(test.database.pool)).intact, true);
  });

  type Parents = ReadonlyMap<SubscriptionId, SubscriptionId | undefined>;

  async function parents(ids: readonly SubscriptionId[]): Promise<Parents> {
    const all = await listSubscriptions(test.database.pool);
    const known = all.filter(({ subscriptionId }) => ids.includes(subscriptionId));
    return new Map(
      known.map((one) => [one.subscriptionId, one.delegatedProviderSubscriptionId] as const),
    );
  }

  /** Climbs up by hand; a circle would never end, so it counts. */
  function isBelow(tree: Parents, provider: SubscriptionId, id: SubscriptionId): boolean {
    let steps = 0;
    for (let up = tree.get(id); up !== undefined; up = tree.get(up)) {
      if (up === provider) return true;
      steps += 1;
      assert.ok(steps <= tree.size, 'the tree has a circle');
    }
    return false;
  }

  async function checkVisibility(ids: readonly SubscriptionId[]): Promise<void> {
    const tree = await parents(ids);
    const { pool } = test.database;
    for (const provider of ids) {
      const list = async (includeIndirect: boolean): Promise<SubscriptionId[]> => {
        const filter = { provider, includeIndirect, ids };
        const { subscriptions } = await listSubscriptionsOf(pool, filter, { limit: 100 });
        return subscriptions.map(({ subscriptionId }) => subscriptionId);
      };
      const direct = ids.filter((id) => tree.get(id) === provider);
      const whole = ids.filter((id) => isBelow(tree, provider, id));
      assert.deepEqual(await list(false), direct.toSorted());
      assert.deepEqual(await list(true), whole.toSorted());
      for (const id of ids) {
        const found = [
          await findBelow(pool, provider, id, false),
          await findBelow(pool, provider, id, true),
        ];
        assert.deepEqual(
          found.map((one) => one !== undefined),
          [direct.includes(id), whole.includes(id)],
        );
      }
    }
  }

  it('two at once never close a circle', async () => {
    const [one, two] = [await add(), await add()];
    const outcomes = await Promise.allSettled([move([one], two), move([two], one)]);
    const kinds = outcomes.map(({ status }) => status);
    assert.deepEqual(kinds.toSorted(), ['fulfilled', 'rejected']);
    const set = new Set([await parentOf(one), await parentOf(two)]);
    assert.ok(set.has(root));
  });

  it('are all made or none', async () => {
    const [provider, one, two] = [await add(), await add(), await add({ state: 'Deleted' })];
    await assert.rejects(move([one, two], provider), { code: 'Conflict' });
    assert.equal(await parentOf(one), root);
  });

  it('go between delegated providers of one directory tenant only', async () => {
    const [here, there] = [await add(), await add({ tenantId: OTHER })];
    const moved = await under(here);
    await assert.rejects(move([moved], there), /one directory tenant/);
    await move([moved], root);
    await move([moved], there);
    assert.equal(await parentOf(moved), there);
  });

  it('a provider outside the tree is as one that does not exist', async () => {
    const [caller, foreign] = [await add(), await add()];
    const [own, others] = [await under(caller), await under(foreign)];
    for (const id of [others, foreign, root]) {
      await assert.rejects(move([id], caller, { caller }), { code: 'SubscriptionNotFound' });
      await assert.rejects(move([own], id, { caller }), { code: 'SubscriptionNotFound' });
    }
  });

  it('a provider that is not active takes nobody', async () => {
    const [moved, disabled] = [await add(), await add({ state: 'Disabled' })];
    await assert.rejects(move([moved], disabled), /is Disabled/);
  });

  it('give the offer that was named, or the one further up the chain', async () => {
    const gold = await newOffer('gold');
    const provider = await add();
    const delegated = await delegate(gold, provider);
    const moved = await add({ offerId: gold.offerId });
    await assert.rejects(move([moved], provider), /name one of its offers/);
    await move([moved], provider, { offer: delegated });
    const there = await findSubscription(test.database.pool, moved);
    assert.deepEqual(there?.offer, {
      providerSubscriptionId: provider,
      ofDefaultProvider: false,
      resourceGroup: 'g',
      name: 'gold',
    });
    await move([moved], root);
    assert.equal((await findSubscription(test.database.pool, moved))?.offerId, gold.offerId);
  });

  it('bring an account no more subscriptions of an offer than it gives', async () => {
    const scarce = await test.database.transaction((tx) =>
      addOffer(tx, root, { ...PLAIN, name: 'scarce', maxSubscriptionsPerAccount: 1 }, changing),
    );
    const provider = await add();
    const delegated = await delegate(scarce, provider);
    const owner = 'one@home.example';
    const [one, two] = [await add({ owner }), await add({ owner })];
    await assert.rejects(move([one, two], provider, { offer: delegated }), /no more subscriptions/);
    await move([one], provider, { offer: delegated });
    await assert.rejects(move([two], provider, { offer: delegated }), /no more subscriptions/);
    await move([one], root, { offer: scarce });
    const free = await add({ owner: 'other@home.example', offerId: scarce.offerId });
    const change = (id: SubscriptionId, to: SubscriptionChange): Promise<unknown> =>
      test.database.transaction((tx) => changeSubscription(tx, id, to, changing));
    await assert.rejects(change(free, { owner }), /no more subscriptions/);
    await assert.rejects(change(two, { offer: scarce }), /no more subscriptions/);
    await change(free, { owner: 'third@home.example' });
  });

  it('leave a provider where the offers it holds come from', async () => {
    const silver = await newOffer('silver');
    const [upper, other] = [await add(), await add()];
    const lower = await under(upper);
    await delegate(await delegate(silver, upper), lower);
    await assert.rejects(move([lower], other), /take them back first/);
    await move([upper], other);
    assert.equal(await parentOf(upper), other, 'with all below it, nothing changes between them');
  });
});
