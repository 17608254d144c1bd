import type { FastifyInstance } from 'fastify';
import { fail, parseWireTime, type Instant } from '../../../kernel/index.ts';
import { allows, authorize } from '../../../identity/index.ts';
import {
  invalidProperty,
  originOf,
  propertiesOf,
  readFields,
  readText,
  requireText,
  type Fields,
} from '../../../platform/index.ts';
import { readRegistrationToken } from '../../../reporting/index.ts';
import { requireRegistration } from '../customers/rules.ts';
import {
  addArmRoutes,
  PAGE,
  pageAnswer,
  readPosition,
  type ArmCall,
  type RegistrationApi,
} from '../http.ts';
import { findOrResolve } from '../subscriptions/resolver.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import { activationKeyOf } from './activation.ts';
import { expireRegistration, removeRegistration } from './change.ts';
import { moveRegistrations, type MoveTarget } from './move.ts';
import { readMove } from './move-request.ts';
import { MOVE_VERSIONS, registrationOperations } from './operations.ts';
import { etagText, preconditionOf } from './precondition.ts';
import { putRegistration, type Registered } from './register.ts';
import type { Registration } from './registration.ts';
import { listRegistrations } from './store.ts';
import { NEVER, toWireRegistration } from './wire.ts';

const NAMESPACE = '/providers/Microsoft.AzureStack/registrations';
const LIST = `/resourceGroups/:resourceGroup${NAMESPACE}`;
const ITEM = `${LIST}/:registration`;

const READ = 'Microsoft.AzureStack/registrations/read';
const WRITE = 'Microsoft.AzureStack/registrations/write';

/** Registrations as the resource manager of the original has them. */
export function registrationResourceRoutes(app: FastifyInstance, api: RegistrationApi): void {
  const { listInSubscription, listInGroup, show, put, patch, remove, ...more } =
    registrationOperations;
  addArmRoutes(app, api, [
    {
      method: 'GET',
      path: NAMESPACE,
      action: READ,
      operation: listInSubscription,
      handle: (call) => listSome(api, call),
    },
    {
      method: 'GET',
      path: LIST,
      action: READ,
      operation: listInGroup,
      handle: (call) => listSome(api, call),
    },
    {
      method: 'GET',
      path: ITEM,
      action: READ,
      operation: show,
      handle: (call) => showOne(api, call),
    },
    {
      method: 'PUT',
      path: ITEM,
      action: WRITE,
      operation: put,
      handle: (call) => putOne(api, call),
    },
    {
      method: 'PATCH',
      path: ITEM,
      action: WRITE,
      operation: patch,
      handle: (call) => patchOne(api, call),
    },
    {
      method: 'DELETE',
      path: ITEM,
      action: 'Microsoft.AzureStack/registrations/delete',
      operation: remove,
      handle: (call) => removeOne(api, call),
    },
    {
      method: 'POST',
      path: `${ITEM}/getactivationkey`,
      action: 'Microsoft.AzureStack/registrations/getActivationKey/action',
      operation: more.activationKey,
      handle: (call) => giveKey(api, call),
    },
    {
      method: 'POST',
      path: `${ITEM}/enableRemoteManagement`,
      action: WRITE,
      operation: more.enableRemoteManagement,
      handle: async (call) => {
        await requireRegistration(api.database.pool, call.place);
        return call.reply.code(200).send();
      },
    },
    {
      method: 'POST',
      path: '/resourceGroups/:resourceGroup/moveResources',
      action: WRITE,
      versions: MOVE_VERSIONS,
      operation: more.move,
      handle: (call) => moveSome(api, call),
    },
  ]);
}

async function listSome(api: RegistrationApi, call: ArmCall): Promise<object> {
  const { subscriptionId } = call;
  const db = api.database.pool;
  if ((await findCommerceSubscription(db, subscriptionId)) === undefined) {
    throw fail('SubscriptionNotFound', { subscriptionId });
  }
  const found = await listRegistrations(db, {
    subscriptionId,
    resourceGroup: call.place.resourceGroup === '' ? undefined : call.place.resourceGroup,
    after: await readPosition(api, call),
    limit: PAGE + 1,
  });
  const now = api.clock.now();
  return pageAnswer(api, call, found, {
    idOf: ({ registrationId }) => registrationId,
    toWire: (one) => toWireRegistration(one, now),
  });
}

