import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  fail,
  parseDirectoryTenantId,
  toWireQuantity,
  usageBucket,
  type Granularity,
  type SubscriptionId,
} from '../../kernel/index.ts';
import {
  invalidParameter,
  optionalParameter,
  originOf,
  pathOf,
  queryParameters,
  readFlag,
  readReportedRange,
  readTokenKey,
  type QueryParameters,
} from '../../platform/index.ts';
import { allows, authorize, type Principal } from '../../identity/index.ts';
import { findCommerceSubscription, type CommerceSubscription } from '../registration/index.ts';
import { readAccountId } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import { instanceJson } from './instance-data.ts';
import { readRowsPage, type RowsQuestion, type RowWriter } from './row-pages.ts';
import type { RowMeter } from './rows.ts';
import { utilizationsOperation } from './utilizations-operation.ts';

const PATH = '/v1/customers/:customerTenantId/subscriptions/:subscriptionId/utilizations/azure';
const READ = 'Stackmeter.Commerce/utilizations/read';
const MOST_ROWS = 1000;
const NAMES = { start: 'start_time', end: 'end_time', granularity: 'granularity' };

/** The usage of a customer as its partner reads it. */
export function utilizationRoutes(app: FastifyInstance, api: CommerceUsageApi): void {
  app.get<{ Params: { customerTenantId: string; subscriptionId: string } }>(
    PATH,
    { config: { operation: utilizationsOperation } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      const { customerTenantId, subscriptionId } = request.params;
      const account = await customerOf(api, principal, customerTenantId, subscriptionId);
      const question = readQuestion(api, queryParameters(request), account);
      const key = await readTokenKey(api.database.pool);
      const { granularity } = question.range;
      const page = await readRowsPage(api, key, question, rowWriter(granularity));
      const { rows, nextToken } = page;
      const next = nextToken && `,"next":${linkTo(request, nextToken)}`;
      const body =
        `{"totalCount":${rows.length},"items":[${rows.join(',')}],"links":{"self":${linkTo(request)}${next ?? ''}},` +
        `"attributes":{"objectType":"Collection"}}`;
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
}

/** Who may not read the customer's usage does not learn either whether there is such a customer. */
async function customerOf(
  api: CommerceUsageApi,
  principal: Principal,
  tenant: string,
  subscription: string,
): Promise<SubscriptionId> {
  const subscriptionId = readAccountId(subscription);
  const account = await findCommerceSubscription(api.database.pool, subscriptionId);
  const asPartner = account !== undefined && (await isPartnerOf(api, principal, account));
  if (!asPartner) authorize(principal, READ, { subscriptionId });
  const tenantId = parseDirectoryTenantId(tenant);
  if (account?.tenantId === undefined || account.tenantId !== tenantId) {
    throw fail('SubscriptionNotFound', { subscriptionId });
  }
  return subscriptionId;
}

/**
 * Whether the caller may read for the partner: by a role on a subscription of the same partner that is approved to map
 * customers. That of another customer of the partner is not enough.
 */
async function isPartnerOf(
  { database }: CommerceUsageApi,
  { grants }: Principal,
  { partnerId }: CommerceSubscription,
): Promise<boolean> {
  if (partnerId === undefined) return false;
  const granted = new Set(grants.flatMap(({ subscriptionId }) => subscriptionId ?? []));
  for (const subscriptionId of granted) {
    if (!allows(grants, READ, { subscriptionId })) continue;
    const base = await findCommerceSubscription(database.pool, subscriptionId);
    if (base?.partnerId === partnerId && base.multitenancyApproved) return true;
  }
  return false;
}

function readQuestion(
  api: CommerceUsageApi,
  parameters: QueryParameters,
  account: SubscriptionId,
): RowsQuestion {
  const range = readReportedRange(parameters, api.clock.now(), NAMES);
  const size = readSize(parameters);
  const seek = optionalParameter(parameters, 'seekOperation');
  if (seek !== undefined && seek.toLowerCase() !== 'next') {
    throw invalidParameter(parameters, 'seekOperation', 'Next is the only one there is');
  }
  return {
    account,
    range,
    showDetails: readFlag(parameters, 'show_details', true),
    token: optionalParameter(parameters, 'continuationToken'),
    asked: [NAMES.end, range.reportedEnd.toString()],
    size,
    canonical: ['utilizations', account, range.granularity, range.from, range.to, size].join('|'),
  };
}

function readSize(parameters: QueryParameters): number {
  const text = optionalParameter(parameters, 'size');
  if (text === undefined) return MOST_ROWS;
  const size = /^[0-9]{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (size >= 1 && size <= MOST_ROWS) return size;
  throw invalidParameter(parameters, 'size', `it has to be a number from 1 to ${MOST_ROWS}`);
}

/** A link as Partner Center writes them; with a token, to the page after it. */
function linkTo(request: FastifyRequest, token?: string): string {
  const query = new URLSearchParams(
    [...queryParameters(request)].filter(
      ([name]) => token === undefined || !['continuationtoken', 'seekoperation'].includes(name),
    ),
  );
  if (token !== undefined) {
    query.set('seekOperation', 'Next');
    query.set('continuationToken', token);
  }
  const uri = `${originOf(request)}${pathOf(request)}?${query.toString()}`;
  return JSON.stringify({ uri, method: 'GET', headers: [] });
}

function rowWriter(granularity: Granularity): RowWriter {
  const write = (
    row: RowMeter & { readonly usage: number; readonly quantity: string },
    instance: string,
  ): string => {
    const { start, end } = usageBucket(granularity, row.usage);
    const resource = JSON.stringify({
      id: row.meterId,
      name: row.meterName,
      category: row.meterCategory,
      subcategory: row.meterSubCategory,
      region: row.meterRegion,
    });
    return (
      `{"usageStartTime":"${start}","usageEndTime":"${end}","resource":${resource},` +
      `"quantity":${toWireQuantity(row.quantity)},"unit":${JSON.stringify(row.unit)},"infoFields":{},${instance}` +
      `"attributes":{"objectType":"AzureUtilizationRecord"}}`
    );
  };
  return {
    detail: (row, registrationId) =>
      write(row, `"instanceData":${instanceJson(row, registrationId)},`),
    sum: (row) => write(row, ''),
  };
}
