import type { FastifyInstance } from 'fastify';
import {
  dayNumber,
  dayStart,
  fail,
  hourNumber,
  hourStart,
  parseWireTime,
  type Instant,
} from '../../kernel/index.ts';
import { authorize, type Authenticate } from '../../identity/index.ts';
import {
  nextLinkOf,
  queryParameters,
  readFields,
  readText,
  type Clock,
  type Database,
  type QueryParameters,
} from '../../platform/index.ts';
import { countOpenImportedHours, readDueSince } from './due.ts';
import type { Granularity, ReportedWindow, WindowSums } from './reported-window.ts';
import { listWindows, readStampState } from './store.ts';
import { verifyWindows, type Verdict } from './verify.ts';
import {
  MOST_VERIFIED,
  MOST_WINDOWS,
  VERIFY_MILLISECONDS,
  windowOperations,
} from './window-operations.ts';

export interface WindowsApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

/** The last number that the database takes. */
const LAST = 2 ** 31 - 1;
const NANOSECONDS_PER_HOUR = 3_600_000_000_000n;

/** The reported windows and their verification: the operator's. */
export function windowRoutes(app: FastifyInstance, api: WindowsApi): void {
  const { database } = api;
  const action = 'Stackmeter.Metering/windows/read';
  app.get('/api/v1/windows', { config: { operation: windowOperations.list } }, async (request) => {
    authorize(await api.authenticate(request), action);
    const query = queryParameters(request);
    const granularity = readGranularity(query.get('granularity'));
    const limit = readNumber(query, 'limit', 100, MOST_WINDOWS);
    const { from = 0, through = LAST } = readRange(
      { from: query.get('from'), to: query.get('to') },
      granularity,
    );
    // The token is the number of the last window of the page before.
    const before = readNumber(query, '$skiptoken', LAST, LAST);
    const windows = await listWindows(database.pool, {
      granularity,
      from,
      through: Math.min(through, before - 1),
      limit: limit + 1,
      newestFirst: true,
    });
    const page = windows.slice(0, limit);
    const last = windows.length > limit ? page.at(-1) : undefined;
    const next = last && { nextLink: nextLinkOf(request, String(last.number)) };
    return { value: page.map(toWireWindow), ...next };
  });
  app.get(
    '/api/v1/windows/status',
    { config: { operation: windowOperations.status } },
    async (request) => {
      authorize(await api.authenticate(request), action);
      return readStatus(api);
    },
  );
  const verifyAlone = oneAtATime();
  app.post<{ Body: unknown }>(
    '/api/v1/windows/verify',
    { config: { operation: windowOperations.verify } },
    async (request) => {
      authorize(await api.authenticate(request), action);
      const asked = readVerification(request.body);
      return verifyAlone(() => verify(api, asked));
    },
  );
}

async function readStatus({ database, clock }: WindowsApi): Promise<object> {
  const state = await readStampState(database.pool);
  const dueSince = await readDueSince(database.pool);
  const waited =
    dueSince === undefined ? 0 : clock.now().epochMilliseconds - dueSince.epochMilliseconds;
  return {
    ...(state !== undefined && {
      openHour: startOf('hour', state.openHour).toString(),
      firstHour: startOf('hour', state.firstHour).toString(),
    }),
    ...(waited > 0 && { dueSince: dueSince?.toString() }),
    lagSeconds: Math.max(0, Math.floor(waited / 1000)),
    importedOpen: await countOpenImportedHours(database.pool),
  };
}

interface Verification {
  readonly granularity: Granularity;
  readonly from: number;
  readonly through: number;
}

function readVerification(body: unknown): Verification {
  const fields = readFields(body);
  const granularity = readGranularity(readText(fields, 'granularity'));
  const required = (name: string): string => {
    const value = readText(fields, name);
    if (value !== undefined && value !== '') return value;
    throw fail('InvalidProperty', { parameter: name, value: '', rule: 'it has to be given' });
  };
  const texts = { from: required('from'), to: required('to') };
  const { from = 0, through = LAST } = readRange(texts, granularity);
  const most = MOST_VERIFIED[granularity];
  if (through - from < most) return { granularity, from, through };
  const rule = `at most ${most} ${granularity}s are verified in one request`;
  throw fail('InvalidProperty', { parameter: 'to', value: texts.to, rule });
}

