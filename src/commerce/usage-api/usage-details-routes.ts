import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hourOf, type Instant } from '../../kernel/index.ts';
import { decimalOf, queryParameters, requireApiVersion } from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { accountOf } from './account.ts';
import { readAsAccount } from './account-reader.ts';
import type { CommerceUsageApi } from './api.ts';
import { partsOf, periodAt, type HourRange, type UsagePeriod } from './billing-period.ts';
import {
  readAccountPeriods,
  readPeriods,
  requirePeriod,
  type AccountPeriods,
} from './billing-period-store.ts';
import { readBooking, type Booking } from './booking.ts';
import { readCosts, type CostOwner } from './cost-store.ts';
import type { Costs } from './cost.ts';
import { linkAfter, openList } from './list-page.ts';
import { registrationIdOf } from './row-pages.ts';
import { detailPositionOf, fieldsOfDetail, type DetailRow } from './rows.ts';
import {
  DETAILS_VERSIONS,
  MOST_DETAILS,
  usageDetailsOperations,
} from './usage-details-operations.ts';
import { readDetailsQuery, type DetailsQuery } from './usage-details-query.ts';
import { readUsageDetails } from './usage-details-store.ts';
import { toUsageDetail, type DetailBilling } from './usage-details-wire.ts';

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
  const present = await readAccountPeriods(database.pool, account);
  let asked: UsagePeriod | undefined;
  if (params.period !== undefined) {
    asked = requirePeriod(params.period, (await readPeriods(database, account, now)).periods);
  }
  const parameters = queryParameters(request);
  const periods = { asked, present: periodAt(present.of, hourOf(now)) };
  const query = readDetailsQuery(parameters, now, periods);
  const list = await openList(database, request, MOST_DETAILS, detailPositionOf);
  const found = await readPage(
    api,
    { account, present, query, after: list.after, now },
    {
      limit: list.top,
      filter: parameters.get('$filter') ?? '',
    },
  );
  const writing = { account, currency: found.owner?.currency, expand: query.expand };
  const value = found.rows.map((row) => toUsageDetail(row, billingOf(row, found, now), writing));
  const last = found.more ? found.rows.at(-1) : undefined;
  const link = linkAfter(list, last && fieldsOfDetail(last));
  const more = link === undefined ? '' : `,"nextLink":${JSON.stringify(link)}`;
  return reply
    .type('application/json; charset=utf-8')
    .send(`{"value":[${value.join(',')}]${more}}`);
}

/** What a list asks for. */
interface Question {
  readonly account: CommerceSubscription;
  readonly present: AccountPeriods;
  readonly query: DetailsQuery;
  readonly after: ReturnType<typeof detailPositionOf>;
  readonly now: Instant;
}

/** A page of rows with what is known of them. */
interface Page {
  readonly rows: readonly DetailRow[];
  readonly more: boolean;
  readonly booking: Booking;
  /** The stretch in which a row lies by its first hour, and its billing period. */
  readonly periods: ReadonlyMap<number, UsagePeriod>;
  /** Undefined: costs are not shown. */
  readonly owner: CostOwner | undefined;
  readonly costs: Costs | undefined;
}

async function readPage(
  { database }: CommerceUsageApi,
  { account, present, query, after, now }: Question,
  { limit, filter }: { readonly limit: number; readonly filter: string },
): Promise<Page> {
  const { subscriptionId } = account;
  const stretches = stretchesOf(present, query.hours);
  const owner = present.billing && { ...present.billing, subscriptionId };
  const periods = new Map(stretches.map(({ from, period }) => [from, period]));
  return readAsAccount(
    database,
    { account: subscriptionId, asked: ['$filter', filter] },
    (tx) => readBooking(tx, subscriptionId, now),
    async (tx, booking) => {
      const found = await readUsageDetails(tx, {
        account: subscriptionId,
        stretches,
        resource: query.resource,
        unaccepted: booking.unaccepted,
        after,
        limit: limit + 1,
      });
      const rows = found.slice(0, limit);
      const costs = owner && rows.length > 0 ? await readCosts(tx, owner, rows) : undefined;
      return { rows, more: found.length > limit, booking, periods, owner, costs };
    },
  );
}

/** The range, cut where billing periods begin. */
function stretchesOf(
  { of }: AccountPeriods,
  hours: HourRange,
): (HourRange & { readonly period: UsagePeriod })[] {
  return partsOf(of, hours).map((period) => ({
    from: Math.max(hours.from, period.hours.from),
    to: Math.min(hours.to, period.hours.to),
    period,
  }));
}

function billingOf(row: DetailRow, page: Page, now: Instant): DetailBilling {
  const period = page.periods.get(row.reported);
  if (period === undefined) throw new Error(`a row of hour ${row.reported} is in no period`);
  const registrationId = registrationIdOf(page.booking, row.registration);
  const isRunning = period.hours.to > hourOf(now);
  if (page.costs === undefined) {
    return { registrationId, period, cost: undefined, isEstimated: isRunning };
  }
  const { usage: usageDay, resourceKey, meter, subscriptionId } = row;
  const cost =
    period.number === undefined
      ? undefined
      : page.costs.costOf(
          { period: period.number, usageDay, resourceKey, meter, subscriptionId },
          {
            quantity: decimalOf(row.quantity),
            billableQuantity: decimalOf(row.billableQuantity),
          },
        );
  // What is invoiced stays; usage that comes later is corrected by a line of its own.
  const isEstimated = cost?.isWhole !== true || !period.isIssued;
  return { registrationId, period, cost, isEstimated };
}
