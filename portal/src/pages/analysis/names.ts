import { useMemo } from 'react';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import { type Listed, type Question } from './query.ts';
import { useValues } from './use-analysis.ts';
import type { Dimension, Filter } from './search.ts';

/** Names that answers have told, so that a filter can be shown by its name. */
const known = new Map<string, string>();

/** Ids compare without case. */
function placeOf(dimension: Listed, key: string): string {
  return `${dimension}=${key}`.toLowerCase();
}

export function learnNames(
  dimension: Listed,
  values: readonly { readonly key: string; readonly name: string }[],
): void {
  for (const { key, name } of values) if (name !== key) known.set(placeOf(dimension, key), name);
}

/** Dimensions whose keys say nothing to a reader, and of which there are few enough to ask for. */
const asked: readonly Dimension[] = ['meter', 'subscription', 'account', 'service'];
const MOST = 1000;

/** The name of a filter's value: told, or the last part of what the key says itself. */
export function nameOfFilter({ dimension, value }: Filter): string {
  if (dimension === 'tag') return value;
  return known.get(placeOf(dimension, value)) ?? lastPart(value);
}

function lastPart(key: string): string {
  return key.split('/').at(-1) ?? key;
}

/** Asks for the names of filters that an address brought along and no answer has told yet. */
export function useNamesOf(question: Question, filters: readonly Filter[]): void {
  const wanted = asked.find((dimension) =>
    filters.some((one) => one.dimension === dimension && !known.has(placeOf(dimension, one.value))),
  );
  const dimension = wanted ?? 'meter';
  const { data } = useValues(question, {
    dimension,
    text: '',
    limit: MOST,
    isOpen: wanted !== undefined,
  });
  if (data !== undefined && wanted !== undefined) learnNames(dimension, data.value);
}

/** The answer with names where it has only ids: commerce knows subscriptions of a stamp by nothing else. */
export function useNamed(
  question: Question,
  answer: AnalysisAnswer | undefined,
): AnalysisAnswer | undefined {
  const isNameless = answer?.groups.some(
    ({ key, name, parent }) =>
      (answer.groupBy === 'subscription' && name === key) ||
      (parent !== undefined && parent.subscriptionName === undefined),
  );
  const { data } = useValues(question, {
    dimension: 'subscription',
    text: '',
    limit: MOST,
    isOpen: isNameless === true,
  });
  return useMemo(() => {
    if (answer === undefined || isNameless !== true || data === undefined) return answer;
    learnNames('subscription', data.value);
    return withKnownNames(answer);
  }, [answer, isNameless, data]);
}

/** The same with the names that other answers have told. */
export function withKnownNames(answer: AnalysisAnswer): AnalysisAnswer {
  const nameOf = (key: string): string | undefined => known.get(placeOf('subscription', key));
  const groups = answer.groups.map((group) => {
    const { key, name, parent } = group;
    const told = parent && (parent.subscriptionName ?? nameOf(parent.subscription));
    return {
      ...group,
      name: answer.groupBy === 'subscription' && name === key ? (nameOf(key) ?? name) : name,
      ...(parent && told !== undefined && { parent: { ...parent, subscriptionName: told } }),
    };
  });
  return { ...answer, groups };
}
