import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, isGuid, parsePrincipalId, type SubscriptionId } from '../../kernel/index.ts';
import { pathOf, queryParameters, requireApiVersion } from '../../platform/index.ts';
import type { Action } from '../action.ts';
import type { Authenticate } from '../authenticate.ts';
import { authorize, type Principal } from '../principal.ts';
import {
  findRoleAssignment,
  listRoleAssignments,
  type RoleAssignment,
} from '../role-assignment.ts';
import { roleDefinitions, roles } from '../role.ts';
import { parseScope, partsOf, type Scope } from '../scope.ts';
import { assignRole, unassignRole, type AssigningTools } from './assigning.ts';
import { readWantedAssignment } from './body.ts';
import { readAssignmentFilter, readDefinitionFilter } from './filter.ts';
import { mayKnowOf } from './giving.ts';
import { authorizationOperations, AUTHORIZATION_VERSIONS } from './operations.ts';
import { findRoleByDefinition, isAssignable, toWireAssignment, toWireDefinition } from './wire.ts';

export interface AuthorizationApi extends AssigningTools {
  readonly authenticate: Authenticate;
  /** Whether there is such a subscription for the principal, who has a role there: it may be there no more. */
  readonly sees: (principal: Principal, subscriptionId: SubscriptionId) => Promise<boolean>;
}

/** The stamp, a subscription, a resource group. */
const SCOPES = [
  '',
  '/subscriptions/:subscriptionId',
  '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup',
];

interface OfScope {
  Params: { subscriptionId?: string; resourceGroup?: string };
}
interface Named {
  Params: OfScope['Params'] & { name: string };
}

/** Roles and who has them. Every change is in the audit trail. */
export function authorizationRoutes(app: FastifyInstance, api: AuthorizationApi): void {
  for (const base of SCOPES) {
    const path = `${base}/providers/Microsoft.Authorization`;
    definitionRoutes(app, api, `${path}/roleDefinitions`);
    readingRoutes(app, api, `${path}/roleAssignments`);
    changingRoutes(app, api, `${path}/roleAssignments/:name`);
  }
}

/** @throws InvalidProperty for what is no scope */
function scopeOfPath({ subscriptionId, resourceGroup }: OfScope['Params']): Scope {
  if (subscriptionId === undefined) return '/';
  const group = resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`;
  return parseScope(`/subscriptions/${subscriptionId}${group}`);
}

/** Who is calling, on which scope; with an action, only who may do it there. */
async function admit(
  api: AuthorizationApi,
  request: FastifyRequest<OfScope>,
  action?: Action,
): Promise<{ readonly principal: Principal; readonly scope: Scope }> {
  const principal = await api.authenticate(request);
  requireApiVersion(request, AUTHORIZATION_VERSIONS);
  const scope = scopeOfPath(request.params);
  if (action !== undefined) authorize(principal, action, partsOf(scope));
  const { subscriptionId } = partsOf(scope);
  if (subscriptionId !== undefined && !(await api.sees(principal, subscriptionId))) {
    throw fail('SubscriptionNotFound', { subscriptionId });
  }
  return { principal, scope };
}

function definitionRoutes(app: FastifyInstance, api: AuthorizationApi, path: string): void {
  const READ = 'Microsoft.Authorization/roleDefinitions/read';
  app.get<OfScope>(
    path,
    { config: { operation: authorizationOperations.definitions } },
    async (request) => {
      const { scope } = await admit(api, request, READ);
      const { title, builtIn } = readDefinitionFilter(queryParameters(request).get('$filter'));
      const value = roles
        .filter((role) => builtIn && isAssignable(role, scope))
        .filter(
          (role) => title === undefined || roleDefinitions[role].title.toLowerCase() === title,
        )
        .map((role) => toWireDefinition(role, scope));
      return { value };
    },
  );
  app.get<Named>(
    `${path}/:name`,
    { config: { operation: authorizationOperations.definition } },
    async (request) => {
      const { scope } = await admit(api, request, READ);
      const role = findRoleByDefinition(request.params.name);
      if (role === undefined) throw fail('NotFound', { path: pathOf(request) });
      return toWireDefinition(role, scope);
    },
  );
}

function readingRoutes(app: FastifyInstance, api: AuthorizationApi, path: string): void {
  const READ = 'Microsoft.Authorization/roleAssignments/read';
  app.get<OfScope>(
    path,
    { config: { operation: authorizationOperations.list } },
    async (request) => {
      const { principal, scope } = await admit(api, request, READ);
      const { atScope, principalId } = readAssignmentFilter(
        queryParameters(request).get('$filter'),
      );
      const wanted = principalId === undefined ? undefined : parsePrincipalId(principalId);
      const all = await listRoleAssignments(api.database.pool, {
        principalId: wanted,
        around: scope,
      });
      const value = all
        .filter((each) => reaches(each, scope) || !atScope)
        .filter((each) => mayKnowOf(principal, each))
        .map((each) => toWireAssignment(each, scope));
      return { value };
    },
  );
  app.get<Named>(
    `${path}/:name`,
    { config: { operation: authorizationOperations.show } },
    async (request) => {
      const { scope } = await admit(api, request, READ);
      const { name } = request.params;
      const found = isGuid(name) ? await findRoleAssignment(api.database.pool, name) : undefined;
      if (found?.scope !== scope) throw fail('NotFound', { path: pathOf(request) });
      return toWireAssignment(found, scope);
    },
  );
}

/** Whether an assignment holds on the scope: it was made there or above. */
function reaches({ scope: from }: RoleAssignment, scope: Scope): boolean {
  return from === '/' || from === scope || scope.startsWith(`${from}/`);
}

function changingRoutes(app: FastifyInstance, api: AuthorizationApi, path: string): void {
  app.put<Named>(
    path,
    { config: { operation: authorizationOperations.assign } },
    async (request, reply) => {
      const WRITE = 'Microsoft.Authorization/roleAssignments/write';
      const { principal, scope } = await admit(api, request, WRITE);
      const { name } = request.params;
      const wanted = readWantedAssignment(request.body);
      const { assignment, created } = await assignRole(api, principal, { name, scope }, wanted);
      return reply.code(created ? 201 : 200).send(toWireAssignment(assignment, scope));
    },
  );
  app.delete<Named>(
    path,
    { config: { operation: authorizationOperations.remove } },
    async (request, reply) => {
      const DELETE = 'Microsoft.Authorization/roleAssignments/delete';
      const { principal, scope } = await admit(api, request, DELETE);
      const { name } = request.params;
      const removed = await unassignRole(api, principal, { name, scope });
      if (removed === undefined) return reply.code(204).send();
      return toWireAssignment(removed, scope);
    },
  );
}
