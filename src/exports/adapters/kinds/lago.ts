import { hourNumber, hourStart, isJsonObject } from '../../../kernel/index.ts';
import { factsOf, type UsageEvent } from '../event.ts';
import { objectIn, withPoster, type Poster } from './https.ts';
import type { BillingAdapter, Refusal, SendingRoom, SendOutcome } from './kind.ts';

/** As many as Lago takes in a call. */
const BATCH = 100;

/** Usage events of Lago, in batches that are taken whole or not at all. */
export const lagoAdapter: BillingAdapter = {
  batchSize: BATCH,
  needsNames: true,
  contentOf: eventOf,
  send: ({ definition, events }, room) =>
    withPoster(definition, room, (post) =>
      settle(events, room, (some) => callWith(post, definition.secret ?? '', some)),
    ),
};

/** An event as Lago takes it; it bills by amounts of its own, so none are sent. */
function eventOf(event: UsageEvent): Readonly<Record<string, unknown>> {
  const { quantity, usageFrom, usageTo, subscriptionId, meterId, unit } = factsOf(event);
  return {
    transaction_id: event.eventId,
    external_subscription_id: event.customer,
    code: event.code,
    timestamp: String(hourStart(hourNumber(event.window)).epochMilliseconds / 1000),
    // The value is text: a number would go through binary.
    properties: {
      value: quantity,
      unit,
      meter_id: meterId,
      subscription_id: subscriptionId,
      usage_from: usageFrom,
      usage_to: usageTo,
    },
  };
}

type Call = (events: readonly UsageEvent[]) => ReturnType<Poster>;

function callWith(post: Poster, secret: string, events: readonly UsageEvent[]): ReturnType<Poster> {
  return post({
    path: '/api/v1/events/batch',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: events.map(eventOf) }),
  });
}

/**
 * Sends events until each is settled. Of a batch that is refused those go out of it that the answer names; an answer
 * that names none halves it, until it is one event that is refused.
 */
async function settle(
  events: readonly UsageEvent[],
  { isOver }: SendingRoom,
  call: Call,
): Promise<SendOutcome> {
  const taken: string[] = [];
  const refused: Refusal[] = [];
  const waiting: (readonly UsageEvent[])[] = events.length === 0 ? [] : [events];
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    if (isOver?.() === true) break;
    const verdict = await call(some);
    if (verdict.is === 'stop') return { taken, refused, problem: verdict.problem };
    if (verdict.is === 'taken') {
      taken.push(...some.map(({ eventId }) => eventId));
      continue;
    }
    const { status, said: answer } = verdict;
    const faults = faultsIn(verdict.answer?.text ?? '', some.length);
    for (const [at, isThere] of faults) {
      const { eventId } = some[at]!;
      if (isThere) taken.push(eventId);
      else refused.push({ eventId, status, answer });
    }
    const rest = some.filter((_, at) => !faults.has(at));
    if (faults.size > 0) {
      if (rest.length > 0) waiting.push(rest);
    } else if (some.length === 1) {
      refused.push({ eventId: some[0]!.eventId, status, answer });
    } else {
      const half = Math.ceil(some.length / 2);
      waiting.push(some.slice(half), some.slice(0, half));
    }
  }
  return { taken, refused };
}

/** What an answer finds wrong, by the place of the event; true: nothing, but that it is there already. */
function faultsIn(text: string, count: number): ReadonlyMap<number, boolean> {
  const { error_details: details } = objectIn(text);
  const faults = new Map<number, boolean>();
  for (const [place, fault] of Object.entries(isJsonObject(details) ? details : {})) {
    const at = /^\d{1,3}$/.test(place) ? Number.parseInt(place, 10) : count;
    // What is wrong is a text or, by field, a list of codes.
    if (at < count) faults.set(at, isJsonObject(fault) && isOnlyKnown(fault));
  }
  return faults;
}

function isOnlyKnown({ transaction_id: codes, ...others }: Readonly<Record<string, unknown>>) {
  const isKnown = Array.isArray(codes) && codes.length === 1 && codes[0] === 'value_already_exist';
  return isKnown && Object.keys(others).length === 0;
}
