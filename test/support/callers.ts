import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Authenticate, Grants, Principal, Role } from '../../src/identity/index.ts';
import {
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';

/** One client, with other grants at each call if need be: a list that it began goes on. */
export function clientWith(grants: Grants): Principal {
  return {
    kind: 'client',
    principalId: parsePrincipalId('cccccccc-0000-4000-8000-000000000001')!,
    tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
    name: 'test',
    grants,
  };
}

/** A role everywhere, or on a subscription. */
export function grantsOf(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

/** Somebody else each time, with a role everywhere, on a subscription, or with none. */
export function somebody(role?: Role, subscriptionId?: SubscriptionId): Principal {
  const client = clientWith(role === undefined ? [] : grantsOf(role, subscriptionId));
  return { ...client, principalId: parsePrincipalId(randomUUID())! };
}

/** What came back of a call. */
export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of an error. */
  readonly code: unknown;
  readonly text: string;
}

/** Calls of routes in whoever's name a test says. */
export interface Callers {
  /** What the routes are given to know callers by. */
  readonly authenticate: Authenticate;
  /** @param as the operator unless given */
  readonly ask: (
    app: FastifyInstance,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    call?: { readonly body?: object; readonly as?: Principal },
  ) => Promise<Asked>;
}

export function testCallers(): Callers {
  const known = new Map<string, Principal>();
  const operator = somebody('Operator');
  return {
    authenticate: ({ headers }) => Promise.resolve(known.get(String(headers['x-as']))!),
    ask: async (app, method, url, { body, as = operator } = {}) => {
      known.set(as.principalId, as);
      const headers = { 'x-as': as.principalId };
      const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) });
      const value: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
      const read = isJsonObject(value) ? value : {};
      const { error } = read;
      const code = isJsonObject(error) ? error['code'] : undefined;
      return { status: answer.statusCode, body: read, code, text: answer.body };
    },
  };
}
