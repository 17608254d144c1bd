import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  fail,
  formatWireTime,
  hourNumber,
  hourStart,
  parseDirectoryTenantId,
  parseSubscriptionId,
  toWireQuantity,
  type DirectoryTenantId,
} from '../../kernel/index.ts';
import {
  apiVersionParameter,
  checkResourceName,
  invalidParameter,
  named,
  optionalParameter,
  queryParameters,
  readFlag,
  requireApiVersion,
  type Operation,
} from '../../platform/index.ts';
import { allows, authorize, type Principal } from '../../identity/index.ts';
import { findRegistrationByName } from '../registration/index.ts';
import { readAccountId } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import { previewMapping, type MappingPreview } from './mapping-preview.ts';

const VERSIONS = ['2017-06-01'] as const;
const PATH =
  '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/providers/Microsoft.AzureStack/registrations/:registration/customerSubscriptions/:customerSubscription/preview';
const READ = 'Microsoft.AzureStack/registrations/customerSubscriptions/read';
const DAYS = 30;
const MOST_DAYS = 366;

const id = { type: 'string', format: 'uuid' };
const text = { type: 'string' };
const preview = named('CustomerMappingPreview', {
  type: 'object',
  required: ['tenantId', 'customerSubscriptionId', 'shared', 'reportedFrom', 'reportedTo'],
  properties: {
    tenantId: id,
    customerSubscriptionId: id,
    shared: { type: 'boolean' },
    reportedFrom: { type: 'string', format: 'date-time', description: 'Inclusive.' },
    reportedTo: { type: 'string', format: 'date-time', description: 'Exclusive.' },
    hiddenRegistrations: {
      type: 'integer',
      description:
        'Registrations of the partner that would change too and that the caller may not see.',
    },
    registrations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: text,
          registrationId: id,
          presentSubscriptionId: { ...id, description: 'Where the usage goes as things are.' },
          futureSubscriptionId: { ...id, description: 'Where it would go.' },
          changes: { type: 'boolean' },
          usage: {
            type: 'array',
            description: 'What came in these days, and where it is booked; that stays so.',
            items: {
              type: 'object',
              properties: {
                subscriptionId: id,
                meterId: text,
                meterName: text,
                unit: text,
                rows: { type: 'integer' },
                quantity: { type: 'number', description: 'Exact.' },
              },
            },
          },
        },
      },
    },
  },
});

const operation: Operation = {
  id: 'previewCustomerSubscription',
  tag: 'commerce',
  summary: 'What mapping a directory to a subscription would change',
  description: `Our addition. Shows the usage of the directory that came in the last days, where it is booked, and to where such usage would go from the change on. Changes nothing, and does not say whether the mapping may be made.`,
  access: 'token',
  parameters: [
    apiVersionParameter(VERSIONS),
    {
      name: 'tenantId',
      in: 'query',
      description: 'The directory; unless given, that of the customer subscription.',
      schema: id,
    },
    {
      name: 'days',
      in: 'query',
      description: 'How many days back, today included.',
      schema: { type: 'integer', minimum: 1, maximum: MOST_DAYS, default: DAYS },
    },
    {
      name: 'shared',
      in: 'query',
      description: 'The mapping is for all registrations of the partner.',
      schema: { type: 'boolean', default: false },
    },
  ],
  answers: { 200: { description: 'It.', contents: { 'application/json': preview } } },
  errors: [
    'RegistrationNotFound',
    'InvalidCustomerSubscriptionId',
    'BadCustomerSubscriptionId',
    'MissingApiVersionParameter',
    'InvalidApiVersionParameter',
  ],
};

interface Path {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registration: string;
  readonly customerSubscription: string;
}

/** A look at what a mapping would change, before it is made. */
export function mappingPreviewRoute(app: FastifyInstance, api: CommerceUsageApi): void {
  app.get<{ Params: Path }>(PATH, { config: { operation } }, async (request, reply) => {
    const { params } = request;
    const { pool } = api.database;
    const principal = await api.authenticate(request);
    const subscriptionId = readAccountId(params.subscriptionId);
    const resourceGroup = checkResourceName('resourceGroup', params.resourceGroup);
    authorize(principal, READ, { subscriptionId, resourceGroup });
    requireApiVersion(request, VERSIONS);
    const name = checkResourceName('registration', params.registration);
    const place = { subscriptionId, resourceGroup, name };
    const registration = await findRegistrationByName(pool, place);
    if (registration === undefined) {
      throw fail('RegistrationNotFound', { name, resourceGroup, subscriptionId });
    }
    const customerSubscriptionId = parseSubscriptionId(params.customerSubscription);
    if (customerSubscriptionId === undefined) {
      throw fail('InvalidCustomerSubscriptionId', {
        customerSubscriptionId: params.customerSubscription,
      });
    }
    const found = await previewMapping(
      api.database,
      {
        registration,
        customerSubscriptionId,
        tenantId: readTenant(request),
        shared: readFlag(queryParameters(request), 'shared'),
        days: readDays(request),
      },
      api.clock.now(),
    );
    return reply.type('application/json; charset=utf-8').send(toWire(found, principal));
  });
}

function readTenant(request: FastifyRequest): DirectoryTenantId | undefined {
  const parameters = queryParameters(request);
  const given = optionalParameter(parameters, 'tenantId');
  const tenantId = parseDirectoryTenantId(given ?? '');
  if (given === undefined || tenantId !== undefined) return tenantId;
  throw invalidParameter(parameters, 'tenantId', 'it has to be the GUID of a directory');
}

function readDays(request: FastifyRequest): number {
  const parameters = queryParameters(request);
  const given = optionalParameter(parameters, 'days');
  if (given === undefined) return DAYS;
  const days = /^[0-9]{1,3}$/.test(given) ? Number.parseInt(given, 10) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw invalidParameter(parameters, 'days', `it has to be a number from 1 to ${MOST_DAYS}`);
}

/** Registrations of the partner under subscriptions that the caller may not see are counted, not shown. */
function toWire(found: MappingPreview, { grants }: Principal): string {
  const at = (hour: number): string => formatWireTime(hourStart(hourNumber(hour)));
  const shown = found.registrations.filter(({ place }) => allows(grants, READ, place));
  const registrations = shown.map((one) => {
    const { presentSubscriptionId, futureSubscriptionId } = one;
    const head = JSON.stringify({
      id: one.resourceId,
      registrationId: one.registrationId,
      presentSubscriptionId,
      futureSubscriptionId,
      changes: presentSubscriptionId !== futureSubscriptionId,
    });
    const usage = one.usage.map(({ rows, quantity, ...rest }) => {
      const { subscriptionId, meterId, meterName, unit } = rest;
      const members = JSON.stringify({ subscriptionId, meterId, meterName, unit });
      return `${members.slice(0, -1)},"rows":${rows},"quantity":${toWireQuantity(quantity)}}`;
    });
    return `${head.slice(0, -1)},"usage":[${usage.join(',')}]}`;
  });
  const head = JSON.stringify({
    tenantId: found.tenantId,
    customerSubscriptionId: found.customerSubscriptionId,
    shared: found.shared,
    reportedFrom: at(found.fromHour),
    reportedTo: at(found.toHour),
    hiddenRegistrations: found.registrations.length - shown.length,
  });
  return `${head.slice(0, -1)},"registrations":[${registrations.join(',')}]}`;
}
