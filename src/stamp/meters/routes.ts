import type { FastifyInstance } from 'fastify';
import { fail, parseMeterId } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Clock, Database } from '../../platform/index.ts';
import { actorOf, authorize, type Authenticate, type Changing } from '../../identity/index.ts';
import type { Meter, OperatorMeter } from './meter.ts';
import { parseOperatorMeter } from './operator-meter.ts';
import { meterOperations } from './operations.ts';
import { findMeter, insertMeters, listMeters } from './store.ts';

export interface MetersApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

/** The catalogue of meters: read by anyone with a role on the stamp, added to by its operators. */
export function meterRoutes(app: FastifyInstance, api: MetersApi): void {
  app.get('/api/v1/meters', { config: { operation: meterOperations.list } }, async (request) => {
    const principal = await api.authenticate(request);
    authorize(principal, 'Stackmeter.Metering/meters/read');
    return { value: (await listMeters(api.database.pool)).map(toWireMeter) };
  });
  app.get<{ Params: { id: string } }>(
    '/api/v1/meters/:id',
    { config: { operation: meterOperations.show } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/meters/read');
      const id = parseMeterId(request.params.id);
      const meter = id && (await findMeter(api.database.pool, id));
      if (meter === undefined)
        throw fail('NotFound', { path: `/api/v1/meters/${request.params.id}` });
      return toWireMeter(meter);
    },
  );
  app.post(
    '/api/v1/meters',
    { config: { operation: meterOperations.add } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/meters/write');
      const changing = { clock: api.clock, actor: actorOf(principal) };
      const meter = await addOperatorMeter(api, parseOperatorMeter(request.body), changing);
      return reply.code(201).send(toWireMeter(meter));
    },
  );
}

/**
 * Adds a meter of the operator's own.
 * @throws Conflict when a meter with this id, in any case, is there and differs
 */
export async function addOperatorMeter(
  { database }: Pick<MetersApi, 'database'>,
  meter: OperatorMeter,
  { clock, actor }: Changing,
): Promise<Meter> {
  await database.transaction(async (tx) => {
    if ((await insertMeters(tx, [meter])) === 0) return;
    const { id, name, unit, resourceProvider } = meter;
    await appendAudit(tx, clock, {
      actor,
      action: 'Stackmeter.Metering/meters/write',
      target: `/meters/${id}`,
      detail: { name, unit, resourceProvider },
    });
  });
  const stored = (await findMeter(database.pool, meter.id))!;
  const same =
    stored.name === meter.name &&
    stored.unit === meter.unit &&
    stored.resourceProvider === meter.resourceProvider;
  if (!same) {
    throw fail('Conflict', {
      reason: `the meter ${stored.id} is '${stored.name}' of ${stored.resourceProvider} already`,
    });
  }
  return stored;
}

export function toWireMeter(meter: Meter): object {
  const { id, name, unit, unitKind, resourceProvider, category, origin } = meter;
  return { id, name, unit, unitKind, resourceProvider, category, origin };
}
