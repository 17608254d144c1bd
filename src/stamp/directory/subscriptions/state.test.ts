import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSubscriptionId } from '../../../kernel/index.ts';
import {
  mayFollow,
  parseState,
  requireMayFollow,
  SUBSCRIPTION_STATES,
  takesUsage,
  visibleToTenant,
  type SubscriptionState,
} from './state.ts';

const ID = parseSubscriptionId('11111111-1111-4111-8111-111111111111')!;

/** One line for each state: the states that may follow, whether usage is taken, whether its users see it. */
const TABLE: Readonly<Record<SubscriptionState, readonly [string, boolean, boolean]>> = {
  Enabled: ['Enabled Disabled Deleting Warned PastDue', true, true],
  Disabled: ['Enabled Disabled Deleting Warned PastDue', false, true],
  Warned: ['Enabled Disabled Deleting Warned PastDue', true, true],
  PastDue: ['Enabled Disabled Deleting Warned PastDue', true, true],
  Deleting: ['Deleting PartiallyDeleted Deleted', false, false],
  PartiallyDeleted: ['Deleting PartiallyDeleted', false, false],
  Deleted: ['Deleted', false, false],
};

describe('states of a subscription', () => {
  for (const from of SUBSCRIPTION_STATES) {
    const [following, usage, visible] = TABLE[from];
    it(`${from}: goes to ${following}; ${usage ? 'takes usage' : 'takes none'}`, () => {
      const allowed = SUBSCRIPTION_STATES.filter((to) => mayFollow(from, to));
      assert.deepEqual(new Set(allowed), new Set(following.split(' ')));
      assert.deepEqual([takesUsage(from), visibleToTenant(from)], [usage, visible]);
    });
  }

  it('once deletion has begun, no way leads back to life or to usage', () => {
    const state = fc.constantFrom(...SUBSCRIPTION_STATES);
    fc.assert(
      fc.property(fc.array(state, { maxLength: 30 }), (wishes) => {
        let now: SubscriptionState = 'Deleting';
        for (const wish of wishes) {
          if (mayFollow(now, wish)) now = wish;
          assert.ok(!takesUsage(now) && !visibleToTenant(now), now);
        }
      }),
    );
  });

  it('says what may follow instead', () => {
    assert.throws(() => requireMayFollow(ID, 'PartiallyDeleted', 'Deleted'), /goes to Deleting\b/);
    assert.throws(() => requireMayFollow(ID, 'Deleted', 'Enabled'), /which is final/);
    assert.throws(
      () => requireMayFollow(ID, 'Enabled', 'Deleted'),
      /Disabled, Warned, PastDue, Del/,
    );
  });

  it('are read in any case; NotDefined is none', () => {
    assert.equal(parseState('pastdue'), 'PastDue');
    assert.equal(parseState('NotDefined'), undefined);
  });
});
