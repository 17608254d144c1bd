import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tx } from '../../../platform/index.ts';
import { addOffer, changeOffer, removeOffer } from '../offers/change.ts';
import { withTestDirectory } from '../test-directory.ts';
import { addPlan, changePlan, removePlan } from './change.ts';
import type { NewPlan } from './plan.ts';

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
});
