import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Decimal, type Instant } from '../../src/kernel/index.ts';
import { decimalOf, ensureTls, systemClock } from '../../src/platform/index.ts';

/** What happens to a call: an answer that says no, a connection that ends before there is one, or nothing at all. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string }
  /** The call has been done when the connection ends. */
  | 'cut after the body'
  | 'no answer';

/** What a service has taken: quantities by id of the event, with all that was said. */
export interface Taken {
  readonly quantity: string;
  readonly content: string;
}

/** A service on this machine that counts an id once. */
export interface TestService {
  readonly kind: ServiceKind | 'own';
  readonly url: string;
  readonly ca: string;
  readonly taken: Map<string, Taken>;
  /** Faults of the calls that come next, one each; undefined: none. */
  readonly faults: (Fault | undefined)[];
  /** Ids that came again with other content: there must be none. */
  readonly contradictions: string[];
  /** Why an event is not taken; undefined: it is. */
  refuse: (id: string, content: string) => string | undefined;
  calls: number;
  /** What time it is there; none is too late or too early unless given. */
  now: (() => Instant) | undefined;
  /** Milliseconds that it takes for each call. */
  slowness: number;
  /** Forgets all that it was told. */
  forget(): void;
}

export type ServiceKind = 'webhook' | 'stripe' | 'lago';

interface Request {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** @param done what comes in the end of a call that has been done, or was made to fail */
export type Protocol = (
  request: Request,
  service: TestService,
  done: (answer: Answer) => Promise<Answer>,
) => Promise<Answer>;

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Gives the `describe` in which it is called a service. */
export function withService(kind: ServiceKind): TestService {
  let stop = (): void => undefined;
  const service: { -readonly [Name in keyof OpenService]: OpenService[Name] } = newService(kind);
  before(async () => {
    stop = await service.open();
  });
  after(() => stop());
  return service;
}

interface OpenService extends TestService {
  /** @returns how it is closed */
  open(): Promise<() => void>;
}

/**
 * A protocol that is soon said: what an answer is, and which events a call has brought where it was taken.
 *
 * @public adapters that are no part of the project are checked with it
 */
export function servedBy(
  answerTo: (request: Request) => {
    readonly status: number;
    readonly events?: readonly { readonly id: string; readonly quantity: string }[];
  },
): Protocol {
  return async (request, service, done) => {
    const { status, events = [] } = answerTo(request);
    const problem = events
      .map(({ id }) => service.refuse(id, request.body))
      .find((one) => one !== undefined);
    if (problem !== undefined) return done({ status: 422, body: problem });
    const answer = await done({ status, body: '' });
    for (const { id, quantity } of answer.status < 300 ? events : []) {
      take(service, id, quantity, request.body);
    }
    return answer;
  };
}

/** A service that answers once it is opened. @param kind or a protocol of somebody's own */
export function newService(kind: ServiceKind | Protocol): OpenService {
  const known = { webhook: () => webhook, stripe: stripeProtocol, lago: () => lago };
  const protocol = typeof kind === 'string' ? known[kind]() : kind;
  const service: { -readonly [Name in keyof OpenService]: OpenService[Name] } = {
    kind: typeof kind === 'string' ? kind : 'own',
    url: '',
    ca: '',
    taken: new Map(),
    faults: [],
    contradictions: [],
    refuse: () => undefined,
    calls: 0,
    now: undefined,
    slowness: 0,
    forget: () => {
      service.taken.clear();
      service.faults.length = 0;
      service.contradictions.length = 0;
    },
    open: async () => {
      const data = mkdtempSync(join(tmpdir(), 'stackmeter-adapters-'));
      const tls = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
      const server = createServer(tls, (request, response) => {
        void handle(protocol, service, request, response);
      });
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new TypeError('no port');
      service.url = `https://localhost:${address.port}`;
      service.ca = tls.ca;
      return () => {
        server.closeAllConnections();
        server.close();
        rmSync(data, { recursive: true });
      };
    },
  };
  return service;
}

async function handle(
  protocol: Protocol,
  service: TestService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  service.calls += 1;
  const fault = service.faults.shift();
  if (fault === 'no answer') return;
  const body = Buffer.concat(chunks).toString();
  const call = { path: request.url ?? '', headers: request.headers, body };
  const { status, headers, ...answer } = await protocol(call, service, async (done) => {
    await systemClock.sleep(service.slowness);
    if (typeof fault !== 'object') return done;
    const asked = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    return { status: fault.status, headers: asked, body: '{"error":"not now"}' };
  });
  if (fault === 'cut after the body') response.socket?.destroy();
  else {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer.body);
  }
}

function take(service: TestService, id: string, quantity: string, content: string): boolean {
  const known = service.taken.get(id);
  if (known !== undefined && known.content !== content) service.contradictions.push(id);
  if (known === undefined) service.taken.set(id, { quantity, content });
  return known === undefined;
}

