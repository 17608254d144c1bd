import { fail, parseSubscriptionId, type SubscriptionId } from '../kernel/index.ts';

/**
 * Where a role is assigned: the whole stamp, one subscription, or one resource group of it.
 * As text `/`, `/subscriptions/<id>` or `/subscriptions/<id>/resourceGroups/<name>`, the name in
 * lower case, because names of groups are compared without case.
 */
export type Scope =
  | '/'
  | `/subscriptions/${SubscriptionId}`
  | `/subscriptions/${SubscriptionId}/resourceGroups/${string}`;

/** The parts of a scope; both undefined for the whole stamp. */
export interface ScopeParts {
  readonly subscriptionId: SubscriptionId | undefined;
  /** In lower case. */
  readonly resourceGroup: string | undefined;
}

const SCOPE = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([\p{L}\p{N}._()-]{1,90}))?\/?$/iu;

/**
 * Reads a scope; ids and fixed words in any case.
 *
 * @throws InvalidProperty when it is none of the three forms
 */
export function parseScope(text: string): Scope {
  if (text === '/') return text;
  const [, id = '', group] = SCOPE.exec(text) ?? [];
  const subscriptionId = parseSubscriptionId(id);
  // A letter whose lower case is another number of letters could not be read back.
  const readable = group === undefined || groupKey(group).length === group.length;
  if (subscriptionId !== undefined && readable) return scopeOf(subscriptionId, group);
  throw fail('InvalidProperty', {
    value: text,
    parameter: 'scope',
    rule: 'it is / for the whole stamp, /subscriptions/{id} or /subscriptions/{id}/resourceGroups/{name}',
  });
}

/**
 * The form in which names of resource groups are compared: lower case, with one sigma, because the
 * database writes the one at the end of a word otherwise than JavaScript does.
 */
export function groupKey(name: string): string {
  return name.toLowerCase().replaceAll('ς', 'σ');
}

/** The scope of a subscription, or of a resource group of it, named in any case. */
export function scopeOf(subscriptionId: SubscriptionId, resourceGroup?: string): Scope {
  const scope = `/subscriptions/${subscriptionId}` as const;
  if (resourceGroup === undefined) return scope;
  return `${scope}/resourceGroups/${groupKey(resourceGroup)}`;
}

/** The subscription and the resource group of a scope. */
export function partsOf(scope: Scope): ScopeParts {
  const [, , id = '', , group] = scope.split('/');
  return { subscriptionId: parseSubscriptionId(id), resourceGroup: group };
}
