import type { FastifyInstance } from 'fastify';
import { fail, parseSubscriptionId } from '../../kernel/index.ts';
import {
  invalidProperty,
  json,
  listAnswer,
  named,
  type Operation,
  type Queryable,
  requireText,
} from '../../platform/index.ts';
import {
  addAdminRoutes,
  adminOperation,
  NAMESPACE,
  type AdminCall,
  type DirectoryApi,
} from './admin.ts';
import { findOffer } from './offers/store.ts';
import { findPlan } from './plans/store.ts';
import { findDirectoryTenant } from './tenants/store.ts';
import { findBelow } from './tree/tree.ts';
import { sameName } from './wire.ts';

const text = { type: 'string' };

const location = named('AdminLocation', {
  type: 'object',
  properties: { id: text, name: text, displayName: text, latitude: text, longitude: text },
});

const operations = {
  checkName: adminOperation({
    id: 'checkNameAvailability',
    summary: 'Whether a name is free in the directory of a provider',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['name', 'resourceType'],
        properties: {
          name: text,
          resourceType: { ...text, examples: ['Microsoft.Subscriptions.Admin/offers'] },
        },
      }),
    },
    answers: {
      200: {
        description: 'Whether it is.',
        contents: json({
          type: 'object',
          required: ['nameAvailable'],
          properties: { nameAvailable: { type: 'boolean' }, reason: text, message: text },
        }),
      },
    },
  }),
  listLocations: adminOperation({
    id: 'listAdminLocations',
    summary: 'The regions of the stamp, of which there is one',
    answers: { 200: listAnswer('It.', location) },
  }),
  showLocation: adminOperation({
    id: 'getAdminLocation',
    summary: 'The region of the stamp',
    answers: { 200: { description: 'It.', contents: json(location) } },
    errors: ['NotFound'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;

/** Which names are free, and the one region. */
export function nameRoutes(app: FastifyInstance, api: DirectoryApi): void {
  const locations = `${NAMESPACE}/locations`;
  addAdminRoutes(app, api, [
    {
      method: 'POST',
      path: `${NAMESPACE}/checkNameAvailability`,
      reads: true,
      operation: operations.checkName,
      handle: (call) => checkResourceName(api, call),
    },
    {
      method: 'GET',
      path: locations,
      operation: operations.listLocations,
      handle: (call) => Promise.resolve({ value: [toLocation(api, call)] }),
    },
    {
      method: 'GET',
      path: `${locations}/:location`,
      operation: operations.showLocation,
      handle: async (call) => {
        const name = call.param('location');
        if (sameName(name, api.region)) return Promise.resolve(toLocation(api, call));
        throw fail('NotFound', { path: `/locations/${name}` });
      },
    },
  ]);
}

async function checkResourceName(api: DirectoryApi, call: AdminCall): Promise<object> {
  const fields = call.fields();
  const name = requireText(fields, 'name');
  const resourceType = requireText(fields, 'resourceType');
  const kind = resourceType.slice(resourceType.lastIndexOf('/') + 1).toLowerCase();
  const isTaken = TAKEN.get(kind);
  if (isTaken === undefined) {
    const rule = `it is one of ${[...TAKEN.keys()].join(', ')}, with the namespace before it`;
    throw invalidProperty('resourceType', resourceType, rule);
  }
  if (!(await isTaken(api.database.pool, name, call))) return { nameAvailable: true, message: '' };
  const message = `The name '${name}' is taken.`;
  return { nameAvailable: false, reason: 'AlreadyExists', message };
}

/** Only what the caller's own directory holds counts: other names are nobody's business. */
const TAKEN: ReadonlyMap<
  string,
  (db: Queryable, name: string, call: AdminCall) => Promise<boolean>
> = new Map([
  [
    'offers',
    async (db: Queryable, name: string, { provider }: AdminCall) =>
      (await findOffer(db, provider.subscriptionId, name)) !== undefined,
  ],
  [
    'plans',
    async (db: Queryable, name: string, { isOperator }: AdminCall) =>
      isOperator && (await findPlan(db, name)) !== undefined,
  ],
  [
    'directorytenants',
    async (db: Queryable, name: string, { isOperator }: AdminCall) =>
      isOperator && (await findDirectoryTenant(db, { name })) !== undefined,
  ],
  ['subscriptions', isTakenSubscription],
]);

async function isTakenSubscription(
  db: Queryable,
  name: string,
  { provider }: AdminCall,
): Promise<boolean> {
  const id = parseSubscriptionId(name);
  if (id === undefined) return false;
  if (id === provider.subscriptionId) return true;
  return (await findBelow(db, provider.subscriptionId, id, true)) !== undefined;
}

function toLocation({ region }: DirectoryApi, { provider }: AdminCall): object {
  const id = `/subscriptions/${provider.subscriptionId}${NAMESPACE}/locations/${region}`;
  return { id, name: region, displayName: region, latitude: '', longitude: '' };
}
