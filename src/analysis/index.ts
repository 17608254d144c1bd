export {
  percentOf,
  toAnalysisAnswer,
  toWireFreshness,
  type AnalysisAnswer,
  type AnswerFrame,
  type Freshness,
} from './answer.ts';
export { bucketsOf, firstDayOfMonth, monthOfDay, type Buckets } from './buckets.ts';
export {
  addSums,
  subtractSums,
  type Group,
  type GroupPage,
  type GroupParent,
  type Sums,
} from './fold.ts';
export {
  analysisAnswer,
  analysisParameters,
  dimensionValue,
  filterParameters,
  groupParent,
  valuesParameters,
} from './operation.ts';
export {
  invalid,
  nextPageOf,
  oneOf,
  readParameterLists,
  refuseOthers,
  single,
  wholeNumber,
  type ParameterLists,
} from './parameters.ts';
export {
  canonicalOf,
  filteredBy,
  isOfWholeDays,
  readAnalysisQuery,
  readFilters,
  readGrouping,
  readRange,
  type AnalysisFilter,
  type AnalysisOffer,
  type AnalysisOrder,
  type AnalysisQuery,
} from './query.ts';
export {
  comparisonKey,
  partsOfResourceGroup,
  resourceGroupKey,
  tagOf,
  type AnalysisGranularity,
  type Dimension,
  type Grouping,
} from './words.ts';
