import { fail } from '../kernel/index.ts';
import type { SubscriptionId } from '../kernel/index.ts';
import { allActions, type Action } from './action.ts';
import { groupKey } from './scope.ts';

/** What a caller may be on a scope. Nobody is anything unless it is assigned. */
export interface RoleDefinition {
  /** The name of the definition where clients ask for a GUID; those of the cloud for its own roles. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Actions, `*` standing for any part. */
  readonly actions: readonly string[];
  /** What the patterns of `actions` leave out again. */
  readonly notActions: readonly string[];
  readonly assignableAt: 'stamp' | 'subscription' | 'anywhere';
}

/** The built-in roles; there are no others. */
export const roleDefinitions = {
  Operator: {
    id: '5f1c9f1e-0f86-4a31-9d0f-6d6f7ef2a001',
    title: 'Operator',
    description: 'Runs the stamp: may do everything.',
    actions: ['*'],
    notActions: [],
    assignableAt: 'stamp',
  },
  DelegatedProvider: {
    id: '5f1c9f1e-0f86-4a31-9d0f-6d6f7ef2a002',
    title: 'Delegated Provider',
    description: 'Reads the usage of the subscriptions below a provider, and manages them.',
    actions: [
      'Microsoft.Commerce.Admin/*',
      'Microsoft.Commerce/usageAggregates/read',
      'Microsoft.Subscriptions.Admin/*',
      'Microsoft.Subscriptions/subscriptions/read',
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/providers/read',
    ],
    notActions: [],
    assignableAt: 'subscription',
  },
  Owner: {
    id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    title: 'Owner',
    description: 'May do everything, except state usage and change who pays.',
    actions: ['*'],
    // Who pays for usage must not be who says how much there was, nor who approves what commerce lets it do.
    notActions: [
      'Stackmeter.Metering/usage/emit',
      'Stackmeter.Commerce/*/write',
      'Stackmeter.Billing/*/write',
    ],
    assignableAt: 'anywhere',
  },
  Contributor: {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    title: 'Contributor',
    description: 'May do everything, except assign roles, state usage and change who pays.',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/write',
      'Microsoft.Authorization/*/delete',
      'Stackmeter.Identity/*',
      'Stackmeter.Audit/*',
      'Stackmeter.Commerce/*/write',
      'Stackmeter.Billing/*/write',
      'Stackmeter.Metering/usage/emit',
    ],
    assignableAt: 'anywhere',
  },
  Reader: {
    id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    title: 'Reader',
    description: 'Sees everything but the audit trail, changes nothing.',
    actions: ['*/read'],
    notActions: ['Stackmeter.Audit/*', 'Stackmeter.Identity/*'],
    assignableAt: 'anywhere',
  },
  BillingReader: {
    id: 'fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64',
    title: 'Billing Reader',
    description: 'Reads usage and what it costs.',
    actions: [
      'Microsoft.Commerce/*/read',
      'Microsoft.Commerce.Admin/*/read',
      'Microsoft.Consumption/*/read',
      'Microsoft.Billing/*/read',
      'Microsoft.Subscriptions/*/read',
      'Microsoft.Authorization/roleDefinitions/read',
      'Microsoft.Resources/providers/read',
      'Stackmeter.Commerce/*/read',
      'Stackmeter.Billing/*/read',
      'Stackmeter.Metering/meters/read',
      'Stackmeter.Metering/reconciliation/read',
    ],
    notActions: [],
    assignableAt: 'anywhere',
  },
  Auditor: {
    id: '5f1c9f1e-0f86-4a31-9d0f-6d6f7ef2a003',
    title: 'Auditor',
    description: 'Sees everything, the audit trail too, and changes nothing.',
    actions: ['*/read'],
    notActions: [],
    assignableAt: 'anywhere',
  },
  Emitter: {
    id: '5f1c9f1e-0f86-4a31-9d0f-6d6f7ef2a004',
    title: 'Emitter',
    description: 'Sends usage records, and reads nothing.',
    actions: ['Stackmeter.Metering/usage/emit'],
    notActions: [],
    assignableAt: 'anywhere',
  },
} as const satisfies Record<string, RoleDefinition>;

export type Role = keyof typeof roleDefinitions;

/** Every role, in the order of the list. */
export const roles = Object.keys(roleDefinitions).filter(isRole);

function isRole(name: string): name is Role {
  return Object.hasOwn(roleDefinitions, name);
}

function toPattern(text: string): RegExp {
  return new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
}

