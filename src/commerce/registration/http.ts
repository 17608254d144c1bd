import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  fail,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import {
  actorOf,
  authorize,
  keyOfPrincipal,
  type Action,
  type Authenticate,
  type Changing,
  type Principal,
} from '../../identity/index.ts';
import {
  apiVersionParameter,
  type ApiVersions,
  type Clock,
  type Database,
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  orConflict,
  pathOf,
  type Operation,
  type OperationParameter,
  queryParameters,
  readSkipToken,
  readTokenKey,
  requireApiVersion,
} from '../../platform/index.ts';
import type { RegistrationPlace } from './registrations/registration.ts';
import type { SubscriptionResolver } from './subscriptions/resolver.ts';

/** What the routes of registration work with. */
export interface RegistrationApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** The directory in which the clients of stamps are made. */
  readonly homeTenantId: DirectoryTenantId;
  /** PEM of the authority that vouches for this server; activation keys carry it. */
  readonly ca: string;
  /** Asked for subscriptions that are not known here. */
  readonly resolveSubscription?: SubscriptionResolver;
}

/** Microsoft.AzureStack has one version. */
export const REGISTRATION_VERSIONS: ApiVersions = ['2017-06-01'];

/** A call by somebody who may make it. */
export interface ArmCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly subscriptionId: SubscriptionId;
  /** The registration that the path names. */
  readonly place: RegistrationPlace;
  /** A parameter of the path. */
  param(name: string): string;
}

export interface ArmRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** What follows `/subscriptions/{id}`. */
  readonly path: string;
  readonly action: Action;
  readonly versions?: ApiVersions;
  readonly operation: Operation;
  readonly handle: (call: ArmCall) => Promise<unknown>;
}

/** Adds routes below a subscription that pays, each open to those whose role on it allows the action. */
export function addArmRoutes(
  app: FastifyInstance,
  api: RegistrationApi,
  routes: readonly ArmRoute[],
): void {
  for (const { method, path, action, versions, operation, handle } of routes) {
    app.route<{ Params: Record<string, string> }>({
      method,
      url: `/subscriptions/:subscriptionId${path}`,
      config: { operation },
      handler: async (request, reply) => {
        const principal = await api.authenticate(request);
        const param = (name: string): string => request.params[name] ?? '';
        const text = param('subscriptionId');
        const group = param('resourceGroup');
        authorize(principal, action, {
          subscriptionId: text,
          ...(group !== '' && { resourceGroup: group }),
        });
        requireApiVersion(request, versions ?? REGISTRATION_VERSIONS);
        const subscriptionId = parseSubscriptionId(text);
        if (subscriptionId === undefined) {
          throw fail('SubscriptionNotFound', { subscriptionId: text });
        }
        const changing = { clock: api.clock, actor: actorOf(principal) };
        const place = { subscriptionId, resourceGroup: group, name: param('registration') };
        return orConflict(() =>
          handle({ request, reply, principal, changing, subscriptionId, place, param }),
        );
      },
    });
  }
}

/** Resources on a page. */
export const PAGE = 1000;

/** After which resource the page begins that is asked for: a GUID; undefined for the first. */
export async function readPosition(
  { database }: RegistrationApi,
  call: ArmCall,
): Promise<SubscriptionId | undefined> {
  const token = queryParameters(call.request).get('$skiptoken');
  if (token === undefined) return undefined;
  return readSkipToken(await readTokenKey(database.pool), listOf(call), token);
}

/**
 * A page as clients read it.
 *
 * @param items up to one more than are on a page
 * @param idOf a GUID by which the list goes on
 * @param toWire what is shown of an item, several where they belong together
 */
export async function pageAnswer<T>(
  { database }: RegistrationApi,
  call: ArmCall,
  items: readonly T[],
  {
    idOf,
    toWire,
  }: {
    readonly idOf: (item: T) => string;
    readonly toWire: (item: T) => object | readonly object[];
  },
): Promise<object> {
  const value = items.slice(0, PAGE).flatMap(toWire);
  const last = items.length > PAGE ? items[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(idOf(last));
  if (id === undefined) return { value };
  const token = makeSkipToken(await readTokenKey(database.pool), listOf(call), id);
  return { value, nextLink: nextLinkOf(call.request, token) };
}

/** All that decides what is listed. */
function listOf({ request, principal }: ArmCall): string {
  return JSON.stringify([keyOfPrincipal(principal), pathOf(request).toLowerCase()]);
}

const SKIP_TOKEN: OperationParameter = {
  name: '$skiptoken',
  in: 'query',
  description: 'From the nextLink of the page before.',
  schema: { type: 'string' },
};
export const PAGE_PARAMETERS: readonly OperationParameter[] = [SKIP_TOKEN];

export const PRECONDITIONS: readonly OperationParameter[] = [
  {
    name: 'If-Match',
    in: 'header',
    description: 'Only when the entity tag is still this one; 412 otherwise.',
    schema: { type: 'string' },
  },
];

/** What all operations of the namespace have in common. */
export function armOperation(
  operation: Pick<Operation, 'id' | 'summary' | 'answers'> & Partial<Operation>,
  versions: ApiVersions = REGISTRATION_VERSIONS,
): Operation {
  return {
    tag: 'registration',
    access: 'token',
    ...operation,
    parameters: [apiVersionParameter(versions), ...(operation.parameters ?? [])],
    errors: [
      'MissingApiVersionParameter',
      'InvalidApiVersionParameter',
      'SubscriptionNotFound',
      ...(operation.errors ?? []),
    ],
  };
}

/** A truth value of a body; undefined when it was left out. */
export function readTruth(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalidProperty(name, value, 'it is true or false');
}
