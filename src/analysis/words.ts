/** By what usage and costs are told apart and picked out, besides tags. */
export const DIMENSIONS = [
  'subscription',
  'resourceGroup',
  'resource',
  'resourceType',
  'meter',
  'location',
  'service',
  'account',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A dimension, or one tag by its name in the form of {@link comparisonKey}. */
export type Grouping = Dimension | `tag:${string}`;

export const GRANULARITIES = ['none', 'hour', 'day', 'month'] as const;
export type AnalysisGranularity = (typeof GRANULARITIES)[number];

/** The name of the tag that is grouped or filtered by; undefined for a dimension. */
export function tagOf(grouping: Grouping): string | undefined {
  return grouping.startsWith('tag:') ? grouping.slice(4) : undefined;
}

/**
 * The form in which names of resources, groups, locations and tags are compared: lower case, with one sigma, because
 * the database writes the one at the end of a word otherwise than JavaScript does.
 */
export function comparisonKey(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ');
}

/**
 * The key of a resource group: groups of one name in two subscriptions are two. What belongs to the subscription itself
 * has the key of the subscription's path.
 */
export function resourceGroupKey(subscriptionId: string, resourceGroup: string): string {
  const path = `/subscriptions/${subscriptionId.toLowerCase()}`;
  return resourceGroup === '' ? path : `${path}/resourcegroups/${comparisonKey(resourceGroup)}`;
}

const GROUP_PATH = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?$/;

/**
 * What a filter of resource groups means: a key as {@link resourceGroupKey} makes them, or the mere name of a group in
 * whatever subscription.
 */
export function partsOfResourceGroup(filter: string): {
  /** Undefined: in any. */
  readonly subscriptionId: string | undefined;
  /** As comparison key; empty for what is in no group. */
  readonly name: string;
} {
  const key = comparisonKey(filter);
  const [, subscriptionId, name = ''] = GROUP_PATH.exec(key) ?? [];
  return subscriptionId === undefined ? { subscriptionId, name: key } : { subscriptionId, name };
}

/** The tag filter for a name and a value as it is written in a query: `NAME:VALUE`, a colon of the name as `\:`. */
export function tagFilterText(name: string, value: string): string {
  return `${name.replaceAll(/[\\:]/g, '\\$&')}:${value}`;
}

/** Reads {@link tagFilterText} back; undefined when there is no name or no colon. */
export function parseTagFilter(text: string): { name: string; value: string } | undefined {
  const [all, written = ''] = /^((?:\\[\\:]|[^\\:])+):/.exec(text) ?? [];
  if (all === undefined) return undefined;
  return { name: written.replaceAll(/\\([\\:])/g, '$1'), value: text.slice(all.length) };
}
