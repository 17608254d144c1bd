import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { Grant, Principal, Role } from '../../identity/index.ts';
import { isJsonObject, parsePrincipalId } from '../../kernel/index.ts';
import { buildApp, silentLog, systemClock } from '../../platform/index.ts';
import { usageAnalysisRoutes } from './routes.ts';
import { summarizeUsage } from './summarize.ts';
import {
  FIRST,
  setUpUsage,
  subscriptionOf,
  TENANT,
  uriOf,
  writeClosedHours,
  type FactRow,
} from './test-usage.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The two days of {@link withUsageApp}, as parameters. */
export const DAYS = 'from=2026-02-26&to=2026-02-28';

/** One role, on the whole stamp, a subscription or a resource group of it. */
export const grant = (role: Role, subscription?: number, resourceGroup?: string): Grant => ({
  role,
  subscriptionId: subscription === undefined ? undefined : subscriptionOf(subscription),
  resourceGroup,
  providers: undefined,
});

export function somebody(...grants: Grant[]): Principal {
  const principalId = parsePrincipalId(randomUUID())!;
  return { kind: 'client', principalId, tenantId: TENANT, name: 'test', grants };
}

/** Each hour of two days: three resources of two subscriptions; the last usage is reported a day late. */
function usage(): FactRow[] {
  const row = { location: 'local', meter: 0, tags: '{"Env":"prod","a:b":"x:y"}', quantity: '0.1' };
  return Array.from({ length: 24 }, (_, hour) => FIRST + hour).flatMap((usageHour) => {
    const times = { reportedHour: usageHour === FIRST + 23 ? FIRST + 47 : usageHour, usageHour };
    return [
      { ...row, ...times, subscription: 1, resourceUri: uriOf(1, 'G', 'first') },
      {
        ...row,
        ...times,
        subscription: 1,
        resourceUri: uriOf(1, 'h', 'second'),
        tags: 'null',
        meter: 1,
      },
      { ...row, ...times, subscription: 1, resourceUri: uriOf(1, 'h', 'second'), quantity: '2' },
      {
        ...row,
        ...times,
        subscription: 4,
        resourceUri: uriOf(4, 'g', 'third', 'sites'),
        location: 'West',
      },
    ];
  });
}

/** Asks on behalf of somebody; a path, or a whole address as answers have it. */
export type Ask = (
  as: Principal,
  url: string,
) => Promise<{ readonly status: number; readonly body: Body; readonly code: unknown }>;

/** Gives the `describe` in which it is called the routes over some usage. */
export function withUsageApp(): { readonly test: TestDatabase; readonly ask: Ask } {
  const test = withTestDatabase();
  const callers = new Map<string, Principal>();
  let app: FastifyInstance | undefined;
  before(async () => {
    const { database } = test;
    await setUpUsage(database);
    await writeClosedHours(database, FIRST, FIRST + 47, usage());
    await summarizeUsage({ database, clock: systemClock });
    app = buildApp({ log: silentLog, clock: systemClock });
    usageAnalysisRoutes(app, {
      database,
      clock: systemClock,
      authenticate: async ({ headers }) => callers.get(String(headers['x-caller']))!,
    });
    await app.ready();
  });
  after(() => app?.close());
  const ask: Ask = async (as, url) => {
    callers.set(as.principalId, as);
    const headers = { host: 'localhost', 'x-caller': as.principalId };
    const answer = await app!.inject({ url: url.replace('https://localhost', ''), headers });
    const body: unknown = answer.json();
    assert.ok(isJsonObject(body));
    const { error } = body;
    const code = isJsonObject(error) ? error['code'] : undefined;
    return { status: answer.statusCode, body, code };
  };
  return { test, ask };
}

/** The objects of a list in an answer. */
export function list(value: unknown): Body[] {
  assert.ok(Array.isArray(value));
  return value.filter(isJsonObject);
}
