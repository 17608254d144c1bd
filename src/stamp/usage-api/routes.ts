import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  bucketStart,
  fail,
  formatWireTime,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import {
  checkUsageApiVersion,
  originOf,
  pathOf,
  queryParameters,
  readTokenKey,
  USAGE_API_VERSION,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import {
  allows,
  authorize,
  groupKey,
  type Action,
  type Authenticate,
  type Principal,
} from '../../identity/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import { findBelow, findSubscription, visibleToTenant } from '../directory/index.ts';
import { makeToken, readToken } from './continuation-token.ts';
import { missingSubscriptionOperation, usageOperations } from './operations.ts';
import { toWireRow } from './row.ts';
import { findObstacle, readAs, readPage, type Reader, type UsageRow } from './store.ts';
import { readUsageQuery, type UsageQuery } from './usage-query.ts';

export interface UsageApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Who answers for subscriptions of others on the path of the tenant interface, which is the same for all. */
  readonly others?: OtherUsage | undefined;
}

/** Usage of subscriptions that are not the stamp's. */
export interface OtherUsage {
  serves(subscriptionId: SubscriptionId): Promise<boolean>;
  answer(request: FastifyRequest, reply: FastifyReply, principal: Principal): Promise<unknown>;
}

/** Most rows in one answer (usage interface contract: paging). */
export const PAGE_ROWS = 1000;

type Interface = 'provider' | 'tenant' | 'group';

const READ_ACTIONS = {
  provider: 'Microsoft.Commerce.Admin/subscriberUsageAggregates/read',
  tenant: 'Microsoft.Commerce/usageAggregates/read',
  group: 'Microsoft.Commerce/usageAggregates/read',
} as const satisfies Record<Interface, Action>;

const PROVIDER_NAMESPACES = ['Microsoft.Commerce.Admin', 'Microsoft.Commerce'] as const;

/**
 * The provider and the tenant usage interface.
 *
 * The provider path exists in two namespaces; clients up to 2018 use the shorter one. The tenant interface of one
 * resource group is ours, for those whose role reaches no further.
 */
export function usageRoutes(app: FastifyInstance, api: UsageApi): void {
  const tokenKey = readTokenKey(api.database.pool);
  // Awaited by the first request that needs it; a failure is told there.
  tokenKey.catch(() => undefined);
  for (const namespace of PROVIDER_NAMESPACES) {
    addInterface(
      app,
      api,
      tokenKey,
      'provider',
      `providers/${namespace}/subscriberUsageAggregates`,
    );
  }
  const tenantPath = 'providers/Microsoft.Commerce/usageAggregates';
  addInterface(app, api, tokenKey, 'tenant', tenantPath);
  addInterface(app, api, tokenKey, 'group', `resourceGroups/:resourceGroup/${tenantPath}`);
}

interface Parameters {
  readonly subscriptionId: string;
  readonly resourceGroup?: string;
}

