import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  adaptersByKind,
  type BillingAdapter,
  type SendOutcome,
} from '../../../src/exports/adapters/index.ts';
import { checkAdapter, type CheckName } from './check-adapter.ts';
import { openFileSide, openServiceSide } from './sides.ts';

const { webhook, csv, stripe, lago } = adaptersByKind;

describe('what every adapter has to keep', () => {
  for (const [kind, adapter, openOtherSide] of [
    ['webhook', webhook, () => openServiceSide('webhook')],
    ['csv', csv, openFileSide],
    ['stripe', stripe, () => openServiceSide('stripe')],
    ['lago', lago, () => openServiceSide('lago')],
  ] as const) {
    it(`is kept by ${kind}`, async () => {
      const results = await checkAdapter({ adapter, openOtherSide });
      assert.equal(results.length, kind === 'csv' ? 5 : 12);
      assert.deepEqual(
        results.filter(({ problem }) => problem !== undefined),
        [],
      );
    });
  }
});

type Faulty = Partial<BillingAdapter>;

const all = 'what is sent arrives, exactly and once';
const again = 'the same sent again changes nothing';
const lost = 'an answer that is lost is not believed, and the event counts once';
const busy = 'who is busy is asked later, when it says so';
const broken = 'what fails over there is tried again';
const refusing = 'a refused event is told with the answer and keeps none of the others';
const shut = 'where it is not let in it parks, and shows no key';

/** What is wrong with an adapter, and the check that has to find it. */
const faults: readonly (readonly [name: string, check: CheckName, Faulty])[] = [
  [
    'drops events',
    all,
    {
      send: ({ events, ...batch }, room) =>
        pretend(events, webhook.send({ ...batch, events: events.slice(1) }, room)),
    },
  ],
  [
    'drops events that weigh nothing',
    all,
    {
      send: ({ events, ...batch }, room) =>
        pretend(
          events,
          webhook.send(
            { ...batch, events: events.filter(({ quantity }) => quantity !== '0') },
            room,
          ),
        ),
    },
  ],
  [
    'sends events twice',
    all,
    {
      send: async (batch, room) => {
        const [first] = batch.events;
        const other = first && { ...first, eventId: randomUUID() };
        if (other) await webhook.send({ ...batch, events: [other] }, room);
        return webhook.send(batch, room);
      },
    },
  ],
  [
    'mixes ids up',
    all,
    {
      send: (batch, room) => {
        const { events } = batch;
        const mixed = events.map((event, at) => ({
          ...event,
          eventId: events[(at + 1) % events.length]!.eventId,
        }));
        return webhook.send({ ...batch, events: mixed }, room);
      },
    },
  ],
  [
    'changes quantities',
    all,
    {
      send: (batch, room) =>
        webhook.send(
          {
            ...batch,
            events: batch.events.map((event) => ({
              ...event,
              quantity: String(Number(event.quantity)),
            })),
          },
          room,
        ),
    },
  ],
  [
    'makes ids of its own',
    all,
    {
      send: (batch, room) =>
        pretend(
          batch.events,
          webhook.send(
            {
              ...batch,
              events: batch.events.map((event) => ({ ...event, eventId: randomUUID() })),
            },
            room,
          ),
        ),
    },
  ],
  [
    'says another thing each time',
    again,
    {
      send: (batch, room) =>
        webhook.send(
          {
            ...batch,
            events: batch.events.map((event) => ({ ...event, meterName: randomUUID() })),
          },
          room,
        ),
    },
  ],
  [
    'shows another thing each time',
    'the content of an event is always the same',
    { contentOf: () => ({ id: randomUUID() }) },
  ],
  [
    'settles what is not its own',
    all,
    {
      send: async (batch, room) => {
        const outcome = await webhook.send(batch, room);
        return { ...outcome, taken: [...outcome.taken, randomUUID()] };
      },
    },
  ],
  ['throws', all, { send: () => Promise.reject(new Error('oh')) }],
  [
    'takes one of several',
    'a few and none are sent like many',
    {
      send: (batch, room) =>
        batch.events.length === 1
          ? Promise.resolve({ taken: [], refused: [] })
          : webhook.send(batch, room),
    },
  ],
  [
    'keeps its turn',
    'when others have their turn it stops, and loses nothing',
    { send: (batch, room) => webhook.send(batch, { ...room, isOver: undefined }) },
  ],
  [
    'believes what was not said',
    lost,
    { send: (batch, room) => pretend(batch.events, webhook.send(batch, room)) },
  ],
  [
    'is sure without knowing',
    lost,
    { send: (batch, room) => altered(webhook.send(batch, room), { isUnsure: false }) },
  ],
  [
    'does not wait',
    busy,
    { send: (batch, room) => altered(webhook.send(batch, room), { retryAfterMs: 0 }) },
  ],
  [
    'parks when it need not',
    broken,
    { send: (batch, room) => altered(webhook.send(batch, room), { isFatal: true }) },
  ],
  [
    'gives up what fails over there',
    broken,
    { send: (batch, room) => givingUp(batch.events, webhook.send(batch, room)) },
  ],
  [
    'does not give up waiting',
    'who gives no answer is not waited for without end',
    { send: (batch, room) => webhook.send(batch, { ...room, timeoutMs: 60_000 }) },
  ],
  [
    'does not hear the signal',
    'when it is told to end it ends',
    {
      send: (batch, room) => webhook.send(batch, { ...room, signal: undefined, timeoutMs: 60_000 }),
    },
  ],
  [
    'stops at what is refused',
    refusing,
    {
      send: async (batch, room) => {
        const outcome = await webhook.send(batch, room);
        if (outcome.refused.length === 0) return outcome;
        return {
          taken: outcome.taken,
          refused: [],
          problem: { text: 'no', isFatal: false, isUnsure: false },
        };
      },
    },
  ],
  [
    'does not say why it was refused',
    refusing,
    {
      send: async (batch, room) => {
        const { refused, ...outcome } = await webhook.send(batch, room);
        return { ...outcome, refused: refused.map((one) => ({ ...one, answer: '' })) };
      },
    },
  ],
  [
    'tries for ever where it is not let in',
    shut,
    { send: (batch, room) => altered(webhook.send(batch, room), { isFatal: false }) },
  ],
  [
    'shows its key',
    shut,
    {
      send: (batch, room) =>
        altered(webhook.send(batch, room), { text: `no: ${batch.definition.secret ?? ''}` }),
    },
  ],
];

