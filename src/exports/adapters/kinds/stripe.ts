import { randomUUID } from 'node:crypto';
import {
  Decimal,
  hourNumber,
  hourStart,
  isJsonObject,
  type Instant,
} from '../../../kernel/index.ts';
import type { AdapterDefinition } from '../adapter.ts';
import type { UsageEvent } from '../event.ts';
import { objectIn, sendEach, stop, withPoster, type Answer, type Verdict } from './https.ts';
import type { BillingAdapter } from './kind.ts';

const VERSION = '2026-04-22.dahlia';
/** More are refused since that version: sums are binary numbers there. */
const MOST_DIGITS = 15;
/** Events that are older are refused, some of them after they were answered with 200. */
const OLDEST_HOURS = 35 * 24;

/** Meter events of Stripe Billing (POST /v1/billing/meter_events), which are checked as they come, one call for each. */
export const stripeAdapter: BillingAdapter = {
  batchSize: 50,
  needsNames: true,
  // Identifiers are unique there for a day at least; what may have arrived is asked about before that is over.
  knowsAgainHours: 23,
  contentOf: formOf,
  unfit: unfitness,
  send: (batch, room) =>
    withPoster(batch.definition, room, (post) =>
      sendEach(batch, room, {
        // One call at a time for a customer and a meter is all that is allowed there.
        laneOf: ({ code, customer }) => JSON.stringify([code, customer]),
        sendOne: async (event) => {
          const verdict = await post({
            path: '/v1/billing/meter_events',
            headers: {
              authorization: `Bearer ${batch.definition.secret ?? ''}`,
              'content-type': 'application/x-www-form-urlencoded',
              // Another for each call: an answer is kept by its key for a day, also 500, and the identifier does the rest.
              'idempotency-key': `${event.eventId}.${randomUUID()}`,
              'stripe-version': VERSION,
            },
            body: new URLSearchParams(formOf(event, batch.definition)).toString(),
          });
          return verdict.answer === undefined ? verdict : read(verdict, verdict.answer, event);
        },
      }),
    ),
};

function formOf(event: UsageEvent, definition: AdapterDefinition): Record<string, string> {
  return {
    event_name: event.code ?? '',
    'payload[stripe_customer_id]': event.customer ?? '',
    'payload[value]': valueOf(event, definition).toText(),
    identifier: event.eventId,
    timestamp: String(timeOf(event).epochMilliseconds / 1000),
  };
}

function timeOf({ window }: UsageEvent): Instant {
  return hourStart(hourNumber(window));
}

function valueOf({ quantity }: UsageEvent, { decimals }: AdapterDefinition): Decimal {
  const exact = Decimal.parse(quantity);
  if (exact === undefined) throw new TypeError(`${quantity} is no decimal`);
  return exact.multiply(Decimal.fromBigInt(10n ** BigInt(decimals)));
}

/** Why Stripe would not take an event, as its documentation has it; a refusal there may come when nobody listens. */
function unfitness(
  event: UsageEvent,
  definition: AdapterDefinition,
  now: Instant,
): string | undefined {
  const value = valueOf(event, definition);
  const shown = `${event.quantity.slice(0, 100)} with settings.decimals ${definition.decimals}`;
  if (value.toText().includes('.')) {
    return `Stripe takes whole numbers, and nothing is rounded: ${shown}`;
  }
  if (value.digits() > MOST_DIGITS) {
    return `Stripe takes ${MOST_DIGITS} digits, and nothing is rounded: ${shown}`;
  }
  const oldest = now.subtract({ hours: OLDEST_HOURS });
  if (Temporal.Instant.compare(timeOf(event), oldest) >= 0) return undefined;
  return 'Stripe takes events of the last 35 days';
}

/** What Stripe's errors mean where their status alone does not tell. */
function read(verdict: Verdict, answer: Answer, { eventId }: UsageEvent): Verdict {
  const { status, headers, text } = answer;
  if (status >= 500 || status === 429) return verdict;
  if (status === 409 || headers['stripe-should-retry'] === 'true') {
    return stop(`Stripe asks to try again after ${status}`, { isUnsure: true });
  }
  const { error } = objectIn(text);
  const { message, code, param } = isJsonObject(error) ? error : {};
  const says = typeof message === 'string' ? message : '';
  const isThere = says.includes(eventId) && /already exists/i.test(says);
  if (isThere || code === 'duplicate_meter_event') return { is: 'taken' };
  // There is no such customer or meter, which is about this event alone, not about the address.
  if (status === 404 && typeof param === 'string') {
    return { is: 'refused', status, said: says.slice(0, 500).toWellFormed() };
  }
  return verdict;
}