function addInterface(
  app: FastifyInstance,
  api: UsageApi,
  tokenKey: Promise<Buffer>,
  which: Interface,
  path: string,
): void {
  app.get<{ Params: Parameters }>(
    `/subscriptions/:subscriptionId/${path}`,
    { config: { operation: usageOperations[which] } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      const parameters = queryParameters(request);
      checkUsageApiVersion(parameters);
      const callerId = parseSubscriptionId(request.params.subscriptionId);
      if (callerId === undefined) throw fail('SubscriptionIdMissingInRequest');
      if (which === 'tenant' && (await api.others?.serves(callerId)) === true) {
        return api.others?.answer(request, reply, principal);
      }
      const resourceGroup = request.params.resourceGroup && groupKey(request.params.resourceGroup);
      await authorizeOn(api, principal, READ_ACTIONS[which], {
        subscriptionId: callerId,
        resourceGroup,
      });
      const query = readUsageQuery(parameters, api.clock.now(), which);
      const question = { which, callerId, resourceGroup, query };
      const body = await answer(api, await tokenKey, request, question);
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
  if (which === 'group') return;
  for (const withoutCaller of [`/subscriptions/${path}`, `/${path}`]) {
    app.get(
      withoutCaller,
      { config: { operation: missingSubscriptionOperation } },
      async (request) => {
        await api.authenticate(request);
        throw fail('SubscriptionIdMissingInRequest');
      },
    );
  }
}

/**
 * A role on the subscription in the path is needed. Who has none learns nothing, not even whether it exists.
 * A deleted subscription is there for the operator only.
 */
export async function authorizeOn(
  api: UsageApi,
  principal: Principal,
  action: Action,
  target: { readonly subscriptionId: SubscriptionId; readonly resourceGroup?: string | undefined },
): Promise<void> {
  authorize(principal, action, target);
  const { subscriptionId } = target;
  const subscription = await findSubscription(api.database.pool, subscriptionId);
  const visible =
    subscription !== undefined &&
    (visibleToTenant(subscription.state) || allows(principal.grants, action));
  if (!visible) throw fail('SubscriptionNotFound', { subscriptionId });
}

interface Question {
  readonly which: Interface;
  readonly callerId: SubscriptionId;
  /** in lower case; of one group only */
  readonly resourceGroup: string | undefined;
  readonly query: UsageQuery;
}

async function answer(
  api: UsageApi,
  tokenKey: Buffer,
  request: FastifyRequest,
  question: Question,
): Promise<string> {
  const { which, callerId, query } = question;
  const canonical = canonicalQuery(question);
  const after =
    query.continuationToken === undefined
      ? undefined
      : readToken(tokenKey, canonical, query.continuationToken);
  if (which === 'provider' && query.subscriberId !== undefined) {
    await requireTenant(api, callerId, query.subscriberId, query.includeIndirect);
  }
  await requireFinal(api, query);
  const rows = await readAs(api.database, readerOf(question), (tx) =>
    readPage(tx, {
      granularity: query.granularity,
      from: query.from,
      to: query.to,
      subscriptionId: which === 'provider' ? query.subscriberId : callerId,
      after,
      limit: PAGE_ROWS + 1,
    }),
  );
  const page = rows.slice(0, PAGE_ROWS);
  const last = page.at(-1);
  const more = rows.length > PAGE_ROWS && last !== undefined;
  const nextLink = more
    ? linkTo(request, question, makeToken(tokenKey, canonical, last))
    : undefined;
  return toWirePage(page, query, callerId, nextLink);
}

function readerOf({ callerId, resourceGroup, which, query }: Question): Reader {
  if (which === 'provider') {
    return { kind: 'provider', providerId: callerId, includeIndirect: query.includeIndirect };
  }
  return resourceGroup === undefined
    ? { kind: 'tenant', subscriptionId: callerId }
    : { kind: 'group', subscriptionId: callerId, resourceGroup };
}

/** nextLink is absent on the last page, not null: clients stop when it is not there. */
function toWirePage(
  rows: readonly UsageRow[],
  query: UsageQuery,
  callerId: SubscriptionId,
  nextLink: string | undefined,
): string {
  const value = rows.map((row) => toWireRow(row, query, callerId)).join(',');
  const link = nextLink === undefined ? '' : `,"nextLink":${JSON.stringify(nextLink)}`;
  return `{"value":[${value}]${link}}`;
}

async function requireTenant(
  api: UsageApi,
  callerId: SubscriptionId,
  subscriberId: SubscriptionId,
  includeIndirect: boolean,
): Promise<void> {
  const found = await findBelow(api.database.pool, callerId, subscriberId, includeIndirect);
  if (found !== undefined) return;
  throw fail('SubscriberIdIsNotDirectTenant', { subscriberId, subscriptionId: callerId });
}

/** An answer with status 200 never changes, so the range must not hold a window that is not closed, or is gone. */
async function requireFinal(api: UsageApi, query: UsageQuery): Promise<void> {
  const obstacle = await findObstacle(api.database.pool, query.granularity, query.from, query.to);
  if (obstacle === undefined) return;
  const { granularity } = query;
  if (obstacle.kind === 'open') {
    const window = windowText(granularity, obstacle.window);
    throw fail('ProcessingNotCompleted', { granularity, window });
  }
  throw fail('UsageDataExpired', {
    granularity: granularity === 'hour' ? 'Hourly' : 'Daily',
    keptFrom: windowText(granularity, obstacle.keptFrom),
  });
}

function windowText(granularity: Granularity, window: number): string {
  return formatWireTime(bucketStart(granularity, window));
}

/** Everything that decides which rows a query gives, so that a token fits this query alone. */
function canonicalQuery({ which, callerId, resourceGroup, query }: Question): string {
  return [
    which,
    callerId,
    ...(resourceGroup === undefined ? [] : [encodeURIComponent(resourceGroup)]),
    query.granularity,
    query.from,
    query.to,
    query.subscriberId ?? '',
    query.includeIndirect,
    query.showRecordId,
  ].join('|');
}

/** A complete address to be called as it is, at the origin and path by which the caller came. */
function linkTo(request: FastifyRequest, { query }: Question, token: string): string {
  const link = new URLSearchParams({
    'api-version': USAGE_API_VERSION,
    reportedStartTime: query.reportedStart.toString(),
    reportedEndTime: query.reportedEnd.toString(),
    aggregationGranularity: query.granularity === 'hour' ? 'Hourly' : 'Daily',
  });
  if (query.subscriberId !== undefined) link.set('subscriberId', query.subscriberId);
  if (query.includeIndirect) link.set('includeIndirect', 'true');
  if (query.showRecordId) link.set('showRecordId', 'true');
  link.set('continuationToken', token);
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
}
