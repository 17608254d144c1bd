/**
 * What every adapter has to keep, checked on the adapter alone: no database, no server, only its other side. Made for
 * adapters that are not part of this project as well; docs/reference/adapter-interface.md says how.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  AdapterDefinition,
  BillingAdapter,
  EventBatch,
  SendingRoom,
  SendOutcome,
} from '../../../src/exports/adapters/index.ts';
import { systemClock } from '../../../src/platform/index.ts';
import { definitionOf, eventsOf } from './events.ts';
import type { Fault } from '../services.ts';

/** What has arrived, as the other side has it: each id as often as it counts it. */
export interface Arrived {
  readonly id: string;
  /** The quantity that is billed for it there, as exact text. */
  readonly quantity: string;
  /** All that was said, byte for byte where that matters. */
  readonly content: string;
}

/** The other side of an adapter, or what behaves like it. */
export interface OtherSide {
  /** What the adapter is told: url, ca, secret and what else it needs. */
  readonly definition: Partial<AdapterDefinition>;
  /** Where files are looked for. */
  readonly exportFolder?: string | undefined;
  readonly arrived: () => readonly Arrived[];
  /** Forgets what has arrived, and what was to happen. */
  readonly forget: () => void;
  /** Left out where nobody is called. */
  readonly calls?: {
    /** What happens to the calls that come next, one each; undefined: nothing does. */
    readonly fail: (faults: readonly (Fault | undefined)[]) => void;
    /** Says no to the events with these ids, for ever. */
    readonly refuse: (ids: ReadonlySet<string>) => void;
    /** A key that is not let in. */
    readonly wrongSecret: string;
  };
  readonly close?: () => void | Promise<void>;
}

/** An adapter with its other side, as a module has them that is to be checked. */
export interface AdapterUnderTest {
  readonly adapter: BillingAdapter;
  readonly openOtherSide: () => Promise<OtherSide>;
}

/** A check, and what is wrong by it; no problem: it holds. */
export interface CheckResult {
  readonly check: CheckName;
  readonly problem: string | undefined;
}

/** Far more than is given for an answer. */
const PATIENCE_MS = 3000;

/** What is asked of an adapter. @throws with what is wrong */
type Check = (tried: Tried) => Promise<void>;

interface Tried {
  readonly adapter: BillingAdapter;
  readonly side: OtherSide;
  readonly send: (more?: Partial<EventBatch>, room?: Partial<SendingRoom>) => Promise<SendOutcome>;
  readonly batch: EventBatch;
}

const ids = ({ events }: Pick<EventBatch, 'events'>): string[] =>
  events.map(({ eventId }) => eventId);

