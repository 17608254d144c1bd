import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { catalogue, type ErrorCode } from '../../kernel/index.ts';
import { projectFolder } from '../config/index.ts';
import {
  nameOf,
  named,
  type Contents,
  type Operation,
  type OperationAnswer,
  type Schema,
} from './operation.ts';
import { isForOperators } from './surface.ts';

/** A route as it was registered. `operation` is missing when nobody described it. */
export interface RegisteredRoute {
  readonly method: string;
  /** With parameters written `:name`. */
  readonly url: string;
  readonly operation: Operation | undefined;
}

/** Where the document is served. */
export const OPENAPI_PATH = '/api/v1/openapi.json';

/** The body of every error (usage interface contract: errors). */
export const errorSchema = named('Error', {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', description: 'From the list of errors; stable.' },
        message: { type: 'string', description: 'For people: what is wrong and what to do.' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['code', 'message'],
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
});

const DESCRIPTION =
  'Paths, names of query parameters and ids match without regard to case; answers keep the case that is stored. ' +
  'An empty query parameter counts as absent, and none may be given twice, lists aside. ' +
  'Where Accept names application/problem+json, and always for events and queries of meters, errors are of that type ' +
  'and hold the Error besides. HTTPS only.';

const SECURITY_SCHEMES = {
  token: {
    type: 'oauth2',
    description:
      'An access token for the audience that /metadata/endpoints names. The roles of the client decide.',
    flows: {
      clientCredentials: { tokenUrl: '/adfs/oauth2/token', scopes: {} },
    },
  },
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'For clients that know API keys only: `Bearer <client id>.<client secret>`.',
  },
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'Client id and secret, for clients that know no tokens.',
  },
};

const SECURITY = {
  public: [],
  token: [{ token: [] }],
  'token or key': [{ token: [] }, { key: [] }, { basic: [] }],
};

const ALWAYS: readonly ErrorCode[] = [
  'InvalidProperty',
  'InternalServerError',
  'ServiceUnavailable',
];
const WITH_TOKEN: readonly ErrorCode[] = [
  'AuthenticationFailed',
  'InvalidAuthenticationToken',
  'AuthorizationFailed',
];
const WITH_BUDGET: readonly ErrorCode[] = ['TooManyRequests'];
const RETRIED = new Set([429, 503]);
const WITH_BODY: readonly ErrorCode[] = [
  'InvalidRequestContent',
  'PayloadTooLarge',
  'UnsupportedMediaType',
];

/**
 * Collects every route that is registered from now on and is there on this surface, and serves the description of
 * them all. To be called before any route is added.
 */
export function openapiRoutes(app: FastifyInstance): void {
  const routes: RegisteredRoute[] = [];
  app.decorate('registeredRoutes', routes);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (app.surface.kind === 'tenant' && isForOperators(url, config?.operation)) return;
    for (const each of [method].flat()) {
      // Made by the framework for each GET.
      if (each !== 'HEAD') routes.push({ method: each, url, operation: config?.operation });
    }
  });
  let text: string | undefined;
  app.get(OPENAPI_PATH, { config: { operation: OPERATION } }, (_request, reply) => {
    text ??= JSON.stringify(openapiDocument(routes));
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

const OPERATION: Operation = {
  id: 'getOpenapi',
  tag: 'server',
  summary: 'This description of the interfaces',
  access: 'public',
  answers: {
    200: { description: 'An OpenAPI 3.1 document.', contents: { 'application/json': {} } },
  },
};

/** The description of the routes as an OpenAPI 3.1 document, in an order that does not depend on theirs. */
export function openapiDocument(routes: readonly RegisteredRoute[]): object {
  const sorted = routes.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const schemas = new Map<string, unknown>();
  const ids = new Map<string, number>();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, url, operation } of sorted) {
    const described = operation === undefined ? { responses: {} } : describe(url, operation, ids);
    const path = (paths[url.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    path[method.toLowerCase()] = hoist(described, schemas);
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Stackmeter', version: productVersion(), description: DESCRIPTION },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(
        [...schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function keyOf({ url, method }: RegisteredRoute): string {
  return `${url.toLowerCase()} ${method}`;
}

function productVersion(): string {
  const content: unknown = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  const holds = typeof content === 'object' && content !== null && 'version' in content;
  return holds ? String(content.version) : '';
}

function describe(url: string, operation: Operation, ids: Map<string, number>): object {
  const { id, tag, summary, description, access, parameters = [], body } = operation;
  const used = (ids.get(id) ?? 0) + 1;
  ids.set(id, used);
  const all = [...pathParameters(url), ...parameters];
  return {
    operationId: used === 1 ? id : `${id}${used}`,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(all.length > 0 && { parameters: all }),
    ...(body && { requestBody: { required: body.required, content: toContent(body.contents) } }),
    responses: responses(operation),
    security: SECURITY[access],
  };
}

function pathParameters(url: string): object[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: name.endsWith('Id') ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }));
}

function responses(operation: Operation): object {
  const { access, budget, answers, body, errors = [] } = operation;
  const given = Object.entries(answers).map(
    ([status, answer]) => [status, toResponse(answer)] as const,
  );
  const codes = new Set<ErrorCode>([
    ...errors,
    ...ALWAYS,
    ...(access === 'public' ? [] : WITH_TOKEN),
    ...(access === 'public' || budget === 'none' ? [] : WITH_BUDGET),
    ...(body === undefined ? [] : WITH_BODY),
  ]);
  const byStatus = Map.groupBy(codes, (code) => catalogue[code].status);
  const failures = [...byStatus].map(([status, own]) => [String(status), toFailure(own)] as const);
  return Object.fromEntries(
    [...failures, ...given].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function toFailure(codes: readonly ErrorCode[]): object {
  const lines = codes.toSorted().map((code) => `- \`${code}\`: ${catalogue[code].template}`);
  const status = catalogue[codes[0]!].status;
  return {
    description: lines.join('\n'),
    ...(status === 401 && { headers: toHeaders({ 'WWW-Authenticate': 'Where to get a token.' }) }),
    ...(RETRIED.has(status) && { headers: toHeaders({ 'Retry-After': 'Seconds to wait.' }) }),
    content: toContent({ 'application/json': errorSchema }),
  };
}

function toResponse({ description, contents, headers }: OperationAnswer): object {
  return {
    description,
    ...(headers && { headers: toHeaders(headers) }),
    ...(contents && { content: toContent(contents) }),
  };
}

function toHeaders(headers: Readonly<Record<string, string>>): Record<string, object> {
  const entries = Object.entries(headers).map(
    ([name, description]) => [name, { description, schema: { type: 'string' } }] as const,
  );
  return Object.fromEntries(entries);
}

function toContent(contents: Contents): Record<string, object> {
  const entries = Object.entries(contents).map(([type, schema]) => [type, { schema }] as const);
  return Object.fromEntries(entries);
}

/** Puts named schemas into `schemas` and references to them in their place. */
function hoist(value: unknown, schemas: Map<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const copy = (): Schema =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hoist(item, schemas)]));
  const name = nameOf(value);
  if (name === undefined) return copy();
  if (!schemas.has(name)) schemas.set(name, copy());
  return { $ref: `#/components/schemas/${name}` };
}
