import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAccountId } from '../../../commerce/accounts/index.ts';
import { fixedClock } from '../../../platform/index.ts';
import type { AdapterDefinition } from '../adapter.ts';
import type { UsageEvent } from '../event.ts';
import { stripeAdapter } from './stripe.ts';

const NOW = Temporal.Instant.from('2026-11-24T00:00Z');
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';

const definition: AdapterDefinition = {
  adapterId: ID,
  name: 'stripe',
  kind: 'stripe',
  accountId: parseAccountId(ID)!,
  // Nobody listens there: what is sent all the same ends as a problem.
  url: 'https://127.0.0.1:1',
  ca: undefined,
  meters: {},
  customers: {},
  includeFree: false,
  secret: 'sk_test',
  startHour: 0,
  state: 'Enabled',
  problem: undefined,
  failures: 0,
  nextAttemptAt: undefined,
  createdAt: NOW,
};

function eventOf(quantity: string): UsageEvent {
  return {
    eventId: ID,
    window: 498_730,
    registrationId: ID,
    accountId: ID,
    customerSubscriptionId: ID,
    subscriptionId: ID,
    meterId: 'meter',
    meterName: 'Meter',
    unit: 'Hours',
    quantity,
    usageFrom: 498_728,
    usageTo: 498_730,
    code: 'vm_hours',
    customer: 'cus_1',
  };
}

describe('meter events of Stripe', () => {
  const room = { clock: fixedClock(NOW), exportFolder: '' };
  const send = (quantity: string) =>
    stripeAdapter.send(
      { definition, registrationId: ID, window: 498_730, taken: 0, events: [eventOf(quantity)] },
      room,
    );

  it('are not sent with more digits than are kept there', async () => {
    for (const quantity of ['1234567890.123456', '-0.1234567890123456', '1234567890123456']) {
      const { refused, problem } = await send(quantity);
      assert.match(refused[0]!.answer, /15 digits/);
      assert.equal(problem, undefined);
    }
    for (const quantity of ['123456789.123456', '0.000000123456789012345']) {
      const { refused, problem } = await send(quantity);
      assert.equal(refused.length, 0);
      assert.equal(problem?.isUnsure, true);
    }
  });

  it('say the quantity as it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (value) => {
        const form = stripeAdapter.contentOf(eventOf(value.toString()));
        assert.equal(form['payload[value]'], value.toString());
        assert.equal(form['timestamp'], String(498_730 * 3600));
      }),
    );
  });
});
