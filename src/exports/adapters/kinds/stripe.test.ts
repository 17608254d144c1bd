import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAccountId } from '../../../commerce/accounts/index.ts';
import { Decimal } from '../../../kernel/index.ts';
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
  url: 'https://api.stripe.com',
  ca: undefined,
  meters: {},
  customers: {},
  includeFree: false,
  decimals: 0,
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
  const unfit = (quantity: string, decimals: number) =>
    stripeAdapter.unfit?.(eventOf(quantity), { ...definition, decimals }, NOW) ?? '';

  it('are whole numbers with as many digits as are kept there', () => {
    for (const [quantity, decimals, fault] of [
      ['123456789012345', 0, /^$/],
      ['1234567890123456', 0, /15 digits/],
      ['1.5', 0, /whole numbers/],
      ['1.5', 1, /^$/],
      ['-0.000000000001', 12, /^$/],
      ['0.0000000000001', 12, /whole numbers/],
      ['123456789.123456', 6, /^$/],
      ['123456789.123456', 7, /15 digits/],
      ['0', 12, /^$/],
    ] as const) {
      assert.match(unfit(quantity, decimals), fault, `${quantity} ${decimals}`);
    }
  });

  it('are of the last 35 days', () => {
    const event = eventOf('1');
    const at = (hours: number) => stripeAdapter.unfit?.(event, definition, since(hours));
    const since = (hours: number) =>
      Temporal.Instant.fromEpochMilliseconds((event.window + hours) * 3_600_000);
    assert.equal(at(35 * 24), undefined);
    assert.match(at(35 * 24 + 1) ?? '', /last 35 days/);
  });

  it('say the quantity as it is', () => {
    const fifteen = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n });
    fc.assert(
      fc.property(fifteen, fc.integer({ min: 0, max: 12 }), (value, decimals) => {
        const quantity = Decimal.fromBigInt(value, decimals).toText();
        assert.equal(unfit(quantity, decimals), '');
        const form = stripeAdapter.contentOf(eventOf(quantity), { ...definition, decimals });
        assert.equal(form['payload[value]'], value.toString());
        assert.equal(form['timestamp'], String(498_730 * 3600));
      }),
    );
  });
});
