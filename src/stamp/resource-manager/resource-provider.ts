import type { RegisteredRoute } from '../../platform/index.ts';
import { actions, allActions } from '../../identity/index.ts';

/** A kind of resource, with the versions of the interface that reach it, newest first. */
export interface ResourceType {
  readonly resourceType: string;
  readonly apiVersions: readonly string[];
}

/** A namespace of the interface with what it holds. */
export interface ResourceProvider {
  readonly namespace: string;
  readonly resourceTypes: readonly ResourceType[];
}

const NAMESPACES = [
  'Microsoft.Authorization',
  'Microsoft.AzureBridge.Admin',
  'Microsoft.AzureStack',
  'Microsoft.Billing',
  'Microsoft.Commerce',
  'Microsoft.Commerce.Admin',
  'Microsoft.Consumption',
  'Microsoft.Resources',
  'Microsoft.Subscriptions',
  'Microsoft.Subscriptions.Admin',
];

const BELOW_PROVIDER = /\/providers\/([^/:]+)\/(.+)$/i;

/** Where the first segment of a path says whose it is, because no namespace is in it. */
const ROOTS: ReadonlyMap<string, string> = new Map([
  ['tenants', 'Microsoft.Resources'],
  ['subscriptions', 'Microsoft.Resources'],
  ['providers', 'Microsoft.Resources'],
  ['offers', 'Microsoft.Subscriptions'],
  ['delegatedproviders', 'Microsoft.Subscriptions'],
]);

/**
 * The resource providers of a server and their resource types, read off its routes: what is listed is there, and what
 * is there is listed.
 */
export function resourceProvidersOf(routes: readonly RegisteredRoute[]): ResourceProvider[] {
  const found = routes.flatMap((route) => {
    const place = placeOf(route.url);
    return place === undefined ? [] : [{ ...place, versions: versionsOf(route) }];
  });
  return NAMESPACES.flatMap((namespace) => {
    const own = found.filter((each) => each.namespace === namespace.toLowerCase());
    return own.length === 0 ? [] : [{ namespace, resourceTypes: typesOf(own) }];
  });
}

interface Place {
  readonly namespace: string;
  readonly type: string;
}

function placeOf(url: string): Place | undefined {
  const [, namespace, rest] = BELOW_PROVIDER.exec(url) ?? [];
  if (namespace !== undefined && rest !== undefined) {
    return { namespace: namespace.toLowerCase(), type: typeOf(rest) };
  }
  const type = typeOf(url);
  const root = ROOTS.get(type.split('/')[0]?.toLowerCase() ?? '');
  if (root === undefined) return undefined;
  // The subscription itself goes by the namespace in which its actions are.
  const owner = type.toLowerCase() === 'subscriptions' ? 'Microsoft.Subscriptions' : root;
  return { namespace: owner.toLowerCase(), type };
}

/** The fixed segments of a path: `offers/delegations` for `offers/:offer/delegations/:name`. */
function typeOf(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '' && !segment.startsWith(':'))
    .join('/');
}

function versionsOf({ operation }: RegisteredRoute): readonly string[] {
  const parameter = operation?.parameters?.find(({ name }) => name === 'api-version');
  const listed: unknown = parameter?.schema['enum'] ?? parameter?.schema['examples'];
  return Array.isArray(listed) ? listed.map(String) : [];
}

function typesOf(found: readonly (Place & { versions: readonly string[] })[]): ResourceType[] {
  const byType = Map.groupBy(found, ({ type }) => type.toLowerCase());
  const types = [...byType.values()].map((same) => ({
    resourceType: same[0]?.type ?? '',
    apiVersions: [...new Set(same.flatMap(({ versions }) => versions))].toSorted().toReversed(),
  }));
  return types.toSorted((one, other) =>
    one.resourceType.toLowerCase() < other.resourceType.toLowerCase() ? -1 : 1,
  );
}

/** The provider of this name in any case. */
export function findProvider(
  providers: readonly ResourceProvider[],
  namespace: string,
): ResourceProvider | undefined {
  return providers.find((known) => known.namespace.toLowerCase() === namespace.toLowerCase());
}

/** A provider as the resource manager lists it. */
export function toWireProvider(
  { namespace, resourceTypes }: ResourceProvider,
  region: string,
  subscriptionId?: string,
): object {
  const base = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`;
  return {
    id: `${base}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    resourceTypes: resourceTypes.map(({ resourceType, apiVersions }) => ({
      resourceType,
      locations: [region],
      apiVersions,
    })),
  };
}

/** What one may be allowed to do in a namespace, from the one list of actions; undefined where nothing is. */
export function wireOperationsOf(namespace: string): object[] | undefined {
  const own = allActions.filter(
    (action) => action.split('/')[0]?.toLowerCase() === namespace.toLowerCase(),
  );
  if (own.length === 0) return undefined;
  return own.map((name) => {
    const [provider = '', ...rest] = name.split('/');
    const resource = rest.slice(0, -1).join('/');
    const description: string = actions[name];
    return {
      name,
      display: { provider, resource, operation: rest.at(-1), description },
    };
  });
}
