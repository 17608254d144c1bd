import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, type HourNumber } from '../../kernel/index.ts';
import { actorOf } from '../../identity/index.ts';
import { readBody, readFields, requireText } from '../../platform/index.ts';
import {
  parseWindowName,
  readManifest,
  readRegistrationToken,
  signReceipt,
  windowName,
} from '../../reporting/index.ts';
import {
  findRegistration,
  listReportingPeriods,
  readStatementKey,
  resourceIdOf,
  statusOf,
  type Registration,
} from '../registration/index.ts';
import { acceptWindow, startOver } from './accept-window.ts';
import type { ReportedUsageApi } from './api.ts';
import { createSharedRoom, type SharedRoom } from './body-room.ts';
import { rotateCredential } from './credential.ts';
import { reportedUsageOperations as operations } from './operations.ts';
import { createBatchReceiver } from './receive-batch.ts';

interface WindowParams {
  readonly registrationId: string;
  readonly window: string;
}

const ONE = '/api/v1/reported-usage/:registrationId';

/** What the stamp itself calls, as the client of its registration. */
export function stampRoutes(app: FastifyInstance, api: ReportedUsageApi): void {
  app.get<{ Params: WindowParams }>(
    ONE,
    { config: { operation: operations.progress } },
    async (request) => progressOf(api, await ownRegistration(api, request)),
  );
  app.put<{ Params: WindowParams; Body: unknown }>(
    `${ONE}/credential`,
    { config: { operation: operations.putCredential } },
    async (request) => {
      const principal = await api.authenticate(request);
      const { registrationId } = await registrationOf(api, request, principal.principalId);
      const text = requireText(readFields(request.body), 'registrationToken', 8000);
      const token = await readRegistrationToken(text, api.clock.now());
      const changing = { clock: api.clock, actor: actorOf(principal) };
      const thumbprint = await api.database.transaction((tx) =>
        rotateCredential(tx, registrationId, token, changing),
      );
      return { thumbprint };
    },
  );
  app.delete<{ Params: WindowParams }>(
    `${ONE}/windows/:window`,
    { config: { operation: operations.startOver } },
    async (request, reply) => {
      const { registrationId } = await ownRegistration(api, request);
      await startOver(api, registrationId, readWindow(request.params.window));
      return reply.code(204).send();
    },
  );
  app.register((scope, _options, done) => {
    // Read here and not by the server: compressed, larger than other bodies, and hashed as they are.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => {
      parsed(null, payload);
    });
    reportRoutes(scope, api, createSharedRoom());
    done();
  });
}

function reportRoutes(scope: FastifyInstance, api: ReportedUsageApi, room: SharedRoom): void {
  const receiver = createBatchReceiver(api);
  scope.put<{ Params: WindowParams & { readonly sequence: string } }>(
    `${ONE}/windows/:window/batches/:sequence`,
    { config: { operation: operations.putBatch } },
    async (request, reply) => {
      const { registrationId } = await ownRegistration(api, request);
      const window = readWindow(request.params.window);
      const sequence = readSequence(request.params.sequence);
      const received = await withBody(request, room, (body) =>
        receiver.receive({ registrationId, window, sequence, body }),
      );
      const { rows, digest, isNew } = received;
      const answer = { window: windowName(window), sequence, rows, digest };
      return reply.code(isNew ? 201 : 200).send(answer);
    },
  );
  scope.put<{ Params: WindowParams }>(
    `${ONE}/windows/:window`,
    { config: { operation: operations.putManifest } },
    async (request, reply) => {
      const registration = await ownRegistration(api, request);
      const window = readWindow(request.params.window);
      const manifest = await withBody(request, room, async (body) => readManifest(parse(body)));
      if (manifest.window !== window) {
        throw fail('InvalidReport', { place: 'window', rule: 'has to be that of the address' });
      }
      const { accepted, isNew } = await acceptWindow(api, registration.registrationId, manifest);
      const key = await readStatementKey(api.database);
      return reply.code(isNew ? 201 : 200).send(signReceipt(registration, accepted, key));
    },
  );
}

/** The registration that the path names, for its own stamp. @throws RegistrationNotFound to all others */
async function ownRegistration(
  api: ReportedUsageApi,
  request: FastifyRequest<{ Params: WindowParams }>,
): Promise<Registration> {
  const { principalId } = await api.authenticate(request);
  return registrationOf(api, request, principalId);
}

async function registrationOf(
  api: ReportedUsageApi,
  request: FastifyRequest<{ Params: WindowParams }>,
  principalId: string,
): Promise<Registration> {
  const { registrationId } = request.params;
  const found = await findRegistration(api.database.pool, registrationId);
  if (found?.principalId === principalId) return found;
  throw registrationNotFound(registrationId);
}

/** Who may not know of it learns nothing of where it is. */
export function registrationNotFound(registrationId: string): Error {
  const hidden = { resourceGroup: '-', subscriptionId: '-' };
  return fail('RegistrationNotFound', { name: registrationId, ...hidden });
}

async function progressOf(api: ReportedUsageApi, registration: Registration): Promise<object> {
  const periods = await listReportingPeriods(api.database.pool, registration.number);
  const open = periods.find(({ endedAt }) => endedAt === undefined);
  return {
    registrationId: registration.registrationId,
    resourceId: resourceIdOf(registration),
    cloudId: registration.cloudId,
    status: statusOf(registration, api.clock.now()),
    billingModel: registration.billingModel,
    usageReporting: registration.usageReporting,
    marketplaceSyndication: registration.marketplaceSyndication,
    expiration: registration.expiresAt?.toString() ?? null,
    etag: registration.etag,
    nextWindow: open === undefined ? null : windowName(open.nextWindow),
    periods: periods.map((period) => ({
      fromWindow: windowName(period.fromWindow),
      nextWindow: windowName(period.nextWindow),
      startedAt: period.startedAt.toString(),
      endedAt: period.endedAt?.toString() ?? null,
      endReason: period.endReason ?? null,
    })),
  };
}

function readWindow(text: string): HourNumber {
  const window = parseWindowName(text.toUpperCase());
  if (window !== undefined) return window;
  const rule = 'has to name an hour like 2026-11-23T10Z';
  throw fail('InvalidReport', { place: 'the address', rule });
}

function readSequence(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number.parseInt(text, 10);
  const rule = 'has to end with the number of the batch';
  throw fail('InvalidReport', { place: 'the address', rule });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw fail('InvalidReport', { place: 'the body', rule: 'has to be JSON' }, { cause });
  }
}

async function withBody<T>(
  { body, headers }: FastifyRequest,
  room: SharedRoom,
  work: (body: Buffer) => Promise<T>,
): Promise<T> {
  const held = room.reserve();
  try {
    if (!(body instanceof Readable)) return await work(Buffer.alloc(0));
    const length = headers['content-length'];
    const incoming = {
      stream: body,
      contentEncoding: headers['content-encoding'],
      contentLength: length === undefined ? undefined : Number.parseInt(length, 10),
    };
    return await work(await readBody(incoming, held));
  } finally {
    held.release();
  }
}
