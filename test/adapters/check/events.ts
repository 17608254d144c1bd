import { hash } from 'node:crypto';
import { parseAccountId } from '../../../src/commerce/accounts/index.ts';
import type {
  AdapterDefinition,
  EventBatch,
  UsageEvent,
} from '../../../src/exports/adapters/index.ts';
import type { Instant } from '../../../src/kernel/index.ts';

/** A GUID for a word, the same whenever it is asked for. */
function guidOf(word: string): string {
  const digits = hash('sha256', word);
  const group = (from: number, length: number): string => digits.slice(from, from + length);
  return `${group(0, 8)}-${group(8, 4)}-8${group(13, 3)}-8${group(17, 3)}-${group(20, 12)}`;
}

/** An adapter as it is kept, with what its other side says of it. */
export function definitionOf(given: Partial<AdapterDefinition>): AdapterDefinition {
  return {
    adapterId: guidOf('adapter'),
    name: 'checked',
    kind: 'webhook',
    accountId: parseAccountId(guidOf('account'))!,
    url: undefined,
    ca: undefined,
    meters: {},
    customers: {},
    includeFree: false,
    decimals: 0,
    secret: undefined,
    startHour: 0,
    state: 'Enabled',
    problem: undefined,
    failures: 0,
    nextAttemptAt: undefined,
    createdAt: Temporal.Instant.fromEpochMilliseconds(0),
    ...given,
  };
}

/** Quantities that a number of JavaScript cannot hold, or writes in another way, where the other side takes them. */
const EXACT = [
  '1.000000000000000000000000000000000001',
  '0.000000000000000000012345',
  '12345678901234567890.5',
];
const PLAIN = ['24', '0', '1.5', '0.001', '744', '-3.25', '100000000.125'];

/** A window of usage of the hour before: several subscriptions of two customers, two meters. */
export function eventsOf(definition: AdapterDefinition, count: number, now: Instant): EventBatch {
  const window = Math.floor(now.epochMilliseconds / 3_600_000) - 1;
  const registrationId = guidOf('stamp');
  const quantities = definition.decimals > 0 ? PLAIN : [...PLAIN, ...EXACT];
  const events = Array.from({ length: count }, (_, at): UsageEvent => {
    const customer = guidOf(`customer ${at % 2}`);
    return {
      eventId: guidOf(`event ${at}`),
      window,
      registrationId,
      accountId: definition.accountId,
      customerSubscriptionId: customer,
      subscriptionId: guidOf(`subscription ${at}`),
      meterId: `meter-${at % 3}`,
      meterName: `Meter, "${at % 3}"`,
      unit: '1 Hour',
      quantity: quantities[at % quantities.length]!,
      usageFrom: window - (at % 5),
      usageTo: window + 1,
      code: `m_${at % 3}`,
      customer: `c_${at % 2}`,
    };
  });
  events.sort((one, other) => (one.eventId < other.eventId ? -1 : 1));
  return { definition, registrationId, window, taken: 0, events };
}
