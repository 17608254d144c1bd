import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tx } from '../../../platform/index.ts';
import { addOffer, changeOffer, removeOffer } from '../offers/change.ts';
import { deleteOffer } from '../offers/store.ts';
import { withTestDirectory } from '../test-directory.ts';
import { insertAcquiredPlans } from './acquired-plan.ts';
import { addPlan, changePlan, removePlan } from './change.ts';
import type { NewPlan } from './plan.ts';
import { deletePlan } from './store.ts';

const PLAN: NewPlan = {
  resourceGroup: 'rg',
  name: 'small',
  displayName: 'Small',
  description: '',
  externalReferenceId: '',
  location: undefined,
  quotaIds: [],
};
const OFFER = {
  resourceGroup: 'rg',
  name: 'gold',
  displayName: 'Gold',
  description: '',
  externalReferenceId: '',
  location: undefined,
  state: 'Private',
  maxSubscriptionsPerAccount: 0,
  basePlans: [],
  addonPlans: [],
} as const;
const CONFLICT = { code: 'Conflict' };

describe('plans and offers that were removed after they were read', () => {
  const directory = withTestDirectory();
  const trail = async (): Promise<number> => {
    const { rows } = await directory.test.database.pool.query('select from audit_event');
    return rows.length;
  };

  it('are neither changed nor removed again, and the trail tells nothing of it', async () => {
    const { test, changing, root } = directory;
    const { database } = test;
    const plan = await database.transaction((tx) => addPlan(tx, PLAN, changing));
    const offer = await database.transaction((tx) => addOffer(tx, root, OFFER, changing));
    await database.transaction((tx) => removePlan(tx, plan, changing));
    await database.transaction((tx) => removeOffer(tx, offer, changing));
    const told = await trail();
    const late: readonly ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => changePlan(tx, plan, PLAN, changing),
      (tx) => removePlan(tx, plan, changing),
      (tx) => changeOffer(tx, offer, OFFER, changing),
      (tx) => removeOffer(tx, offer, changing),
    ];
    for (const work of late) await assert.rejects(database.transaction(work), CONFLICT);
    assert.equal(await trail(), told);
  });

  it('are not taken from a living subscription that came to them meanwhile', async () => {
    const { test, changing, root } = directory;
    const { database } = test;
    const plan = await database.transaction((tx) => addPlan(tx, PLAN, changing));
    const offer = await database.transaction((tx) => addOffer(tx, root, OFFER, changing));
    for (const state of ['Enabled', 'Deleted'] as const) {
      const id = await directory.add({ offerId: offer.offerId, state });
      await insertAcquiredPlans(database.pool, id, [plan.planId], changing.clock.now());
    }
    const CROSSED = { code: '23503' };
    await assert.rejects(
      database.transaction((tx) => deletePlan(tx, plan.planId)),
      CROSSED,
    );
    await assert.rejects(
      database.transaction((tx) => deleteOffer(tx, offer.offerId)),
      CROSSED,
    );
    const { rows } = await database.pool.query('select from acquired_plan');
    assert.equal(rows.length, 2);
    await database.pool.query(`update subscription set state = 'Deleted' where offer_key = $1`, [
      offer.offerId,
    ]);
    assert.ok(await database.transaction((tx) => deletePlan(tx, plan.planId)));
    assert.ok(await database.transaction((tx) => deleteOffer(tx, offer.offerId)));
  });
});
