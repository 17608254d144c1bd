import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  canonicalOf,
  nextPageOf,
  readAnalysisQuery,
  readParameterLists,
  toAnalysisAnswer,
  type AnalysisQuery,
} from '../../../analysis/index.ts';
import {
  makeContinuationToken,
  readContinuationToken,
  readTokenKey,
} from '../../../platform/index.ts';
import { feesAndCredits } from '../query/fees.ts';
import { readCosts } from '../query/read-costs.ts';
import { askedOf, checkHours, VIEWPOINT_PARAMETERS, type CostAnalysisApi } from './caller.ts';
import { forecastRoute } from './forecast-route.ts';
import { marginRoute } from './margin-route.ts';
import { costOffer, costOperations as operations } from './operations.ts';
import { overviewRoute } from './overview-route.ts';
import { valuesRoute } from './values-route.ts';

const PATH = '/api/v1/cost-analysis';

/** What usage costs, by whatever it is told apart by: for those whose account it is, and those above. */
export function costAnalysisRoutes(app: FastifyInstance, api: CostAnalysisApi): void {
  app.get(PATH, { config: { operation: operations.analysis } }, (request) => analyse(api, request));
  app.get(`${PATH}/values`, { config: { operation: operations.values } }, (request) =>
    valuesRoute(api, request),
  );
  app.get(`${PATH}/forecast`, { config: { operation: operations.forecast } }, (request) =>
    forecastRoute(api, request),
  );
  app.get(`${PATH}/margin`, { config: { operation: operations.margin } }, (request) =>
    marginRoute(api, request),
  );
  app.get('/api/v1/overview', { config: { operation: operations.overview } }, (request) =>
    overviewRoute(api, request),
  );
}

async function analyse(api: CostAnalysisApi, request: FastifyRequest): Promise<object> {
  const { database } = api;
  const principal = await api.authenticate(request);
  const parameters = readParameterLists(request);
  const read = readAnalysisQuery(parameters, { ...costOffer, others: VIEWPOINT_PARAMETERS });
  // `account` says whose costs; the accounts that are grouped by are filtered by as `buyer`.
  const query = { ...read, filters: read.filters.filter(({ by }) => by !== 'account') };
  const { tree, viewpoint, buyers } = await askedOf(api, principal, parameters);
  checkHours(viewpoint, query);
  const { account, view, currency, currencies } = viewpoint;
  const question = `costs|${account.accountId}|${view}|${currency}|${JSON.stringify(buyers ?? [])}|${canonicalOf(query)}`;
  const key = await readTokenKey(database.pool);
  const skipped =
    query.skipToken === undefined
      ? 0
      : readContinuationToken(key, question, query.skipToken, countOf, '$skiptoken');
  const asked = { viewpoint, filters: query.filters, buyers, from: query.from, to: query.to };
  const { page, buckets, unpriced, freshness } = await readCosts(database, asked, query, skipped, {
    tree,
    namesOf: api.namesOf,
  });
  const fees = await feesOf(api, asked, query);
  const nextLink =
    page.next === undefined
      ? undefined
      : nextPageOf(request, makeContinuationToken(key, question, [page.next]));
  return {
    account: { id: account.accountId, name: account.name },
    view,
    currencies,
    ...toAnalysisAnswer(query, page, { buckets, freshness, currency, addsUp: true, nextLink }),
    unpriced,
    ...(fees !== undefined && { feesAndCredits: fees.toText() }),
  };
}

/** Known for what is not filtered: an invoice's fee is of no subscription or meter. */
async function feesOf(
  { database }: CostAnalysisApi,
  { viewpoint, buyers }: Pick<Parameters<typeof readCosts>[1], 'viewpoint' | 'buyers'>,
  { filters, from, to }: AnalysisQuery,
): ReturnType<typeof feesAndCredits> {
  if (filters.length > 0 || (buyers !== undefined && viewpoint.view === 'buying')) return undefined;
  const accounts = viewpoint.buyers.map(({ accountId }) => accountId);
  const wanted = accounts.filter((id) => buyers?.includes(id) ?? true);
  return feesAndCredits(database.pool, wanted, { from, to });
}

function countOf([skipped]: readonly unknown[]): number | undefined {
  return typeof skipped === 'number' && Number.isSafeInteger(skipped) && skipped > 0
    ? skipped
    : undefined;
}
