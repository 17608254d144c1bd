import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { ensureTls, systemClock } from '../../src/platform/index.ts';

/** What happens to a call: an answer that says no, or a connection that ends before there is one. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string }
  /** The call has been done when the connection ends. */
  | 'cut after the body';

/** What a service has taken: quantities by id of the event, with all that was said. */
export interface Taken {
  readonly quantity: string;
  readonly content: string;
}

/** A service on this machine that counts an id once. */
export interface TestService {
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
}

interface Request {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = { readonly status: number; readonly body: string };
type Protocol = (request: Request, service: TestService) => Answer;

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Gives the `describe` in which it is called a service. */
export function withService(kind: 'webhook' | 'stripe' | 'lago'): TestService {
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-adapters-'));
  const protocol = { webhook, stripe, lago }[kind];
  let stop = (): void => undefined;
  const service: { -readonly [Name in keyof TestService]: TestService[Name] } = {
    url: '',
    ca: '',
    taken: new Map(),
    faults: [],
    contradictions: [],
    refuse: () => undefined,
    calls: 0,
  };
  before(async () => {
    const tls = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
    const server = createServer(tls, (request, response) => {
      void handle(protocol, service, request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('no port');
    service.url = `https://localhost:${address.port}`;
    service.ca = tls.ca;
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  after(() => {
    stop();
    rmSync(data, { recursive: true });
  });
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
  if (typeof fault === 'object') {
    const { status, retryAfter } = fault;
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    response.writeHead(status, headers).end('{"error":"not now"}');
    return;
  }
  const body = Buffer.concat(chunks).toString();
  const answer = protocol({ path: request.url ?? '', headers: request.headers, body }, service);
  if (fault === 'cut after the body') response.socket?.destroy();
  else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
}

function take(service: TestService, id: string, quantity: string, content: string): boolean {
  const known = service.taken.get(id);
  if (known !== undefined && known.content !== content) service.contradictions.push(id);
  if (known === undefined) service.taken.set(id, { quantity, content });
  return known === undefined;
}

/** Verifies as Standard Webhooks has it, by the headers alone. */
const webhook: Protocol = ({ headers, body }, service) => {
  const id = String(headers['webhook-id']);
  const signed = `${id}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  if (headers['webhook-signature'] !== expected) return { status: 401, body: 'not signed' };
  const { data } = JSON.parse(body) as { data: { eventId: string; quantity: string } };
  const problem = data.eventId === id ? service.refuse(id, body) : 'another id';
  if (problem !== undefined) return { status: 400, body: problem };
  take(service, id, data.quantity, body);
  return { status: 204, body: '' };
};

/** Says of an identifier that it has that it exists already. */
const stripe: Protocol = ({ path, headers, body }, service) => {
  const error = (status: number, message: string): Answer => ({
    status,
    body: JSON.stringify({ error: { type: 'invalid_request_error', message } }),
  });
  if (headers.authorization !== `Bearer ${SECRET}`) {
    return error(401, `Invalid key ${String(headers.authorization)}`);
  }
  const form = new URLSearchParams(body);
  const id = form.get('identifier') ?? '';
  const isWhole =
    path === '/v1/billing/meter_events' &&
    headers['content-type'] === 'application/x-www-form-urlencoded' &&
    headers['idempotency-key'] === id &&
    headers['stripe-version'] !== undefined &&
    /^\d{10}$/.test(form.get('timestamp') ?? '') &&
    (form.get('event_name') ?? '') !== '' &&
    (form.get('payload[stripe_customer_id]') ?? '') !== '';
  const problem = isWhole ? service.refuse(id, body) : 'something is missing';
  if (problem !== undefined) return error(400, problem);
  if (!take(service, id, form.get('payload[value]') ?? '', body)) {
    return error(400, `An event already exists with identifier ${id}.`);
  }
  return { status: 200, body: JSON.stringify({ object: 'billing.meter_event', identifier: id }) };
};

/** Takes a batch whole or not at all, and names what is wrong by its place. */
const lago: Protocol = ({ path, headers, body }, service) => {
  if (headers.authorization !== `Bearer ${SECRET}`) return { status: 401, body: 'no' };
  const { events } = JSON.parse(body) as {
    events: {
      transaction_id: string;
      external_subscription_id?: string;
      code?: string;
      properties: { value: string };
    }[];
  };
  if (path !== '/api/v1/events/batch' || events.length > 100) return { status: 400, body: 'no' };
  const faults = new Map<number, object>();
  for (const [at, event] of events.entries()) {
    const { transaction_id: id, code, external_subscription_id: customer } = event;
    const isWhole = (code ?? '') !== '' && (customer ?? '') !== '';
    const problem = isWhole ? service.refuse(id, JSON.stringify(event)) : 'missing';
    if (problem !== undefined) faults.set(at, { code: [problem] });
    else if (service.taken.has(id)) {
      take(service, id, event.properties.value, JSON.stringify(event));
      faults.set(at, { transaction_id: ['value_already_exist'] });
    }
  }
  if (faults.size > 0) {
    const details = Object.fromEntries(faults);
    return { status: 422, body: JSON.stringify({ status: 422, error_details: details }) };
  }
  for (const event of events) {
    take(service, event.transaction_id, event.properties.value, JSON.stringify(event));
  }
  return { status: 200, body: '{"events":[]}' };
};
