import type { FastifyRequest } from 'fastify';
import {
  comparisonKey,
  invalid,
  nextPageOf,
  readGrouping,
  readParameterLists,
  refuseOthers,
  single,
  wholeNumber,
} from '../../../analysis/index.ts';
import {
  makeContinuationToken,
  readContinuationToken,
  readTokenKey,
} from '../../../platform/index.ts';
import { readValues, type ValuesOf } from '../query/values.ts';
import { askedOf, VIEWPOINT_PARAMETERS, type CostAnalysisApi } from './caller.ts';
import { costOffer } from './operations.ts';

const LONGEST_SEARCH = 200;
const MOST = 1000;

/** The values of a dimension that have costs, for boxes of filters. */
export async function valuesRoute(api: CostAnalysisApi, request: FastifyRequest): Promise<object> {
  const { database } = api;
  const principal = await api.authenticate(request);
  const parameters = readParameterLists(request);
  refuseOthers(parameters, ['dimension', 'search', 'limit', '$skiptoken', ...VIEWPOINT_PARAMETERS]);
  const dimension = readDimension(parameters);
  const search = comparisonKey(single(parameters, 'search', LONGEST_SEARCH) ?? '');
  const limit = wholeNumber(parameters, 'limit', [1, MOST], 50);
  const { tree, viewpoint } = await askedOf(api, principal, parameters);
  const question = `cost-values|${viewpoint.account.accountId}|${viewpoint.view}|${viewpoint.currency}|${dimension}|${search}`;
  const key = await readTokenKey(database.pool);
  const token = single(parameters, '$skiptoken');
  const skipped =
    token === undefined ? 0 : readContinuationToken(key, question, token, countOf, '$skiptoken');
  const found = await readValues(database, { tree, namesOf: api.namesOf }, viewpoint, dimension, {
    search,
    skipped,
    limit: limit + 1,
  });
  return {
    value: found.slice(0, limit),
    ...(found.length > limit && {
      nextLink: nextPageOf(request, makeContinuationToken(key, question, [skipped + limit])),
    }),
  };
}

function readDimension(parameters: ReturnType<typeof readParameterLists>): ValuesOf {
  if (single(parameters, 'dimension')?.toLowerCase() === 'tag') return 'tag';
  const dimension = readGrouping(parameters, 'dimension', costOffer.dimensions);
  if (dimension === undefined) throw invalid('dimension', '', 'it is required and missing');
  return dimension;
}

function countOf([skipped]: readonly unknown[]): number | undefined {
  return typeof skipped === 'number' && Number.isSafeInteger(skipped) && skipped > 0
    ? skipped
    : undefined;
}
