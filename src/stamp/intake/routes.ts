import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { fail } from '../../kernel/index.ts';
import {
  MOST_BODY_BYTES,
  queryParameters,
  readBody,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import {
  actorOf,
  authorize,
  keyOfPrincipal,
  mayEmitFor,
  type Authenticate,
  type Principal,
} from '../../identity/index.ts';
import type { Outcome } from './batch.ts';
import type { IntakeEngine, Reservation } from './engine.ts';
import { discardQuarantined, replayQuarantined } from './quarantine.ts';
import {
  findQuarantined,
  listQuarantine,
  type QuarantineEntry,
  type QuarantineState,
} from './quarantine-store.ts';
import { intakeOperations } from './operations.ts';
import { readEvents } from './wire.ts';

export interface IntakeApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  readonly engine: IntakeEngine;
}

/** Room set aside for a body that does not say how long it is, until it turns out longer. */
const UNKNOWN_LENGTH_BYTES = 64 * 1024;

/** Records in, and the quarantine of those that could not be taken. */
export function intakeRoutes(app: FastifyInstance, api: IntakeApi): void {
  app.register((scope, _options, done) => {
    // Bodies are read by the intake itself: it knows their bound, their coding and whether there is room.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => {
      parsed(null, payload);
    });
    scope.post(
      '/api/v1/events',
      { config: { operation: intakeOperations.send, problems: true } },
      async (request, reply) => {
        const principal = await api.authenticate(request, { clientKeys: true });
        // Who emits nothing at all is told so; who emits for others learns of each record whether it may.
        if (!mayEmitFor(principal.grants)) authorize(principal, 'Stackmeter.Metering/usage/emit');
        const room = reserveRoom(api, request, principal);
        try {
          const { events, sourceOf } = readEvents(
            request.headers,
            await readEventBody(request, room),
          );
          const outcome = await api.engine.submit({
            caller: principal,
            events,
            sourceOf,
          });
          if (outcome.duplicates === 0 && outcome.quarantined.length === 0) {
            return await reply.code(204).send();
          }
          return await reply.code(200).send(toWireOutcome(outcome));
        } finally {
          room.release();
        }
      },
    );
    scope.post<{ Params: { id: string } }>(
      '/api/v1/quarantine/:id/replay',
      { config: { operation: intakeOperations.replay } },
      async (request) => {
        const principal = await api.authenticate(request);
        authorize(principal, 'Stackmeter.Metering/quarantine/write');
        const room = reserveRoom(api, request, principal);
        try {
          const mended = await readEventBody(request, room);
          return await replayQuarantined(
            { ...api, actor: actorOf(principal) },
            quarantineId(request.params.id),
            principal,
            mended.length === 0 ? undefined : mended,
          );
        } finally {
          room.release();
        }
      },
    );
    done();
  });
  quarantineRoutes(app, api);
}

function quarantineRoutes(app: FastifyInstance, api: IntakeApi): void {
  app.get(
    '/api/v1/quarantine',
    { config: { operation: intakeOperations.list } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/quarantine/read');
      const parameters = queryParameters(request);
      const limit = readLimit(parameters.get('limit'));
      const entries = await listQuarantine(api.database.pool, {
        state: readState(parameters.get('state')),
        code: parameters.get('code'),
        after: parameters.has('after') ? quarantineId(parameters.get('after') ?? '') : undefined,
        limit: limit + 1,
      });
      const page = entries.slice(0, limit);
      const next = entries.length > limit ? { next: String(page.at(-1)!.quarantineId) } : {};
      return { value: page.map(toWireEntry), ...next };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/v1/quarantine/:id',
    { config: { operation: intakeOperations.show } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/quarantine/read');
      const id = quarantineId(request.params.id);
      const entry = await findQuarantined(api.database.pool, id);
      if (entry === undefined) throw fail('NotFound', { path: `/api/v1/quarantine/${String(id)}` });
      return toWireEntry(entry);
    },
  );
  app.post<{ Params: { id: string }; Body: unknown }>(
    '/api/v1/quarantine/:id/discard',
    { config: { operation: intakeOperations.discard } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/quarantine/write');
      const id = quarantineId(request.params.id);
      const tools = { ...api, actor: actorOf(principal) };
      await discardQuarantined(tools, id, principal.principalId, readReason(request.body));
      return reply.code(204).send();
    },
  );
}

function reserveRoom(
  { engine }: IntakeApi,
  request: FastifyRequest,
  principal: Principal,
): Reservation {
  return engine.reserve(declaredLength(request) ?? UNKNOWN_LENGTH_BYTES, keyOfPrincipal(principal));
}

async function readEventBody(request: FastifyRequest, room: Reservation): Promise<Buffer> {
  const { body } = request;
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  return readBody(
    {
      stream: body,
      contentEncoding: request.headers['content-encoding'],
      contentLength: declaredLength(request),
    },
    room,
  );
}

function declaredLength(request: FastifyRequest): number | undefined {
  const header = request.headers['content-length'];
  if (header === undefined) return undefined;
  const length = Number.parseInt(header, 10);
  // Refused before room is set aside: a request that will not be read needs none.
  if (length > MOST_BODY_BYTES) throw fail('PayloadTooLarge', { limit: MOST_BODY_BYTES });
  return length;
}

function toWireOutcome(outcome: Outcome): object {
  return {
    accepted: outcome.accepted,
    duplicates: outcome.duplicates,
    quarantined: outcome.quarantined.map(({ index, id, code, message, quarantineId: entry }) => ({
      index,
      id,
      code,
      message,
      quarantineId: String(entry),
    })),
  };
}

/** An entry with its bytes: which are always UTF-8 text. */
export function toWireEntry(entry: QuarantineEntry): Readonly<Record<string, string | undefined>> {
  return {
    quarantineId: String(entry.quarantineId),
    state: entry.state,
    code: entry.code,
    message: entry.message,
    source: entry.source,
    id: entry.recordId,
    clientId: entry.principalId,
    firstReceivedAt: entry.firstReceivedAt.toString(),
    lastReceivedAt: entry.lastReceivedAt.toString(),
    occurrences: String(entry.occurrences),
    resolvedAt: entry.resolvedAt?.toString(),
    resolution: entry.resolution,
    bodyBytes: String(entry.bodyBytes),
    body: entry.body.toString('utf8'),
  };
}

function quarantineId(text: string): bigint {
  if (!/^[0-9]{1,18}$/.test(text)) {
    throw fail('InvalidProperty', { parameter: 'id', value: text, rule: 'it has to be a number' });
  }
  return BigInt(text);
}

const MOST_LISTED = 1000;

function readLimit(text = '100'): number {
  const limit = /^[0-9]{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (limit < 1 || limit > MOST_LISTED) {
    throw fail('InvalidProperty', {
      parameter: 'limit',
      value: text,
      rule: `it has to be a number from 1 to ${MOST_LISTED}`,
    });
  }
  return limit;
}

const STATES: readonly QuarantineState[] = ['held', 'replayed', 'discarded'];

function readState(text: string | undefined): QuarantineState | undefined {
  if (text === undefined) return undefined;
  const state = STATES.find((known) => known === text.toLowerCase());
  if (state === undefined) {
    throw fail('InvalidProperty', {
      parameter: 'state',
      value: text,
      rule: `it has to be one of ${STATES.join(', ')}`,
    });
  }
  return state;
}

function readReason(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'reason' in body) {
    if (typeof body.reason === 'string') return body.reason;
  }
  return '';
}