/** Sums of whole windows are heavy on the database: one request at a time is enough for people. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let isRunning = false;
  return async (work) => {
    if (isRunning) {
      throw fail('Conflict', { reason: 'another verification goes on, and one is done at a time' });
    }
    isRunning = true;
    try {
      return await work();
    } finally {
      isRunning = false;
    }
  };
}

async function verify({ database, clock }: WindowsApi, asked: Verification): Promise<object> {
  const { granularity } = asked;
  const begun = clock.monotonicMs();
  let [equal, unverifiable] = [0, 0];
  const different: object[] = [];
  let reached: number | undefined;
  for await (const verdict of verifyWindows(database, granularity, asked)) {
    if (verdict.verdict === 'equal') equal += 1;
    else if (verdict.verdict === 'unverifiable') unverifiable += 1;
    else different.push(toWireDifference(verdict));
    if (clock.monotonicMs() - begun < VERIFY_MILLISECONDS) continue;
    reached = verdict.number;
    break;
  }
  const isCut = reached !== undefined && reached < asked.through;
  const next = isCut ? { next: startOf(granularity, reached! + 1).toString() } : {};
  return { granularity, equal, unverifiable, different, ...next };
}

function toWireDifference(verdict: Extract<Verdict, { verdict: 'different' }>): object {
  const { granularity, number, noted, stored, recomputed, examples } = verdict;
  return {
    start: startOf(granularity, number).toString(),
    noted: toWireSums(noted),
    stored: toWireSums(stored),
    recomputed: toWireSums(recomputed),
    examples,
  };
}

function toWireSums({ rows, records, quantity, hash }: WindowSums): object {
  return { rows: String(rows), records: String(records), quantity, hash };
}

function toWireWindow(window: ReportedWindow): object {
  const { granularity, number, state, origin, openedAt } = window;
  const base = {
    granularity,
    start: startOf(granularity, number).toString(),
    end: startOf(granularity, number + 1).toString(),
    state,
    origin,
    openedAt: openedAt.toString(),
  };
  if (window.state !== 'closed') return base;
  const { closedAt, expiredAt, recordsExpiredAt } = window;
  return {
    ...base,
    closedAt: closedAt.toString(),
    ...toWireSums(window.sums),
    ...(expiredAt !== undefined && { expiredAt: expiredAt.toString() }),
    ...(recordsExpiredAt !== undefined && { recordsExpiredAt: recordsExpiredAt.toString() }),
  };
}

function startOf(granularity: Granularity, number: number): Instant {
  return granularity === 'hour' ? hourStart(hourNumber(number)) : dayStart(dayNumber(number));
}

function readGranularity(text = 'day'): Granularity {
  if (text === 'hour' || text === 'day') return text;
  const rule = 'it has to be hour or day';
  throw fail('InvalidProperty', { parameter: 'granularity', value: text, rule });
}

/** Windows that lie between two times as a whole; a time that is left out is no bound. */
function readRange(
  texts: { readonly from: string | undefined; readonly to: string | undefined },
  granularity: Granularity,
): { readonly from: number | undefined; readonly through: number | undefined } {
  const length = NANOSECONDS_PER_HOUR * (granularity === 'hour' ? 1n : 24n);
  const read = (parameter: 'from' | 'to'): bigint | undefined => {
    const value = texts[parameter];
    if (value === undefined) return undefined;
    const time = parseWireTime(value);
    if (time === undefined) throw fail('BadRequest', { parameter, value });
    if (time.epochNanoseconds >= 0n) return time.epochNanoseconds;
    const rule = 'it has to be 1970 or later';
    throw fail('InvalidProperty', { parameter, value, rule });
  };
  const [from, to] = [read('from'), read('to')];
  if (from !== undefined && to !== undefined && from >= to) {
    const rule = 'it has to be before to';
    throw fail('InvalidProperty', { parameter: 'from', value: texts.from ?? '', rule });
  }
  const inBounds = (number: bigint): number => Number.parseInt(String(number), 10);
  return {
    from: from === undefined ? undefined : Math.min(LAST, inBounds((from + length - 1n) / length)),
    through: to === undefined ? undefined : Math.min(LAST, inBounds(to / length) - 1),
  };
}

function readNumber(query: QueryParameters, name: string, left: number, most: number): number {
  const text = query.get(name);
  if (text === undefined) return left;
  const value = /^[0-9]{1,10}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (value >= 1 && value <= most) return value;
  const rule = `it has to be a number from 1 to ${most}`;
  throw fail('InvalidProperty', { parameter: name, value: text, rule });
}
