import type { FastifyInstance } from 'fastify';
import { actorOf, authorize } from '../../identity/index.ts';
import { invalidProperty, readFields, readText, type Fields } from '../../platform/index.ts';
import type { ReportedUsageApi } from './api.ts';
import { toWireCommerceMeter } from './commerce-meter.ts';
import { commerceMeterOperations as operations } from './meter-operations.ts';
import { listCommerceMeters, setCommerceMeter } from './meter-store.ts';

const LIST = '/api/v1/commerce-meters';

/** What meters of stamps are in commerce: read and changed by who may do so for all of commerce. */
export function commerceMeterRoutes(
  app: FastifyInstance,
  { database, clock, authenticate }: ReportedUsageApi,
): void {
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    authorize(await authenticate(request), 'Stackmeter.Commerce/meters/read');
    return { value: (await listCommerceMeters(database.pool)).map(toWireCommerceMeter) };
  });
  app.put<{ Params: { localMeterId: string } }>(
    `${LIST}/:localMeterId`,
    { config: { operation: operations.put } },
    async (request) => {
      const principal = await authenticate(request);
      authorize(principal, 'Stackmeter.Commerce/meters/write');
      const fields = readFields(request.body);
      const change = {
        localMeterId: request.params.localMeterId,
        commerceMeterId: readText(fields, 'commerceMeterId'),
        name: readText(fields, 'name'),
        category: readText(fields, 'category'),
        subCategory: readText(fields, 'subCategory'),
        region: readText(fields, 'region'),
        unit: readText(fields, 'unit'),
        paid: readPaid(fields),
      };
      const changing = { clock, actor: actorOf(principal) };
      return toWireCommerceMeter(
        await database.transaction((tx) => setCommerceMeter(tx, change, changing)),
      );
    },
  );
}

function readPaid({ paid }: Fields): boolean | undefined {
  if (paid === undefined || paid === null) return undefined;
  if (typeof paid === 'boolean') return paid;
  throw invalidProperty('paid', paid, 'it is true or false');
}
