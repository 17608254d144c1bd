import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId } from '../../kernel/index.ts';
import {
  decodedPathOf,
  originOf,
  pathOf,
  queryParameters,
  requireApiVersion,
  type Database,
} from '../../platform/index.ts';
import type { Authenticate } from '../../identity/index.ts';
import {
  failureOf,
  parseOperationId,
  type LongRunningOperation,
  type OperationId,
} from './long-running-operation.ts';
import { pollingOperation, POLLING_VERSIONS } from './operations.ts';
import { findOperation, type Starter } from './store.ts';

export interface OperationsApi {
  readonly database: Database;
  readonly authenticate: Authenticate;
}

/** Most work is done by then; pollers of the original wait a minute. */
const RETRY_SECONDS = '2';
const STATUS_DOCUMENT = 'Azure-AsyncOperation';

/** Where the one who began some work asks what became of it. */
export function operationRoutes(app: FastifyInstance, api: OperationsApi): void {
  app.get<{ Params: { subscriptionId: string; operationId: string } }>(
    '/subscriptions/:subscriptionId/operationresults/:operationId',
    { config: { operation: pollingOperation } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      requireApiVersion(request, POLLING_VERSIONS);
      const operation = await find(api, request, principal);
      const form = queryParameters(request).get('operationresultresponsetype');
      if (form?.toLowerCase() === STATUS_DOCUMENT.toLowerCase()) {
        if (operation.status === 'InProgress') reply.header('retry-after', RETRY_SECONDS);
        return toWireStatus(operation);
      }
      if (operation.status === 'Failed') throw failureOf(operation, request.id);
      if (operation.status === 'Succeeded') return reply.code(204).send();
      return acceptedReply(request, reply, operation.operationId);
    },
  );
}

/** Says nothing of operations that others began, not even that they exist. */
async function find(
  api: OperationsApi,
  request: FastifyRequest<{ Params: { subscriptionId: string; operationId: string } }>,
  starter: Starter,
): Promise<LongRunningOperation> {
  const { subscriptionId, operationId } = request.params;
  const id = parseOperationId(operationId);
  const found = id && (await findOperation(api.database.pool, id, starter));
  if (found === undefined || found.subscriptionId !== parseSubscriptionId(subscriptionId)) {
    throw fail('NotFound', { path: pathOf(request) });
  }
  return found;
}

function addressPath({
  subscriptionId,
  operationId,
}: {
  subscriptionId: string;
  operationId: string;
}) {
  return `/subscriptions/${subscriptionId}/operationresults/${operationId}`;
}

function toWireStatus(operation: LongRunningOperation): object {
  const { operationId, status, startedAt, endedAt, error } = operation;
  return {
    id: addressPath(operation),
    name: operationId,
    status,
    startTime: startedAt.toString(),
    ...(endedAt && { endTime: endedAt.toString() }),
    percentComplete: status === 'Succeeded' ? 100 : 0,
    ...(error && { error }),
  };
}

/**
 * Answers 202 to a request below a subscription, with the addresses at which its work is followed.
 *
 * @throws TypeError when the path of the request names no subscription
 */
export function acceptedReply(
  request: FastifyRequest,
  reply: FastifyReply,
  operationId: OperationId,
): FastifyReply {
  const [, segment = ''] = /^\/subscriptions\/([^/]+)/i.exec(decodedPathOf(request)) ?? [];
  const subscriptionId = parseSubscriptionId(segment);
  if (subscriptionId === undefined) throw new TypeError('Only a subscription has operations.');
  const query = new URLSearchParams({
    'api-version': requireApiVersion(request, POLLING_VERSIONS),
  }).toString();
  const address = `${originOf(request)}${addressPath({ subscriptionId, operationId })}?${query}`;
  return reply
    .code(202)
    .headers({
      location: address,
      'azure-asyncoperation': `${address}&operationResultResponseType=${STATUS_DOCUMENT}`,
      'retry-after': RETRY_SECONDS,
    })
    .send();
}
