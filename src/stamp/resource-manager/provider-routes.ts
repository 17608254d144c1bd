import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import { decodedPathOf, requireApiVersion } from '../../platform/index.ts';
import { authorize } from '../../identity/index.ts';
import {
  admit,
  requireSubscription,
  type OfSubscription,
  type ResourceManagerApi,
} from './admission.ts';
import { COMMERCE_VERSIONS, resourceOperations } from './operations.ts';
import {
  findProvider,
  resourceProvidersOf,
  toWireProvider,
  wireOperationsOf,
  type ResourceProvider,
} from './resource-provider.ts';

/** Which resource providers there are, what they hold, and what is said of those that there are not. */
export function providerRoutes(app: FastifyInstance, api: ResourceManagerApi): void {
  let known: readonly ResourceProvider[] | undefined;
  // Read when first needed: rooms add their routes before and after.
  const providers = (): readonly ResourceProvider[] =>
    (known ??= resourceProvidersOf(app.registeredRoutes));
  app.get(
    '/providers',
    { config: { operation: resourceOperations.providers } },
    async (request) => {
      await admit(api, request);
      return { value: providers().map((each) => toWireProvider(each, api.region)) };
    },
  );
  app.get<{ Params: { namespace: string } }>(
    '/providers/:namespace',
    { config: { operation: resourceOperations.provider } },
    async (request) => {
      await admit(api, request);
      return toWireProvider(requireProvider(providers(), request.params.namespace), api.region);
    },
  );
  app.get<{ Params: { namespace: string } }>(
    '/providers/:namespace/operations',
    { config: { operation: resourceOperations.operations } },
    async (request) => {
      await admit(api, request);
      const { namespace } = request.params;
      const value = wireOperationsOf(namespace);
      if (value === undefined) throw fail('InvalidResourceNamespace', { namespace });
      return { value };
    },
  );
  ofSubscriptions(app, api, providers);
  app.unmatched.register(async (request) => {
    const place = placeOf(decodedPathOf(request));
    if (place === undefined) return undefined;
    await api.authenticate(request);
    return explain(providers(), place);
  });
}

function ofSubscriptions(
  app: FastifyInstance,
  api: ResourceManagerApi,
  providers: () => readonly ResourceProvider[],
): void {
  const find = async (request: FastifyRequest<OfSubscription>) => {
    const principal = await admit(api, request);
    const { subscriptionId } = await requireSubscription(api, principal, request);
    authorize(principal, 'Microsoft.Resources/providers/read', { subscriptionId });
    return subscriptionId;
  };
  app.get<OfSubscription>(
    '/subscriptions/:subscriptionId/providers',
    { config: { operation: resourceOperations.providersOf } },
    async (request) => {
      const id = await find(request);
      return { value: providers().map((each) => toWireProvider(each, api.region, id)) };
    },
  );
  app.get<{ Params: { subscriptionId: string; namespace: string } }>(
    '/subscriptions/:subscriptionId/providers/:namespace',
    { config: { operation: resourceOperations.providerOf } },
    async (request) => {
      const id = await find(request);
      const provider = requireProvider(providers(), request.params.namespace);
      return toWireProvider(provider, api.region, id);
    },
  );
  app.post<OfSubscription>(
    '/subscriptions/:subscriptionId/providers/Microsoft.Commerce.Admin/updateEncryption',
    { config: { operation: resourceOperations.updateEncryption } },
    async (request, reply) => {
      const principal = await api.authenticate(request);
      requireApiVersion(request, COMMERCE_VERSIONS);
      // On the stamp as a whole: whose providers manage a part of it have no business with keys.
      authorize(principal, 'Microsoft.Subscriptions.Admin/write');
      await requireSubscription(api, principal, request);
      return reply.code(200).send();
    },
  );
}

function requireProvider(
  providers: readonly ResourceProvider[],
  namespace: string,
): ResourceProvider {
  const provider = findProvider(providers, namespace);
  if (provider !== undefined) return provider;
  throw fail('InvalidResourceNamespace', { namespace });
}

const PROVIDER_PATH =
  /^(?:\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)?\/providers\/([^/]+)(?:\/(.*))?$/i;

interface Place {
  readonly namespace: string;
  /** Types at odd places, names at even ones; undefined where the path ends with the namespace. */
  readonly rest: string | undefined;
}

function placeOf(path: string): Place | undefined {
  const [, namespace, rest] = PROVIDER_PATH.exec(path) ?? [];
  return namespace === undefined ? undefined : { namespace, rest };
}

/** Which part of a path into a provider is not there; undefined when it is something else. */
function explain(
  providers: readonly ResourceProvider[],
  { namespace, rest = '' }: Place,
): StackmeterError | undefined {
  const provider = findProvider(providers, namespace);
  if (provider === undefined) return fail('InvalidResourceNamespace', { namespace });
  const segments = rest.split('/').filter((segment) => segment !== '');
  const type = segments.filter((_segment, at) => at % 2 === 0).join('/');
  const isKnown = provider.resourceTypes.some(
    ({ resourceType }) => resourceType.toLowerCase() === type.toLowerCase(),
  );
  if (isKnown || type === '') return undefined;
  return fail('InvalidResourceType', { namespace: provider.namespace, type });
}
