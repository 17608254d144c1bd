import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  fail,
  formatWireTime,
  meterKey,
  parseMeterId,
  type MeterKey,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { listMeters, type Meter } from '../meters/index.ts';
import { beginRead, type BoundedRead } from './bounded-read.ts';
import { recordsPage } from './intake-records.ts';
import {
  endOf,
  furthestOf,
  invalid,
  readMeterQuery,
  readParameterLists,
  readSubjects,
  windowStart,
  type MeterQuery,
  type ParameterLists,
} from './meter-query.ts';
import { meterQueryOperations } from './meter-query-operations.ts';
import { firstReported, groupsOf, readMeterUsage, type MeterUsage } from './meter-query-store.ts';
import { authorizeOn, type UsageApi } from './routes.ts';
import { findObstacle } from './store.ts';

/** Most rows in one answer: it is held in memory as a whole. */
const MOST_ROWS = 10_000;

/**
 * Usage by meter and the records that came in last, in the form in which OpenMeter's clients ask. These clients know
 * API keys only, so a client's key is taken here as it is by the intake; what it may read is decided by its roles.
 */
export function meterQueryRoutes(app: FastifyInstance, api: UsageApi): void {
  app.get<{ Params: { id: string } }>(
    '/api/v1/meters/:id/query',
    { config: { operation: meterQueryOperations.query, problems: true } },
    async (request, reply) => {
      const { parameters, subjects } = await admit(api, request);
      const body = await answerMeterQuery(api, request.params.id, parameters, subjects);
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
  app.get(
    '/api/v1/events',
    { config: { operation: meterQueryOperations.records, problems: true } },
    async (request, reply) => {
      const { parameters, subjects } = await admit(api, request);
      const [subject, ...more] = subjects;
      if (subject === undefined || more.length > 0) {
        throw invalid('subject', more[0] ?? '', 'the parameter may be given once only');
      }
      const body = await recordsPage(api, parameters, subject);
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
}

/** Who may not read each of the subjects learns nothing else, of none of them. */
async function admit(
  api: UsageApi,
  request: FastifyRequest,
): Promise<{ parameters: ParameterLists; subjects: readonly SubscriptionId[] }> {
  const principal = await api.authenticate(request, { clientKeys: true });
  const parameters = readParameterLists(request.raw.url ?? '');
  const subjects = readSubjects(parameters);
  for (const subscriptionId of subjects) {
    await authorizeOn(api, principal, 'Microsoft.Commerce/usageAggregates/read', {
      subscriptionId,
    });
  }
  return { parameters, subjects };
}

async function answerMeterQuery(
  api: UsageApi,
  idOrSlug: string,
  parameters: ParameterLists,
  subjects: readonly SubscriptionId[],
): Promise<string> {
  const { database } = api;
  const meter = await findMeterKey(database, idOrSlug);
  const query = readMeterQuery(parameters);
  const reportedFrom = await firstReported(database.pool, query);
  const to = await readEnd(database, query, reportedFrom);
  const read = beginRead(api, ['from', startText(query, query.from)]);
  const rows: string[] = [];
  for (const subscriptionId of subjects) {
    const usage =
      to === query.from
        ? []
        : await readSubject(read, { query, to, reportedFrom, subscriptionId, meter });
    if (rows.length + usage.length > MOST_ROWS) {
      const rule = `the answer has more than ${MOST_ROWS} rows; ask for a shorter time or for less detail`;
      throw invalid('from', startText(query, query.from), rule);
    }
    for (const each of usage) rows.push(toWireUsage(query, to, subscriptionId, each));
  }
  const windowSize = query.windowSize === undefined ? '' : `,"windowSize":"${query.windowSize}"`;
  return (
    `{"from":"${startText(query, query.from)}","to":"${startText(query, to)}"${windowSize},` +
    `"data":[${rows.join(',')}]}`
  );
}

function readSubject(
  read: BoundedRead,
  request: {
    query: MeterQuery;
    to: number;
    reportedFrom: number;
    subscriptionId: SubscriptionId;
    meter: MeterKey;
  },
): Promise<MeterUsage[]> {
  return read.as({ kind: 'tenant', subscriptionId: request.subscriptionId }, (tx) =>
    readMeterUsage(tx, { ...request, limit: MOST_ROWS + 1 }),
  );
}

/**
 * Windows that are open are left out, and the answer says where it ends; windows that are gone cannot be.
 *
 * @param reportedFrom as {@link firstReported} has it
 */
async function readEnd(
  { pool }: Database,
  query: MeterQuery,
  reportedFrom: number,
): Promise<number> {
  const { granularity, from } = query;
  const furthest = furthestOf(query);
  const obstacle = await findObstacle(pool, granularity, reportedFrom, furthest);
  const closedUntil = obstacle?.kind === 'open' ? Math.max(obstacle.window, from) : furthest;
  const end = endOf(query, closedUntil);
  const gone =
    obstacle?.kind === 'open' && end > from
      ? await findObstacle(pool, granularity, reportedFrom, end)
      : obstacle;
  if (gone?.kind !== 'expired') return end;
  // Of the first window that is kept some may have been reported in the one before.
  const kept = Math.max(gone.keptFrom, from) + 1;
  throw fail('UsageDataExpired', {
    granularity: granularity === 'hour' ? 'Hourly' : 'Daily',
    keptFrom: formatWireTime(windowStart(granularity, kept)),
  });
}

/** By its id in any case, or by its name as a slug when only one meter has it. */
async function findMeterKey(database: Database, idOrSlug: string): Promise<MeterKey> {
  const wanted = idOrSlug.toLowerCase();
  const id = parseMeterId(wanted);
  const meters = await listMeters(database.pool);
  const byId = meters.find((meter) => meter.id.toLowerCase() === wanted);
  if (id !== undefined && byId !== undefined) return meterKey(byId.id);
  const [meter, ...more] = meters.filter(({ name }) => slugOf(name) === wanted);
  if (meter === undefined) throw fail('NotFound', { path: `/api/v1/meters/${idOrSlug}` });
  if (more.length === 0) return meterKey(meter.id);
  const ids = [meter, ...more].map(nameOf).join(', ');
  throw invalid('the meter', idOrSlug, `several have this name, give the id of one: ${ids}`);
}

function nameOf({ id, resourceProvider }: Meter): string {
  return `${id} (${resourceProvider})`;
}

/** A name as OpenMeter writes keys of meters: lower-case letters and digits, joined by underscores. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
}

function toWireUsage(
  query: MeterQuery,
  to: number,
  subject: SubscriptionId,
  { window, groups, value }: MeterUsage,
): string {
  const start = window ?? query.from;
  const end = window === null ? to : window + 1;
  return (
    `{"value":${value},"windowStart":"${startText(query, start)}","windowEnd":"${startText(query, end)}",` +
    `"subject":"${subject}","groupBy":${JSON.stringify(groupsOf(query.groupBy, groups))}}`
  );
}

/** Like 2018-06-01T00:00:00Z: clients of OpenMeter make a date of it. */
function startText({ granularity }: MeterQuery, window: number): string {
  return windowStart(granularity, window).toString();
}