describe('an adapter with a fault is found', { concurrency: 8 }, () => {
  for (const [name, check, faulty] of faults) {
    it(`that ${name}`, async () => {
      const adapter = { ...webhook, ...faulty };
      const results = await checkAdapter({
        adapter,
        openOtherSide: () => openServiceSide('webhook'),
      });
      const found = results.find((one) => one.check === check);
      assert.notEqual(found?.problem, undefined, JSON.stringify(results, null, 1));
    });
  }
});

/** Says of all that it was taken. */
async function pretend(
  events: readonly { readonly eventId: string }[],
  outcome: Promise<SendOutcome>,
): Promise<SendOutcome> {
  await outcome;
  return { taken: events.map(({ eventId }) => eventId), refused: [] };
}

async function altered(
  sent: Promise<SendOutcome>,
  change: Partial<NonNullable<SendOutcome['problem']>>,
): Promise<SendOutcome> {
  const { problem, ...outcome } = await sent;
  return { ...outcome, problem: problem && { ...problem, ...change } };
}

async function givingUp(
  events: readonly { readonly eventId: string }[],
  sent: Promise<SendOutcome>,
): Promise<SendOutcome> {
  const { taken, problem } = await sent;
  if (problem === undefined) return { taken, refused: [] };
  const left = events.filter(({ eventId }) => !taken.includes(eventId));
  const refused = left.map(({ eventId }) => ({ eventId, status: 500, answer: problem.text }));
  return { taken, refused };
}
