import type { ErrorCode } from '../../kernel/index.ts';
import { json, listAnswer, type Operation } from '../../platform/index.ts';
import {
  analysisAnswer,
  analysisParameters,
  dimensionValue,
  valuesParameters,
  type AnalysisOffer,
} from '../../analysis/index.ts';

/** What can be asked of usage. */
export const USAGE_OFFER: AnalysisOffer = {
  dimensions: ['subscription', 'resourceGroup', 'resource', 'resourceType', 'meter', 'location'],
  granularities: ['none', 'hour', 'day', 'month'],
};

const ERRORS: readonly ErrorCode[] = ['AuthorizationFailed', 'BadRequest', 'UsageDataExpired'];

export const usageAnalysisOperations = {
  analyse: {
    id: 'analyseUsage',
    tag: 'usage',
    summary: 'Usage by usage time, grouped and filtered',
    description:
      'Adds up closed usage within the reach of the caller. Not final: usage that is reported late still comes to it. Only quantities of one meter add up: groups other than meters need a filter by exactly one.',
    access: 'token',
    parameters: analysisParameters(USAGE_OFFER),
    answers: { 200: { description: 'The groups.', contents: json(analysisAnswer) } },
    errors: ERRORS,
  },
  values: {
    id: 'listUsageDimensionValues',
    tag: 'usage',
    summary: 'Values of a dimension of usage',
    description: 'What filters may be set to: what closed usage within reach of the caller has.',
    access: 'token',
    parameters: valuesParameters,
    answers: { 200: listAnswer('A page of them, by name.', dimensionValue) },
    errors: ['AuthorizationFailed'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
