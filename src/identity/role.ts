import { fail, parseSubscriptionId, type SubscriptionId } from '../kernel/index.ts';

/** What a client may be on a scope. Nobody is anything unless it is assigned. */
export const roles = ['Owner', 'Contributor', 'Reader', 'Emitter'] as const;
export type Role = (typeof roles)[number];

/**
 * A scope to which a role is assigned: the whole stamp, or one subscription.
 * As text `/` or `/subscriptions/<id>`.
 */
export type Scope = '/' | `/subscriptions/${SubscriptionId}`;

/** One role on one scope. */
export interface Grant {
  readonly role: Role;
  /** Undefined means the whole stamp. */
  readonly subscriptionId: SubscriptionId | undefined;
  /**
   * Namespaces of the resource providers that an emitter speaks for, in lower case; undefined means
   * all.
   */
  readonly providers: ReadonlySet<string> | undefined;
}

/** All that a client may do. */
export type Grants = readonly Grant[];

/** What routes ask for. */
export type Action = 'usage/read' | 'usage/emit' | 'stamp/read' | 'stamp/manage';

/** On what an action is to be done. Without a subscription: on the stamp as a whole. */
export interface Target {
  /** A GUID in any case. */
  readonly subscriptionId?: string | undefined;
  /** Namespace of the resource provider whose usage is emitted, in any case. */
  readonly provider?: string | undefined;
}

const READERS: ReadonlySet<Role> = new Set(['Owner', 'Contributor', 'Reader']);
const MANAGERS: ReadonlySet<Role> = new Set(['Owner', 'Contributor']);

/**
 * Whether the grants allow the action. An emitter may emit within its scope and for its resource
 * providers and reads nothing; owners and contributors of the whole stamp may emit anything;
 * reading usage takes a role on the subscription or on the stamp; the stamp itself is read and
 * managed by roles on the stamp only.
 */
export function allows(grants: Grants, action: Action, target: Target = {}): boolean {
  return grants.some((grant) => grantAllows(grant, action, target));
}

/**
 * Whether any usage may be emitted: of the subscription, whatever the resource provider, or, without one, at all.
 *
 * @param subscriptionId a GUID in any case
 */
export function mayEmitFor(grants: Grants, subscriptionId?: string): boolean {
  return grants.some((grant) => {
    const [provider] = grant.providers ?? [];
    const target = { subscriptionId: subscriptionId ?? grant.subscriptionId, provider };
    return grantAllows(grant, 'usage/emit', target);
  });
}

function grantAllows(grant: Grant, action: Action, target: Target): boolean {
  const wholeStamp = grant.subscriptionId === undefined;
  switch (action) {
    case 'usage/read':
      return READERS.has(grant.role) && covers(grant, target.subscriptionId);
    case 'usage/emit':
      if (grant.role !== 'Emitter') return wholeStamp && MANAGERS.has(grant.role);
      return covers(grant, target.subscriptionId) && speaksFor(grant, target.provider);
    case 'stamp/read':
      return wholeStamp && READERS.has(grant.role);
    case 'stamp/manage':
      return wholeStamp && MANAGERS.has(grant.role);
    default:
      return action satisfies never;
  }
}

function covers(grant: Grant, subscriptionId: string | undefined): boolean {
  if (grant.subscriptionId === undefined) return true;
  return subscriptionId !== undefined && subscriptionId.toLowerCase() === grant.subscriptionId;
}

function speaksFor(grant: Grant, provider: string | undefined): boolean {
  if (grant.providers === undefined) return true;
  return provider !== undefined && grant.providers.has(provider.toLowerCase());
}

/**
 * Reads a role's name in any case.
 *
 * @throws InvalidProperty when there is no such role
 */
export function parseRole(text: string): Role {
  const role = roles.find((known) => known.toLowerCase() === text.toLowerCase());
  if (role !== undefined) return role;
  throw fail('InvalidProperty', {
    value: text,
    parameter: 'role',
    rule: `it is one of ${roles.join(', ')}`,
  });
}

/**
 * Reads a scope; the subscription id in any case.
 *
 * @throws InvalidProperty when it is neither form
 */
export function parseScope(text: string): Scope {
  if (text === '/') return text;
  const [, id] = /^\/subscriptions\/([^/]+)\/?$/i.exec(text) ?? [];
  const subscriptionId = id === undefined ? undefined : parseSubscriptionId(id);
  if (subscriptionId !== undefined) return `/subscriptions/${subscriptionId}`;
  throw fail('InvalidProperty', {
    value: text,
    parameter: 'scope',
    rule: 'it is / for the whole stamp or /subscriptions/{id}',
  });
}

/** The subscription of a scope; undefined for the whole stamp. */
export function subscriptionOf(scope: Scope): SubscriptionId | undefined {
  return scope === '/' ? undefined : parseSubscriptionId(scope.slice('/subscriptions/'.length));
}