function actionsOf({ actions, notActions }: RoleDefinition): ReadonlySet<Action> {
  const matches = (patterns: readonly string[], action: string): boolean =>
    patterns.some((pattern) => toPattern(pattern).test(action));
  return new Set(
    allActions.filter((action) => matches(actions, action) && !matches(notActions, action)),
  );
}

const allowed: ReadonlyMap<Role, ReadonlySet<Action>> = new Map(
  roles.map((role) => [role, actionsOf(roleDefinitions[role])]),
);

/** The actions that a role allows where it is assigned. */
export function actionsOfRole(role: Role): ReadonlySet<Action> {
  return allowed.get(role) ?? new Set();
}

/** One role on one scope. */
export interface Grant {
  readonly role: Role;
  /** Undefined means the whole stamp. */
  readonly subscriptionId: SubscriptionId | undefined;
  /** In lower case; undefined means the whole subscription. */
  readonly resourceGroup: string | undefined;
  /**
   * Namespaces of the resource providers that an emitter speaks for, in lower case; undefined means
   * all.
   */
  readonly providers: ReadonlySet<string> | undefined;
}

/** All that a caller may do. */
export type Grants = readonly Grant[];

/** On what an action is to be done. Without a subscription: on the stamp as a whole. */
export interface Target {
  /** A GUID in any case. */
  readonly subscriptionId?: string | undefined;
  /** Name of a resource group of the subscription, in any case. */
  readonly resourceGroup?: string | undefined;
  /** Namespace of the resource provider whose usage is emitted, in any case. */
  readonly provider?: string | undefined;
}

/** Whether the grants allow the action on the target. */
export function allows(grants: Grants, action: Action, target: Target = {}): boolean {
  return grants.some(
    (grant) =>
      actionsOfRole(grant.role).has(action) &&
      covers(grant, target) &&
      speaksFor(grant, target.provider),
  );
}

/** Whom an action may be done to: everything, or the subscriptions and resource groups listed. */
export type Reach =
  { readonly everywhere: true } | { readonly everywhere: false; readonly grants: Grants };

/**
 * Where the action is allowed at all, whether on a whole subscription or on a part of it: for lists
 * that show each caller its own.
 */
export function reachOf(grants: Grants, action: Action): Reach {
  const allowing = grants.filter((grant) => actionsOfRole(grant.role).has(action));
  if (allowing.some((grant) => grant.subscriptionId === undefined)) return { everywhere: true };
  return { everywhere: false, grants: allowing };
}

/**
 * Whether any usage may be emitted: of the subscription, whatever the resource provider and group,
 * or, without one, at all.
 *
 * @param subscriptionId a GUID in any case
 */
export function mayEmitFor(grants: Grants, subscriptionId?: string): boolean {
  const reach = reachOf(grants, 'Stackmeter.Metering/usage/emit');
  if (reach.everywhere) return true;
  if (subscriptionId === undefined) return reach.grants.length > 0;
  return reach.grants.some((grant) => grant.subscriptionId === subscriptionId.toLowerCase());
}

/**
 * The resource groups of the subscription whose usage of the provider may be emitted: all of them,
 * or those named, in lower case; an empty set for none.
 */
export function emittableGroups(
  grants: Grants,
  target: { readonly subscriptionId: string; readonly provider: string },
): 'all' | ReadonlySet<string> {
  if (allows(grants, 'Stackmeter.Metering/usage/emit', target)) return 'all';
  const groups = grants.flatMap(({ resourceGroup }) => resourceGroup ?? []);
  return new Set(
    groups.filter((resourceGroup) =>
      allows(grants, 'Stackmeter.Metering/usage/emit', { ...target, resourceGroup }),
    ),
  );
}

function covers(grant: Grant, { subscriptionId, resourceGroup }: Target): boolean {
  if (grant.subscriptionId === undefined) return true;
  if (subscriptionId?.toLowerCase() !== grant.subscriptionId) return false;
  if (grant.resourceGroup === undefined) return true;
  return resourceGroup !== undefined && groupKey(resourceGroup) === grant.resourceGroup;
}

function speaksFor(grant: Grant, provider: string | undefined): boolean {
  if (grant.providers === undefined) return true;
  return provider !== undefined && grant.providers.has(provider.toLowerCase());
}

/**
 * Reads a role's name, with or without spaces, in any case.
 *
 * @throws InvalidProperty when there is no such role
 */
export function parseRole(text: string): Role {
  const wanted = text.replaceAll(' ', '').toLowerCase();
  const role = roles.find((known) => known.toLowerCase() === wanted);
  if (role !== undefined) return role;
  throw fail('InvalidProperty', {
    value: text,
    parameter: 'role',
    rule: `it is one of ${roles.join(', ')}`,
  });
}
