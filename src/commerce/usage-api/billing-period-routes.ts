import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  apiVersionParameter,
  makeContinuationToken,
  named,
  nextLinkOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  requireApiVersion,
  type Operation,
} from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { accountOf } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import {
  dateText,
  filterMonths,
  firstDayOf,
  lastDayOf,
  pageOfMonths,
  periodName,
  requirePeriod,
  type Month,
} from './billing-period.ts';
import { readMonths } from './billing-period-store.ts';
import { canonicalList, listParameters, readTop, skipTokenOf } from './list-page.ts';

const VERSIONS = ['2018-03-01-preview', '2017-04-24-preview'] as const;
const PATH = '/subscriptions/:subscriptionId/providers/Microsoft.Billing/billingPeriods';
const READ = 'Microsoft.Billing/billingPeriods/read';
const MOST = 100;

const period = named('BillingPeriod', {
  type: 'object',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string', examples: ['202611-1'] },
    type: { const: 'Microsoft.Billing/billingPeriods' },
    properties: {
      type: 'object',
      required: ['billingPeriodStartDate', 'billingPeriodEndDate'],
      properties: {
        billingPeriodStartDate: { type: 'string', format: 'date', description: 'Inclusive.' },
        billingPeriodEndDate: { type: 'string', format: 'date', description: 'Inclusive.' },
      },
    },
  },
});

const SHARED = {
  tag: 'commerce',
  access: 'token',
  errors: ['SubscriptionNotFound', 'MissingApiVersionParameter', 'InvalidApiVersionParameter'],
} as const satisfies Partial<Operation>;

const listOperation: Operation = {
  ...SHARED,
  id: 'listBillingPeriods',
  summary: 'The billing periods of a subscription, newest first',
  description:
    'Calendar months in UTC, from the first usage or the making of the subscription to the present one.',
  parameters: [
    apiVersionParameter(VERSIONS),
    ...listParameters(
      MOST,
      'Comparisons of billingPeriodEndDate (eq, lt, le, gt, ge) with and between them.',
    ),
  ],
  answers: {
    200: {
      description: 'A page of them.',
      contents: {
        'application/json': {
          type: 'object',
          required: ['value'],
          properties: {
            value: { type: 'array', items: period },
            nextLink: { type: 'string', format: 'uri' },
          },
        },
      },
    },
  },
};

const showOperation: Operation = {
  ...SHARED,
  id: 'getBillingPeriod',
  summary: 'One billing period',
  parameters: [apiVersionParameter(VERSIONS)],
  answers: { 200: { description: 'It.', contents: { 'application/json': period } } },
};

/** The calendar months of an account, as Microsoft.Billing lists them. */
export function billingPeriodRoutes(app: FastifyInstance, api: CommerceUsageApi): void {
  app.get<{ Params: { subscriptionId: string } }>(
    PATH,
    { config: { operation: listOperation } },
    async (request) => listPage(api, request, await callerAccount(api, request)),
  );
  app.get<{ Params: { subscriptionId: string; period: string } }>(
    `${PATH}/:period`,
    { config: { operation: showOperation } },
    async (request) => {
      const account = await callerAccount(api, request);
      const months = await readMonths(api.database, account, api.clock.now());
      return toPeriod(account, requirePeriod(request.params.period, months));
    },
  );
}

async function callerAccount(
  api: CommerceUsageApi,
  request: FastifyRequest<{ Params: { subscriptionId: string } }>,
): Promise<CommerceSubscription> {
  const principal = await api.authenticate(request);
  const account = await accountOf(api, principal, READ, request.params.subscriptionId);
  requireApiVersion(request, VERSIONS);
  return account;
}

async function listPage(
  api: CommerceUsageApi,
  request: FastifyRequest,
  account: CommerceSubscription,
): Promise<object> {
  const top = readTop(request, MOST);
  const key = await readTokenKey(api.database.pool);
  const canonical = canonicalList(request);
  const token = skipTokenOf(request);
  const after =
    token === undefined
      ? undefined
      : readContinuationToken(key, canonical, token, monthField, '$skiptoken');
  const filter = queryParameters(request).get('$filter');
  const all = await readMonths(api.database, account, api.clock.now());
  const left = filter === undefined ? all : filterMonths(all, filter);
  const { months, more } = pageOfMonths(left, after, top);
  const last = months.at(-1);
  return {
    value: months.map((month) => toPeriod(account, month)),
    ...(more &&
      last !== undefined && {
        nextLink: nextLinkOf(request, makeContinuationToken(key, canonical, [last])),
      }),
  };
}

function monthField([month]: readonly unknown[]): Month | undefined {
  return typeof month === 'number' ? month : undefined;
}

function toPeriod({ subscriptionId }: CommerceSubscription, month: Month): object {
  const name = periodName(month);
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Billing/billingPeriods/${name}`,
    type: 'Microsoft.Billing/billingPeriods',
    name,
    properties: {
      billingPeriodStartDate: dateText(firstDayOf(month)),
      billingPeriodEndDate: dateText(lastDayOf(month)),
    },
  };
}