/** Verifies as Standard Webhooks has it, by the headers alone. */
const webhook: Protocol = async ({ headers, body }, service, done) => {
  const id = String(headers['webhook-id']);
  const signed = `${id}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  if (headers['webhook-signature'] !== expected) return { status: 401, body: 'not signed' };
  const { data } = JSON.parse(body) as { data: { eventId: string; quantity: string } };
  const problem = data.eventId === id ? service.refuse(id, body) : 'another id';
  if (problem !== undefined) return { status: 400, body: problem };
  const answer = await done({ status: 204, body: '' });
  if (answer.status < 300) take(service, id, data.quantity, body);
  return answer;
};

/** Digits after the point that the values of the Stripe under test stand for. */
export const DECIMALS = 8;
const DAY_HOURS = 24;
const OLDEST_HOURS = 35 * 24;

/**
 * Stripe's meter events as its documentation has them: whole numbers of 15 digits; times of the last 35 days, 5 minutes
 * ahead at most; an identifier that is unique for a day and refused when it comes again; one call at a time for a customer
 * and a meter; and an answer that is given again, also 500, to whoever comes with the same idempotency key.
 */
function stripeProtocol(): Protocol {
  const answers = new Map<string, { readonly body: string; readonly answer: Answer }>();
  const known = new Map<string, Instant>();
  const busy = new Set<string>();
  return async ({ path, headers, body }, service, done) => {
    if (headers.authorization !== `Bearer ${SECRET}`) {
      return stripeError(401, `Invalid key ${String(headers.authorization)}`);
    }
    const key = String(headers['idempotency-key']);
    const earlier = answers.get(key);
    if (earlier !== undefined) {
      if (earlier.body === body) return earlier.answer;
      return stripeError(
        400,
        'Keys for idempotent requests can only be used with the same parameters',
      );
    }
    const form = new URLSearchParams(body);
    const lane = `${form.get('event_name')} ${form.get('payload[stripe_customer_id]')}`;
    if (busy.has(lane))
      return stripeError(429, 'This object cannot be accessed right now', 'lock_timeout');
    busy.add(lane);
    try {
      const isRightPlace =
        path === '/v1/billing/meter_events' &&
        headers['content-type'] === 'application/x-www-form-urlencoded' &&
        headers['stripe-version'] !== undefined;
      const wrong = isRightPlace ? stripeFault(form, service) : 'something is missing';
      const id = form.get('identifier') ?? '';
      const now = service.now?.() ?? systemClock.now();
      const since = known.get(id);
      const isKnown =
        service.taken.has(id) &&
        (since === undefined || now.since(since).total('hours') < DAY_HOURS);
      const exists = `An event already exists with identifier ${id}.`;
      const wanted =
        wrong !== undefined || isKnown
          ? stripeError(400, wrong ?? exists)
          : {
              status: 200,
              body: JSON.stringify({ object: 'billing.meter_event', identifier: id }),
            };
      const answer = await done(wanted);
      if (wrong === undefined && (answer.status < 300 || isKnown)) {
        const value = BigInt(form.get('payload[value]') ?? '');
        if (!isKnown) service.taken.delete(id);
        take(service, id, Decimal.fromBigInt(value, DECIMALS).toText(), body);
        known.set(id, now);
      }
      // Those that are told to wait are not let in so far.
      if (answer.status !== 429) answers.set(key, { body, answer });
      return answer;
    } finally {
      busy.delete(lane);
    }
  };
}

function stripeError(status: number, message: string, code?: string): Answer {
  const error = { type: 'invalid_request_error', message, ...(code && { code }) };
  const headers = { 'stripe-should-retry': String(status === 429) };
  return { status, headers, body: JSON.stringify({ error }) };
}

function stripeFault(form: URLSearchParams, service: TestService): string | undefined {
  const value = form.get('payload[value]') ?? '';
  const names = ['event_name', 'payload[stripe_customer_id]', 'identifier'];
  if (names.some((name) => (form.get(name) ?? '') === '')) return 'something is missing';
  if (!/^-?\d+$/.test(value)) return `Invalid decimal: ${value}`;
  const digits = value.replace('-', '').replace(/0+$/, '').length;
  if (digits > 15) return `The value in the event payload can have at most 15 digits: ${value}`;
  const time = Temporal.Instant.fromEpochMilliseconds(1000 * Number(form.get('timestamp')));
  const now = service.now?.() ?? time;
  if (now.since(time).total('hours') > OLDEST_HOURS) return 'timestamp_too_far_in_past';
  if (time.since(now).total('minutes') > 5) return 'timestamp_in_future';
  return service.refuse(form.get('identifier') ?? '', form.toString());
}

/** Takes a batch whole or not at all, and names what is wrong by its place. */
const lago: Protocol = async ({ path, headers, body }, service, done) => {
  if (headers.authorization !== `Bearer ${SECRET}`) return { status: 401, body: 'no' };
  const { events } = JSON.parse(body) as {
    events: {
      transaction_id: string;
      timestamp: string;
      external_subscription_id?: string;
      code?: string;
      properties: { value: string };
    }[];
  };
  if (path !== '/api/v1/events/batch' || events.length > 100) return { status: 400, body: 'no' };
  const faults = new Map<number, object>();
  for (const [at, event] of events.entries()) {
    const { transaction_id: id, code, external_subscription_id: customer } = event;
    const isNumber = /^\d+$/.test(event.timestamp) && decimalOf(event.properties.value);
    const isWhole = (code ?? '') !== '' && (customer ?? '') !== '' && isNumber;
    const problem = isWhole ? service.refuse(id, JSON.stringify(event)) : 'missing';
    if (problem !== undefined) faults.set(at, { code: [problem] });
    else if (service.taken.has(id)) {
      take(service, id, event.properties.value, JSON.stringify(event));
      faults.set(at, { transaction_id: ['value_already_exist'] });
    }
  }
  if (faults.size > 0) {
    const error = { status: 422, error: 'Unprocessable entity', code: 'validation_errors' };
    const details = { ...error, error_details: Object.fromEntries(faults) };
    return done({ status: 422, body: JSON.stringify(details) });
  }
  const answer = await done({ status: 200, body: '{"events":[]}' });
  for (const event of answer.status < 300 ? events : []) {
    take(service, event.transaction_id, event.properties.value, JSON.stringify(event));
  }
  return answer;
};
