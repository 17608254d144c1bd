import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hourOf, isGuid, isWholeHour, parseWireTime } from '../../kernel/index.ts';
import { pageAnswer, type Action } from '../../identity/index.ts';
import { readFields, readParsed, requireText, type Fields } from '../../platform/index.ts';
import {
  holdPresent,
  ownedRoutes,
  type OwnedApi,
  type OwnedCall,
} from '../../commerce/accounts/index.ts';
import { toWireAdapter, type AdapterDefinition } from './adapter.ts';
import { billingAdapters, putAdapter, removeAdapter, replayDeadLetters } from './change.ts';
import { dryRun } from './dry-run.ts';
import { listDeadLetters } from './event-store.ts';
import { toWireDeadLetter } from './event.ts';
import { readAdapterChange } from './fields.ts';
import { adapterOperations as operations } from './operations.ts';
import { listAdapters, readProgress } from './store.ts';
import { listDeliveries, toWireDelivery } from './window-store.ts';

const READ: Action = 'Stackmeter.Billing/adapters/read';
const WRITE: Action = 'Stackmeter.Billing/adapters/write';
const PAGE = 100;

/** Adapters of an account: for those who may do this to it, or to one above. */
export function adapterRoutes(app: FastifyInstance, api: OwnedApi): void {
  const { database } = api;
  const add = ownedRoutes<AdapterDefinition>(app, api, {
    ...billingAdapters,
    path: '/api/v1/billing-adapters',
    actions: { read: READ, write: WRITE, remove: WRITE },
    operations,
    list: ({ pool }, accountIds) => listAdapters(pool, accountIds),
    toWire: async ({ pool }, all, mayWrite) => {
      const ids = all.map(({ adapterId }) => adapterId);
      const progress = await readProgress(pool, ids);
      return all.map((one) =>
        toWireAdapter(one, mayWrite(one) ? 'whole' : 'origin', progress.get(one.adapterId)),
      );
    },
    put: async ({ tx, id, accountId, present, fields, changing }) => {
      const change = readAdapterChange(fields);
      const named = { adapterId: id, accountId };
      const { adapter, madeSecret } = await putAdapter(tx, named, present, change, changing);
      return { thing: adapter, ...(madeSecret && { once: { secret: madeSecret } }) };
    },
    remove: removeAdapter,
  });
  const tryOut = ({ thing, request }: OwnedCall<AdapterDefinition>): Promise<object> => {
    const fields = readFields(request.body);
    requireText(fields, 'window');
    const window = readParsed(fields, 'window', parseHour, 'it is a full hour in UTC');
    return dryRun(api, thing, window ?? 0);
  };
  add('POST', '/dry-run', operations.dryRun, tryOut, 'read');
  add('GET', '/dead-letters', operations.deadLetters, ({ thing, ...call }) =>
    pageAnswer(
      pageOf(api, call),
      (range) => listDeadLetters(database.pool, thing.adapterId, range),
      ({ eventId }) => eventId,
      toWireDeadLetter,
    ),
  );
  add('GET', '/deliveries', operations.deliveries, ({ thing, ...call }) =>
    pageAnswer(
      pageOf(api, call),
      (range) => listDeliveries(database.pool, thing.adapterId, range),
      ({ id }) => id,
      toWireDelivery,
    ),
  );
  add('POST', '/dead-letters/replay', operations.replay, async (call) => {
    const { id, thing, request, reply, changing } = call;
    const rule = 'it has to be a GUID';
    const parse = (text: string): string | undefined => (isGuid(text) ? text : undefined);
    const eventId = readParsed(fieldsOf(request), 'eventId', parse, rule);
    const { accountId } = thing;
    const events = await database.transaction(async (tx) => {
      const held = await holdPresent(tx, billingAdapters, { id, accountId });
      return replayDeadLetters(tx, held, eventId, changing);
    });
    api.wake?.();
    return reply.code(202).send({ events });
  });
}

function pageOf(
  { database }: OwnedApi,
  { request, principal }: Omit<OwnedCall<AdapterDefinition>, 'thing'>,
): Parameters<typeof pageAnswer>[0] {
  return { db: database.pool, request, principal, size: PAGE };
}

function parseHour(text: string): number | undefined {
  const time = parseWireTime(text);
  return time !== undefined && isWholeHour(time) ? hourOf(time) : undefined;
}

/** A body that need not be there. */
function fieldsOf({ body }: FastifyRequest): Fields {
  return body === undefined || body === null ? {} : readFields(body);
}