function must(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

/** That just these events are there, each once, with its own quantity. */
function mustHaveArrived({ side, batch }: Tried, events = batch.events): void {
  const arrived = side.arrived();
  const known = new Map(events.map((event) => [event.eventId, event]));
  for (const { id, quantity } of arrived) {
    const event = known.get(id);
    must(event !== undefined, `an event has arrived under the id ${id}, which was not given`);
    const isExact = quantity === event.quantity;
    must(isExact, `of ${id} ${event.quantity} was given and ${quantity} has arrived`);
  }
  const counted = new Set(arrived.map(({ id }) => id));
  must(counted.size === arrived.length, 'an id has arrived twice');
  const missing = ids({ events }).filter((id) => !counted.has(id));
  must(missing.length === 0, `${missing.length} events have not arrived, such as ${missing[0]}`);
}

/** That an outcome speaks of what was given alone, and of each event once. */
function mustBeOf(batch: EventBatch, { taken, refused, problem }: SendOutcome): void {
  const settled = [...taken, ...refused.map(({ eventId }) => eventId)];
  const given = new Set(ids(batch));
  must(
    settled.every((id) => given.has(id)),
    'it settles an event that was not given to it',
  );
  must(new Set(settled).size === settled.length, 'it settles an event twice');
  must(
    refused.every(({ answer }) => answer.length <= 500),
    'an answer has over 500 characters',
  );
  must(problem?.text !== '', 'it has a problem and does not say which');
}

/** Sends until all is settled, as the sender does: what is left comes again with the same content. */
async function sendOn(tried: Tried): Promise<void> {
  let left = tried.batch.events;
  for (let time = 0; left.length > 0; time++) {
    must(time < 20, `after 20 times ${left.length} events are still not settled`);
    const outcome = await tried.send({ events: left });
    must(outcome.refused.length === 0, `it gives up: ${outcome.refused[0]?.answer ?? ''}`);
    must(outcome.problem?.isFatal !== true, `it parks: ${outcome.problem?.text ?? ''}`);
    const taken = new Set(outcome.taken);
    left = left.filter(({ eventId }) => !taken.has(eventId));
  }
}

const checks = {
  'what is sent arrives, exactly and once': async (tried) => {
    const outcome = await tried.send();
    must(outcome.problem === undefined, `it stops: ${outcome.problem?.text ?? ''}`);
    must(outcome.refused.length === 0, `it refuses: ${outcome.refused[0]?.answer ?? ''}`);
    must(outcome.taken.length === tried.batch.events.length, 'not all is settled');
    mustHaveArrived(tried);
  },
  'the same sent again changes nothing': async (tried) => {
    await sendOn(tried);
    const before = tried.side.arrived();
    await sendOn(tried);
    mustHaveArrived(tried);
    const after = new Map(tried.side.arrived().map(({ id, content }) => [id, content]));
    const other = before.find(({ id, content }) => after.get(id) !== content);
    must(other === undefined, `${other?.id} has come again with other content`);
  },
  'the content of an event is always the same': ({ adapter, batch }) => {
    for (const event of batch.events) {
      const kept = structuredClone(event);
      const [one, other] = [event, kept].map((each) => adapter.contentOf(each, batch.definition));
      must(isDeepStrictEqual(one, other), `that of ${event.eventId} differs`);
      must(isDeepStrictEqual(event, kept), 'it changes the event');
    }
    return Promise.resolve();
  },
  'a few and none are sent like many': async (tried) => {
    must((await tried.send({ events: [] })).taken.length === 0, 'of nothing something is taken');
    const events = tried.batch.events.slice(0, 1);
    must((await tried.send({ events })).taken.length === 1, 'one event alone is not taken');
    mustHaveArrived(tried, events);
  },
  'when others have their turn it stops, and loses nothing': async (tried) => {
    const outcome = await tried.send({}, { isOver: () => true });
    must(outcome.problem === undefined, 'that others have their turn is no problem');
    must(outcome.refused.length === 0, 'that others have their turn refuses nothing');
    must(outcome.taken.length < tried.batch.events.length, 'it goes on as if nothing were said');
    await sendOn(tried);
    mustHaveArrived(tried);
  },
} satisfies Record<string, Check>;

/** Of adapters that call somebody. */
const checksOfCalls = {
  'an answer that is lost is not believed, and the event counts once': async (tried) => {
    tried.side.calls?.fail(['cut after the body']);
    const { problem, taken } = await tried.send();
    must(problem !== undefined && !problem.isFatal, 'it does not notice that no answer came');
    must(problem.isUnsure, 'it says for sure what it cannot know');
    must(taken.length < tried.batch.events.length, 'it takes for taken what was not answered');
    await sendOn(tried);
    mustHaveArrived(tried);
  },
  'who is busy is asked later, when it says so': async (tried) => {
    tried.side.calls?.fail(Array.from({ length: 8 }, () => ({ status: 429, retryAfter: '70' })));
    const { problem, taken, refused } = await tried.send();
    must(taken.length + refused.length === 0, 'it settles what was answered with 429');
    must(problem !== undefined && !problem.isFatal, '429 is no reason to go on or to park');
    must((problem.retryAfterMs ?? 0) >= 70_000, 'it does not wait as long as it is asked to');
    tried.side.calls?.fail([]);
    await sendOn(tried);
    mustHaveArrived(tried);
  },
  'what fails over there is tried again': async (tried) => {
    for (const status of [500, 503]) {
      tried.side.calls?.fail(Array.from({ length: 8 }, () => ({ status })));
      const { problem, refused } = await tried.send();
      must(refused.length === 0, `${status} says nothing of an event, which is given up`);
      must(problem !== undefined && !problem.isFatal, `${status} is no reason to go on or to park`);
      must(problem.isUnsure, `after ${status} nobody knows whether it has arrived`);
    }
    tried.side.calls?.fail([]);
    await sendOn(tried);
    mustHaveArrived(tried);
  },
  'who gives no answer is not waited for without end': async (tried) => {
    tried.side.calls?.fail(Array.from({ length: 8 }, () => 'no answer' as const));
    const patience = systemClock.sleep(PATIENCE_MS).then(() => undefined);
    const outcome = await Promise.race([tried.send({}, { timeoutMs: 200 }), patience]);
    must(outcome !== undefined, 'it waits longer than timeoutMs');
    must(outcome.problem?.isUnsure === true, 'it says for sure what it cannot know');
  },
  'when it is told to end it ends': async (tried) => {
    tried.side.calls?.fail(Array.from({ length: 8 }, () => 'no answer' as const));
    const signal = AbortSignal.timeout(200);
    const patience = systemClock.sleep(PATIENCE_MS).then(() => undefined);
    const outcome = await Promise.race([tried.send({}, { signal }), patience]);
    must(outcome !== undefined, 'it goes on after the signal');
    must(outcome.taken.length < tried.batch.events.length, 'it takes for taken what was not');
  },
  'a refused event is told with the answer and keeps none of the others': async (tried) => {
    const { batch } = tried;
    const bad = new Set(ids(batch).filter((_, at) => at % 4 === 1));
    tried.side.calls?.refuse(bad);
    const { taken, refused, problem } = await tried.send();
    must(problem === undefined, `it stops: ${problem?.text ?? ''}`);
    const named = new Set(refused.map(({ eventId }) => eventId));
    must(isDeepStrictEqual(named, bad), 'it does not refuse just those that were refused');
    must(
      refused.every(({ answer, status }) => answer !== '' && status !== undefined),
      'no answer',
    );
    must(taken.length === batch.events.length - bad.size, 'not all others are taken');
    mustHaveArrived(
      tried,
      batch.events.filter(({ eventId }) => !bad.has(eventId)),
    );
  },
  'where it is not let in it parks, and shows no key': async (tried) => {
    const secret = tried.side.calls?.wrongSecret ?? '';
    const definition = { ...tried.batch.definition, secret };
    const { problem, taken, refused } = await tried.send({ definition });
    must(taken.length + refused.length === 0, 'it settles events that nobody has looked at');
    must(problem?.isFatal === true, 'it would be the same next time, which it does not say');
    must(!problem.text.includes(secret), 'it shows the key');
  },
} satisfies Record<string, Check>;

export type CheckName = keyof typeof checks | keyof typeof checksOfCalls;

/** Checks an adapter against its other side, which is opened for it and closed. */
export async function checkAdapter({
  adapter,
  openOtherSide,
}: AdapterUnderTest): Promise<CheckResult[]> {
  const side = await openOtherSide();
  const results: CheckResult[] = [];
  try {
    const all = Object.entries<Check>({
      ...checks,
      ...(side.calls !== undefined && checksOfCalls),
    });
    for (const [check, tryIt] of all) {
      side.forget();
      const tried = tryOut(adapter, side);
      const problem = await Promise.try(tryIt, tried).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      results.push({ check: check as CheckName, problem });
    }
  } finally {
    await side.close?.();
  }
  return results;
}

function tryOut(adapter: BillingAdapter, side: OtherSide): Tried {
  const definition = definitionOf(side.definition);
  const count = Math.min(adapter.batchSize, 40);
  const batch = eventsOf(definition, count, systemClock.now());
  const send: Tried['send'] = async (more, room) => {
    const given = { ...batch, ...more };
    const folder = side.exportFolder ?? '';
    const outcome = await adapter
      .send(given, { clock: systemClock, exportFolder: folder, timeoutMs: 5000, ...room })
      .catch((error: unknown) => {
        throw new Error(`it throws: ${error instanceof Error ? error.message : String(error)}`);
      });
    mustBeOf(given, outcome);
    return outcome;
  };
  return { adapter, side, send, batch };
}
