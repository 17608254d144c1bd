import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  bucketStart,
  fail,
  parseSubscriptionId,
  toWireQuantity,
  usageBucket,
  type Granularity,
  type SubscriptionId,
} from '../../kernel/index.ts';
import {
  checkUsageApiVersion,
  optionalParameter,
  originOf,
  pathOf,
  queryParameters,
  readFlag,
  readReportedRange,
  readTokenKey,
  USAGE_API_VERSION,
} from '../../platform/index.ts';
import type { Principal } from '../../identity/index.ts';
import { findCommerceSubscription } from '../registration/index.ts';
import { accountOf } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import { instanceJson } from './instance-data.ts';
import { usageAggregatesOperation } from './usage-aggregates-operation.ts';
import { readRowsPage, type RowsQuestion, type RowWriter } from './row-pages.ts';
import type { RowMeter } from './rows.ts';

/** Most rows in one answer, as of the stamp's own usage interfaces. */
const PAGE_ROWS = 1000;

const PATH = '/subscriptions/:subscriptionId/providers/Microsoft.Commerce/UsageAggregates';

/** The usage interface of accounts, for a path that a stamp in the same process shares. */
export interface CommerceUsage {
  /** Whether the subscription is an account of commerce. */
  serves(subscriptionId: string): Promise<boolean>;
  /** Answers a request for usage aggregates; checks api-version, role and parameters itself. */
  answer(request: FastifyRequest, reply: FastifyReply, principal: Principal): Promise<unknown>;
}

/** Usage of an account as public Azure answers it: by reported time, final, a page at a time. */
export function commerceUsage(api: CommerceUsageApi): CommerceUsage {
  const tokenKey = readTokenKey(api.database.pool);
  // Awaited by the first request that needs it; a failure is told there.
  tokenKey.catch(() => undefined);
  return {
    serves: async (text) => {
      const id = parseSubscriptionId(text);
      return (
        id !== undefined && (await findCommerceSubscription(api.database.pool, id)) !== undefined
      );
    },
    answer: async (request, reply, principal) => {
      const body = await answer(api, await tokenKey, request, principal);
      return reply.type('application/json; charset=utf-8').send(body);
    },
  };
}

/** The path for a process in which there is no stamp. */
export function usageAggregatesRoute(app: FastifyInstance, api: CommerceUsageApi): void {
  const usage = commerceUsage(api);
  app.get(PATH, { config: { operation: usageAggregatesOperation } }, async (request, reply) =>
    usage.answer(request, reply, await api.authenticate(request)),
  );
}

async function answer(
  api: CommerceUsageApi,
  key: Buffer,
  request: FastifyRequest,
  principal: Principal,
): Promise<string> {
  const parameters = queryParameters(request);
  checkUsageApiVersion(parameters);
  const action = 'Microsoft.Commerce/usageAggregates/read';
  const { subscriptionId: account } = await accountOf(api, principal, action, accountText(request));
  const range = readReportedRange(parameters, api.clock.now());
  const { granularity, from, to } = range;
  const question: RowsQuestion = {
    account,
    range,
    showDetails: readFlag(parameters, 'showDetails', true),
    token: optionalParameter(parameters, 'continuationToken'),
    asked: ['reportedEndTime', range.reportedEnd.toString()],
    size: PAGE_ROWS,
    canonical: ['usageAggregates', account, granularity, from, to].join('|'),
  };
  const writer = rowWriter(account, granularity, from);
  const { rows, nextToken } = await readRowsPage(api, key, question, writer);
  const link =
    nextToken === undefined
      ? ''
      : `,"nextLink":${JSON.stringify(linkTo(request, question, nextToken))}`;
  return `{"value":[${rows.join(',')}]${link}}`;
}

/** Of a route of the stamp too, whose parameters have names of its own choice. */
function accountText(request: FastifyRequest): string {
  const [, account] = /^\/subscriptions\/([^/]+)\//i.exec(pathOf(request)) ?? [];
  if (account === undefined) throw fail('SubscriptionIdMissingInRequest');
  return account;
}

/** A complete address to be called as it is, at the origin and path by which the caller came. */
function linkTo(
  request: FastifyRequest,
  { range, showDetails }: RowsQuestion,
  token: string,
): string {
  const link = new URLSearchParams({
    'api-version': USAGE_API_VERSION,
    reportedStartTime: range.reportedStart.toString(),
    reportedEndTime: range.reportedEnd.toString(),
    aggregationGranularity: range.granularity === 'hour' ? 'Hourly' : 'Daily',
    showDetails: String(showDetails),
    continuationToken: token,
  });
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
}

/** Rows by hand because the quantity is a JSON number of any length, which JSON.stringify cannot write. */
function rowWriter(account: SubscriptionId, granularity: Granularity, from: number): RowWriter {
  const write = (
    row: RowMeter & { readonly usage: number; readonly quantity: string },
    reported: number,
    instance: string,
  ): string => {
    const name = rowName(granularity, reported);
    const { start, end } = usageBucket(granularity, row.usage);
    return (
      `{"id":"/subscriptions/${account}/providers/Microsoft.Commerce/UsageAggregates/${name}","name":"${name}",` +
      `"type":"Microsoft.Commerce/UsageAggregate","properties":{"subscriptionId":"${account}",` +
      `"usageStartTime":"${start}","usageEndTime":"${end}",${meterMembers(row)}${instance}` +
      `"quantity":${toWireQuantity(row.quantity)},"infoFields":{}}}`
    );
  };
  return {
    detail: (row, registrationId) => {
      const instance = `{"Microsoft.Resources":${instanceJson(row, registrationId)}}`;
      return write(row, row.reported, `"instanceData":${JSON.stringify(instance)},`);
    },
    // A sum is of the whole range; it is named after where that begins.
    sum: (row) => write(row, from, ''),
  };
}

/** `Daily_BRSDT_20150501_0000`: granularity and reported time; the same for all rows of one reported window. */
function rowName(granularity: Granularity, reported: number): string {
  const text = bucketStart(granularity, reported).toString();
  const day = text.slice(0, 10).replaceAll('-', '');
  return `${granularity === 'hour' ? 'Hourly' : 'Daily'}_BRSDT_${day}_${text.slice(11, 13)}00`;
}

/** What commerce knows of the meter; what it does not know is left out. */
function meterMembers(row: RowMeter): string {
  const { meterId, meterName, meterCategory, meterSubCategory, meterRegion, unit } = row;
  return Object.entries({ meterName, meterCategory, meterSubCategory, meterRegion, unit, meterId })
    .map(([name, value]) => (value === '' ? '' : `"${name}":${JSON.stringify(value)},`))
    .join('');
}
