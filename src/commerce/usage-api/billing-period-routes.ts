import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  apiVersionParameter,
  named,
  queryParameters,
  requireApiVersion,
  type Operation,
} from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { accountOf } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import {
  dateText,
  firstDayOf,
  lastDayOf,
  readDayFilter,
  type PeriodCalendar,
  type UsagePeriod,
} from './billing-period.ts';
import { readPeriods, requirePeriod } from './billing-period-store.ts';
import { invoiceIdOf, periodIdOf } from './billing-ids.ts';
import { readInvoicesOfPeriods, type PeriodInvoices } from './invoice-store.ts';
import { answerPage, listParameters, openList } from './list-page.ts';

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
        invoiceIds: {
          type: 'array',
          items: { type: 'string' },
          description:
            'Of the invoices of the period, the newest first; absent until there is one.',
        },
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
    'Those by which the subscription is billed, in the time zone of its billing account, from the first in which something was billed to the present one. While nothing was, calendar months in UTC, from the first usage or the making of the subscription on.',
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

/** The billing periods of an account, as Microsoft.Billing lists them. */
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
      const { of, periods } = await readPeriods(api.database, account, api.clock.now());
      const found = requirePeriod(request.params.period, periods);
      const invoices = await readInvoicesOfPeriods(api.database, account.subscriptionId, [found]);
      return toPeriod(account, of, found, invoices);
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
  const { database, clock } = api;
  const list = await openList(database, request, MOST, hourField);
  const filter = queryParameters(request).get('$filter');
  const { of, periods } = await readPeriods(database, account, clock.now());
  const isLeft = filter === undefined ? () => true : readDayFilter(filter, 'billingPeriodEndDate');
  const left = periods.filter(
    (one) =>
      isLeft(lastDayOf(of, one)) && (list.after === undefined || one.hours.from < list.after),
  );
  const page = left.slice(0, list.top);
  const invoices = await readInvoicesOfPeriods(database, account.subscriptionId, page);
  const last = left.length > page.length ? page.at(-1) : undefined;
  return answerPage(
    list,
    page.map((one) => toPeriod(account, of, one, invoices)),
    last && [last.hours.from],
  );
}

function hourField([hour]: readonly unknown[]): number | undefined {
  return typeof hour === 'number' ? hour : undefined;
}

function toPeriod(
  { subscriptionId }: CommerceSubscription,
  of: PeriodCalendar,
  one: UsagePeriod,
  invoices: PeriodInvoices,
): object {
  const numbers = one.number === undefined ? [] : (invoices.get(one.number) ?? []);
  return {
    id: periodIdOf(subscriptionId, one.name),
    type: 'Microsoft.Billing/billingPeriods',
    name: one.name,
    properties: {
      billingPeriodStartDate: dateText(firstDayOf(of, one)),
      billingPeriodEndDate: dateText(lastDayOf(of, one)),
      ...(numbers.length > 0 && {
        invoiceIds: numbers.map((number) => invoiceIdOf(subscriptionId, number)),
      }),
    },
  };
}