async function showOne(api: RegistrationApi, call: ArmCall): Promise<unknown> {
  return answer(api, call, await requireRegistration(api.database.pool, call.place));
}

async function putOne(api: RegistrationApi, call: ArmCall): Promise<unknown> {
  const body = readFields(call.request.body);
  if (requireText(body, 'location').toLowerCase() !== 'global') {
    throw invalidProperty('location', body['location'], 'it is global');
  }
  await findOrResolve(
    { database: api.database, resolve: api.resolveSubscription },
    call.subscriptionId,
    call.changing,
  );
  const { registration, created, warning } = await register(api, call, propertiesOf(body), false);
  void call.reply.code(created ? 201 : 200);
  return answer(api, call, registration, warning);
}

async function register(
  { database, clock, homeTenantId }: RegistrationApi,
  call: ArmCall,
  fields: Fields,
  existingOnly: boolean,
): Promise<Registered> {
  const text = requireText(fields, 'registrationToken', LONGEST_TOKEN);
  const token = await readRegistrationToken(text, clock.now());
  const options = {
    homeTenantId,
    mayRead: (where: MoveTarget) => allows(call.principal.grants, READ, where),
    mayWrite: (where: MoveTarget) => allows(call.principal.grants, WRITE, where),
    precondition: preconditionOf(call.request),
    existingOnly,
  };
  return database.transaction((tx) =>
    putRegistration(tx, call.place, token, options, call.changing),
  );
}

const LONGEST_TOKEN = 8000;

/** The end of a registration is set by who runs commerce, not by who is registered. */
async function patchOne(api: RegistrationApi, call: ArmCall): Promise<unknown> {
  const fields = propertiesOf(readFields(call.request.body));
  if (!Object.hasOwn(fields, 'expiration')) {
    const { registration, warning } = await register(api, call, fields, true);
    return answer(api, call, registration, warning);
  }
  authorize(call.principal, 'Stackmeter.Commerce/subscriptions/write');
  if (Object.hasOwn(fields, 'registrationToken')) {
    const rule = 'it is set alone, without a registrationToken';
    throw invalidProperty('expiration', fields['expiration'], rule);
  }
  const changed = await api.database.transaction((tx) =>
    expireRegistration(
      tx,
      call.place,
      readExpiration(fields),
      call.changing,
      preconditionOf(call.request),
    ),
  );
  return answer(api, call, changed);
}

/** Undefined for never. */
function readExpiration(fields: Fields): Instant | undefined {
  const text = readText(fields, 'expiration');
  if (text === undefined) return undefined;
  const time = parseWireTime(text);
  if (time === undefined) {
    throw invalidProperty('expiration', text, 'it is a time like 2026-12-31T00:00:00Z, or null');
  }
  const isNever = Temporal.Instant.compare(time, Temporal.Instant.from(NEVER)) >= 0;
  return isNever ? undefined : time.round({ smallestUnit: 'second', roundingMode: 'floor' });
}

async function removeOne({ database }: RegistrationApi, call: ArmCall): Promise<unknown> {
  const removed = await database.transaction((tx) =>
    removeRegistration(tx, call.place, call.changing, preconditionOf(call.request)),
  );
  return call.reply.code(removed ? 200 : 204).send();
}

async function giveKey(api: RegistrationApi, call: ArmCall): Promise<object> {
  const registration = await requireRegistration(api.database.pool, call.place);
  const { homeTenantId, ca } = api;
  const address = { origin: originOf(call.request), homeTenantId, ca };
  return { activationKey: await activationKeyOf(api, registration, address) };
}

async function moveSome({ database }: RegistrationApi, call: ArmCall): Promise<unknown> {
  const { places, target } = readMove(readFields(call.request.body), call.place);
  authorize(call.principal, WRITE, target);
  await database.transaction((tx) => moveRegistrations(tx, places, target, call.changing));
  return call.reply.code(204).send();
}

function answer(
  { clock }: RegistrationApi,
  { reply }: Pick<ArmCall, 'reply'>,
  registration: Registration,
  warning?: string,
): unknown {
  void reply.header('etag', etagText(registration.etag));
  return toWireRegistration(registration, clock.now(), warning);
}
