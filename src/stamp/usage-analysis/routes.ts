import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../identity/index.ts';
import {
  makeContinuationToken,
  readContinuationToken,
  readTokenKey,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import {
  canonicalOf,
  comparisonKey,
  invalid,
  nextPageOf,
  readAnalysisQuery,
  readGrouping,
  readParameterLists,
  refuseOthers,
  single,
  toAnalysisAnswer,
  wholeNumber,
  type AnalysisAnswer,
  type ParameterLists,
} from '../../analysis/index.ts';
import { readUsageAnalysis, withinTime } from './analyse.ts';
import { usageAnalysisOperations, USAGE_OFFER } from './operations.ts';
import { withUsageReach, usageReachOf } from './reach.ts';
import { readValues, type DimensionValue, type ValuesQuery } from './values.ts';

export interface UsageAnalysisApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

/** Usage by usage time, for those who look into it. */
export function usageAnalysisRoutes(app: FastifyInstance, api: UsageAnalysisApi): void {
  app.get(
    '/api/v1/usage-analysis',
    { config: { operation: usageAnalysisOperations.analyse } },
    (request) => answerAnalysis(api, request),
  );
  app.get(
    '/api/v1/usage-analysis/values',
    { config: { operation: usageAnalysisOperations.values } },
    (request) => answerValues(api, request),
  );
}

async function answerAnalysis(
  { database, authenticate }: UsageAnalysisApi,
  request: FastifyRequest,
): Promise<AnalysisAnswer> {
  const principal = await authenticate(request);
  const reach = await usageReachOf(database.pool, principal);
  const query = readAnalysisQuery(readParameterLists(request), USAGE_OFFER);
  const pages = await openPages(database, `usage-analysis ${canonicalOf(query)}`, query.skipToken);
  const { page, frame } = await readUsageAnalysis(database, reach, query, pages.skipped);
  const nextLink = page.next === undefined ? undefined : pages.link(request, page.next);
  return toAnalysisAnswer(query, page, { ...frame, nextLink });
}

async function answerValues(
  { database, authenticate }: UsageAnalysisApi,
  request: FastifyRequest,
): Promise<{ value: DimensionValue[]; nextLink?: string }> {
  const principal = await authenticate(request);
  const reach = await usageReachOf(database.pool, principal);
  const parameters = readParameterLists(request);
  const query = readValuesQuery(parameters);
  const canonical = `usage-values ${JSON.stringify([query.dimension, query.search])}`;
  const pages = await openPages(database, canonical, single(parameters, '$skiptoken'));
  const { limit } = query;
  const found = await withinTime(() =>
    withUsageReach(database, reach, (tx) =>
      readValues(tx, reach, { ...query, skipped: pages.skipped }),
    ),
  );
  return {
    value: found.slice(0, limit),
    ...(found.length > limit && { nextLink: pages.link(request, pages.skipped + limit) }),
  };
}

function readValuesQuery(parameters: ParameterLists): Omit<ValuesQuery, 'skipped'> {
  refuseOthers(parameters, ['dimension', 'search', 'limit', '$skiptoken']);
  const isTagNames = single(parameters, 'dimension', 2000)?.toLowerCase() === 'tag';
  const dimension = isTagNames
    ? 'tag'
    : readGrouping(parameters, 'dimension', USAGE_OFFER.dimensions);
  if (dimension === undefined) throw invalid('dimension', '', 'it is required and missing');
  return {
    dimension,
    search: comparisonKey(single(parameters, 'search', 200) ?? ''),
    limit: wholeNumber(parameters, 'limit', [1, 1000], 50),
  };
}

interface Pages {
  /** What came on the pages before. */
  readonly skipped: number;
  link(request: FastifyRequest, next: number): string;
}

async function openPages(
  database: Database,
  canonical: string,
  token: string | undefined,
): Promise<Pages> {
  const key = await readTokenKey(database.pool);
  const parse = ([skipped]: readonly unknown[]): number | undefined =>
    typeof skipped === 'number' ? skipped : undefined;
  return {
    skipped:
      token === undefined ? 0 : readContinuationToken(key, canonical, token, parse, '$skiptoken'),
    link: (request, next) => nextPageOf(request, makeContinuationToken(key, canonical, [next])),
  };
}
