import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import type { Operation } from './operation.ts';
import { decodedPathOf, pathOf } from './origin.ts';

/** Whom a listener is for: everybody, tenants only, or operators, who may do all that tenants may. */
export type ListenerSurface = 'all' | 'tenant' | 'operator';

/** What is not there on a listener. */
export interface Surface {
  readonly kind: ListenerSurface;
  /** Whether the route, as it was registered, is kept from callers of this listener. */
  hides(method: string, path: string): boolean;
  /** Why the request is refused on this listener, whoever makes it; undefined when it is not. */
  refusal(request: FastifyRequest): StackmeterError | undefined;
}

/** The last one: a resource group may be called providers. */
const NAMESPACE = /^.*\/providers\/([^/]+)/i;
const OPERATOR_NAMESPACE = /\.admin$/i;

/** Whether a route, as it was registered, is for operators only: it says so, or its namespace does. */
export function isForOperators(url: string, operation: Operation | undefined): boolean {
  return operation?.surface === 'operator' || OPERATOR_NAMESPACE.test(namespaceOf(url) ?? '');
}

/**
 * Keeps what belongs to operators off a listener for tenants: routes whose operation says so, and every path into a
 * namespace of operators, whether or not anything is there. To be called before any route is added.
 */
export function surfaceOf(app: FastifyInstance, kind: ListenerSurface): Surface {
  const hidden: { readonly method: string; readonly path: RegExp }[] = [];
  if (kind === 'tenant') {
    app.addHook('onRoute', ({ method, url, config }) => {
      if (!isForOperators(url, config?.operation)) return;
      for (const each of [method].flat()) hidden.push({ method: each, path: patternOf(url) });
    });
  }
  const hides: Surface['hides'] = (method, path) =>
    hidden.some((route) => route.method === method && route.path.test(path));
  return {
    kind,
    hides,
    refusal(request) {
      if (kind !== 'tenant') return undefined;
      const path = decodedPathOf(request);
      const namespace = namespaceOf(path);
      if (namespace !== undefined && OPERATOR_NAMESPACE.test(namespace)) {
        return fail('InvalidResourceNamespace', { namespace });
      }
      if (request.routeOptions.config.operation?.surface !== 'operator') return undefined;
      if (namespace === undefined) return fail('NotFound', { path: pathOf(request) });
      // The namespace is there for tenants, and one of its types is not.
      const [type = ''] = path
        .slice(path.lastIndexOf(`/${namespace}/`) + 1)
        .split('/')
        .slice(1);
      return fail('InvalidResourceType', { namespace, type });
    },
  };
}

/** The resource provider that a decoded path goes to, as the caller spelled it. */
export function namespaceOf(path: string): string | undefined {
  return NAMESPACE.exec(path)?.[1];
}

function patternOf(url: string): RegExp {
  const escaped = url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i');
}
