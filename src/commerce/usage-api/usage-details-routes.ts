import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  makeContinuationToken,
  nextLinkOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  requireApiVersion,
} from '../../platform/index.ts';
import { accountOf } from './account.ts';
import { readAsAccount } from './account-reader.ts';
import type { CommerceUsageApi } from './api.ts';
import { requirePeriod, type Month } from './billing-period.ts';
import { readMonths } from './billing-period-store.ts';
import { readBooking } from './booking.ts';
import { canonicalList, readTop, skipTokenOf } from './list-page.ts';
import { registrationIdOf } from './row-pages.ts';
import { detailPositionOf, fieldsOfDetail } from './rows.ts';
import {
  DETAILS_VERSIONS,
  MOST_DETAILS,
  usageDetailsOperations,
} from './usage-details-operations.ts';
import { readDetailsQuery } from './usage-details-query.ts';
import { readUsageDetails } from './usage-details-store.ts';
import { toUsageDetail } from './usage-details-wire.ts';

const READ = 'Microsoft.Consumption/usageDetails/read';

interface Path {
  readonly subscriptionId: string;
  readonly period?: string;
}

/** What was used in a billing period, a row for each resource, meter and day. */
export function usageDetailsRoutes(app: FastifyInstance, api: CommerceUsageApi): void {
  const account = '/subscriptions/:subscriptionId/providers';
  app.get<{ Params: Path }>(
    `${account}/Microsoft.Consumption/usageDetails`,
    { config: { operation: usageDetailsOperations.present } },
    (request, reply) => listPage(api, request, reply),
  );
  app.get<{ Params: Path }>(
    `${account}/Microsoft.Billing/billingPeriods/:period/providers/Microsoft.Consumption/usageDetails`,
    { config: { operation: usageDetailsOperations.ofPeriod } },
    (request, reply) => listPage(api, request, reply),
  );
}

async function listPage(
  api: CommerceUsageApi,
  request: FastifyRequest<{ Params: Path }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { database, clock } = api;
  const { params } = request;
  const principal = await api.authenticate(request);
  const account = await accountOf(api, principal, READ, params.subscriptionId);
  requireApiVersion(request, DETAILS_VERSIONS);
  const now = clock.now();
  let month: Month | undefined;
  if (params.period !== undefined) {
    month = requirePeriod(params.period, await readMonths(database, account, now));
  }
  const query = readDetailsQuery(queryParameters(request), now, month);
  const top = readTop(request, MOST_DETAILS);
  const key = await readTokenKey(database.pool);
  const canonical = canonicalList(request);
  const token = skipTokenOf(request);
  const after =
    token === undefined
      ? undefined
      : readContinuationToken(key, canonical, token, detailPositionOf, '$skiptoken');
  const { subscriptionId } = account;
  const { rows, booking } = await readAsAccount(
    database,
    { account: subscriptionId, asked: ['$filter', queryParameters(request).get('$filter') ?? ''] },
    (tx) => readBooking(tx, subscriptionId, now),
    async (tx, present) => ({
      booking: present,
      rows: await readUsageDetails(tx, {
        account: subscriptionId,
        days: query.days,
        resource: query.resource,
        unaccepted: present.unaccepted,
        after,
        limit: top + 1,
      }),
    }),
  );
  const page = rows.slice(0, top);
  const last = page.at(-1);
  const writing = { account, now, expand: query.expand };
  const value = page.map((row) =>
    toUsageDetail(row, registrationIdOf(booking, row.registration), writing),
  );
  const more = rows.length > top && last !== undefined;
  const link = more
    ? `,"nextLink":${JSON.stringify(nextLinkOf(request, makeContinuationToken(key, canonical, fieldsOfDetail(last))))}`
    : '';
  return reply
    .type('application/json; charset=utf-8')
    .send(`{"value":[${value.join(',')}]${link}}`);
}
