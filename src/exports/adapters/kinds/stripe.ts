import { hourNumber, hourStart, isJsonObject } from '../../../kernel/index.ts';
import type { UsageEvent } from '../event.ts';
import { objectIn, sendEach, stop, withPoster, type Verdict } from './https.ts';
import type { BillingAdapter } from './kind.ts';

const VERSION = '2026-04-22.dahlia';
/** Sums are binary numbers there: what is longer would be cut. */
const MOST_DIGITS = 15;

/** Meter events of Stripe Billing, one call for each. */
export const stripeAdapter: BillingAdapter = {
  batchSize: 50,
  needsNames: true,
  // Identifiers are unique there for a day at least; what may have arrived is asked about before that is over.
  knowsAgainHours: 23,
  contentOf: formOf,
  send: (batch, room) =>
    withPoster(batch.definition, room, (post) =>
      sendEach(batch, async (event) => {
        if (digitsOf(event.quantity) > MOST_DIGITS) return tooLong(event);
        const verdict = await post({
          path: '/v1/billing/meter_events',
          headers: {
            authorization: `Bearer ${batch.definition.secret ?? ''}`,
            'content-type': 'application/x-www-form-urlencoded',
            'idempotency-key': event.eventId,
            'stripe-version': VERSION,
          },
          body: new URLSearchParams(formOf(event)).toString(),
        });
        return verdict.is === 'refused' ? read(verdict, event) : verdict;
      }),
    ),
};

function formOf(event: UsageEvent): Record<string, string> {
  const seconds = hourStart(hourNumber(event.window)).epochMilliseconds / 1000;
  return {
    event_name: event.code ?? '',
    'payload[stripe_customer_id]': event.customer ?? '',
    'payload[value]': event.quantity,
    identifier: event.eventId,
    timestamp: String(seconds),
  };
}

function digitsOf(quantity: string): number {
  return quantity.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

function tooLong({ quantity }: UsageEvent): Verdict {
  const answer = `not sent: Stripe takes ${MOST_DIGITS} digits, and nothing is rounded: ${quantity.slice(0, 100)}`;
  return { is: 'refused', status: undefined, answer, text: '' };
}

/** Whether a refusal says that the event is there already, or that its key is in use at this moment. */
function read(verdict: Verdict & { readonly is: 'refused' }, { eventId }: UsageEvent): Verdict {
  const { status, text } = verdict;
  if (status === 409)
    return stop('an earlier attempt is still being worked on', { isUnsure: true });
  const { error } = objectIn(text);
  const { message, code } = isJsonObject(error) ? error : {};
  const says = typeof message === 'string' ? message : '';
  const isThere = says.includes(eventId) && /already exists/i.test(says);
  return isThere || code === 'duplicate_meter_event' ? { is: 'taken' } : verdict;
}
