import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import {
  apiVersionParameter,
  orConflict,
  type ApiVersions,
  type Clock,
  type Database,
  type Fields,
  invalidProperty,
  type Operation,
  type OperationParameter,
  queryParameters,
  readFields,
  requireApiVersion,
} from '../../platform/index.ts';
import {
  actorOf,
  allows,
  authorize,
  type Authenticate,
  type Changing,
  type Principal,
} from '../../identity/index.ts';
import { visibleToTenant } from './subscriptions/state.ts';
import { findSubscription } from './subscriptions/store.ts';
import type { Subscription } from './subscriptions/subscription.ts';

/** What the routes of the directory work with. */
export interface DirectoryApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** The name of the stamp's region, which resources carry as their location. */
  readonly region: string;
}

/** Microsoft.Subscriptions.Admin has one version. */
export const ADMIN_VERSIONS: ApiVersions = ['2015-11-01'];

/** Where the resources of the namespace are below a subscription or one of its resource groups. */
export const NAMESPACE = '/providers/Microsoft.Subscriptions.Admin';
export const IN_GROUP = `/resourceGroups/:resourceGroup${NAMESPACE}`;

/** A call by somebody who may make it, on behalf of the provider in its path. */
export interface AdminCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  /** The provider whose directory it is about. */
  readonly provider: Subscription;
  /** Whether that is the default provider: plans, directory tenants and the first offers are its alone. */
  readonly isOperator: boolean;
  /** Whether the whole tree below the provider is meant, not its direct tenants alone. */
  readonly includeIndirect: boolean;
  readonly changing: Changing;
  /** A parameter of the path. */
  param(name: string): string;
  /** @throws InvalidProperty when the body is no JSON object */
  fields(): Fields;
}

export interface AdminRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** What follows `/subscriptions/{provider}`. */
  readonly path: string;
  /** A POST that changes nothing says so. */
  readonly reads?: true;
  readonly operation: Operation;
  readonly handle: (call: AdminCall) => Promise<unknown>;
}

/** Adds routes below the subscription of a provider, each open to those who have a role there that allows it. */
export function addAdminRoutes(
  app: FastifyInstance,
  api: DirectoryApi,
  routes: readonly AdminRoute[],
): void {
  for (const { method, path, reads, operation, handle } of routes) {
    const kind = method === 'GET' || reads === true ? 'read' : 'write';
    app.route<{ Params: Record<string, string> }>({
      method,
      url: `/subscriptions/:subscriptionId${path}`,
      config: { operation },
      handler: async (request, reply) => {
        const principal = await api.authenticate(request);
        const param = (name: string): string => request.params[name] ?? '';
        const subscriptionId = param('subscriptionId');
        authorize(principal, `Microsoft.Subscriptions.Admin/${kind}`, { subscriptionId });
        requireApiVersion(request, ADMIN_VERSIONS);
        const provider = await requireProvider(api, principal, subscriptionId);
        const call: AdminCall = {
          request,
          reply,
          principal,
          provider,
          isOperator: provider.delegatedProviderSubscriptionId === undefined,
          includeIndirect: readIndirect(request),
          changing: { clock: api.clock, actor: actorOf(principal) },
          param,
          fields: () => readFields(request.body),
        };
        return orConflict(() => handle(call));
      },
    });
  }
}

/** Whoever gets here has a role on the subscription; one that is deleted is there for the operator only. */
async function requireProvider(
  api: DirectoryApi,
  principal: Principal,
  text: string,
): Promise<Subscription> {
  const id = parseSubscriptionId(text);
  const found = id && (await findSubscription(api.database.pool, id));
  const isVisible =
    found !== undefined &&
    (visibleToTenant(found.state) ||
      allows(principal.grants, 'Microsoft.Subscriptions.Admin/read'));
  if (isVisible) return found;
  throw fail('SubscriptionNotFound', { subscriptionId: text });
}

function readIndirect(request: FastifyRequest): boolean {
  const text = queryParameters(request).get('includeindirect');
  if (text === undefined || text.toLowerCase() === 'false') return false;
  if (text.toLowerCase() === 'true') return true;
  throw invalidProperty('includeIndirect', text, 'it is true or false');
}

/** @throws SubscriptionNotFound, the same as for an id that nobody has */
export function readTarget(text: string): SubscriptionId {
  const id = parseSubscriptionId(text);
  if (id !== undefined) return id;
  throw fail('SubscriptionNotFound', { subscriptionId: text });
}

/** Plans, directory tenants and new offers are the default provider's. */
export function requireOperator({ isOperator }: AdminCall, what: string): void {
  if (isOperator) return;
  throw fail('Conflict', { reason: `${what} belong to the default provider subscription` });
}

const INCLUDE_INDIRECT: OperationParameter = {
  name: 'includeIndirect',
  in: 'query',
  description: 'Also what stands further below; our own addition.',
  schema: { type: 'boolean', default: false },
};

/** What all operations of the namespace have in common. */
export function adminOperation({
  reachesTree = false,
  ...operation
}: Pick<Operation, 'id' | 'summary' | 'answers'> &
  Partial<Operation> & {
    /** Whether it may be about what stands further below, when asked. */
    readonly reachesTree?: boolean;
  }): Operation {
  return {
    tag: 'directory',
    access: 'token',
    surface: 'operator',
    ...operation,
    parameters: [
      apiVersionParameter(ADMIN_VERSIONS),
      ...(reachesTree ? [INCLUDE_INDIRECT] : []),
      ...(operation.parameters ?? []),
    ],
    errors: [
      'MissingApiVersionParameter',
      'InvalidApiVersionParameter',
      'SubscriptionNotFound',
      ...(operation.errors ?? []),
    ],
  };
}
