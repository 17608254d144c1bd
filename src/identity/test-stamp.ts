import { after, before } from 'node:test';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { withTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import { parseDirectoryTenantId, type DirectoryTenantId } from '../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../platform/index.ts';
import { createIdentity, type Identity } from './identity.ts';
import { addClient, type NewClient } from './client-store.ts';

function tenant(text: string): DirectoryTenantId {
  const id = parseDirectoryTenantId(text);
  if (id === undefined) throw new TypeError(`${text} is no GUID.`);
  return id;
}

export const HOME_TENANT = tenant('dddddddd-0000-4000-8000-000000000001');
export const OTHER_TENANT = tenant('dddddddd-0000-4000-8000-000000000002');
export const ORIGIN = 'https://localhost:9443';
export const START = Temporal.Instant.from('2026-03-01T00:00:00Z');

/** A stamp with two tenants, its authority, and an app with one route of each kind. */
export interface TestStamp {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly app: FastifyInstance;
  readonly identity: Identity;
  add(client: NewClient): ReturnType<typeof addClient>;
  ask(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Posts a form to a token endpoint. */
  askToken(
    path: string,
    form: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

/** Gives the `describe` in which it is called a stamp of its own. */
export function withTestStamp(): TestStamp {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const app = buildApp({ log: silentLog, clock });
  let identity: Identity | undefined;

  before(async () => {
    await test.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home'), ($2, 'other')`,
      [HOME_TENANT, OTHER_TENANT],
    );
    const { database } = test;
    const started = await createIdentity({
      database,
      clock,
      log: silentLog,
      homeTenantId: HOME_TENANT,
      isSubscription: async () => true,
    });
    identity = started;
    started.addRoutes(app);
    app.get('/protected', (request) => started.authenticate(request));
    app.post('/intake', (request) => started.authenticate(request, { clientKeys: true }));
    await app.ready();
  });
  after(async () => {
    await app.close();
  });

  const ask: TestStamp['ask'] = (options) =>
    app.inject({ ...options, headers: { host: 'localhost:9443', ...options.headers } });
  return {
    test,
    clock,
    app,
    get identity() {
      if (identity === undefined) throw new Error('The stamp is there from the first test on.');
      return identity;
    },
    add: (client) =>
      addClient(test.database.pool, client, { clock, homeTenantId: HOME_TENANT, actor: SYSTEM }),
    ask,
    askToken: (path, form, headers) =>
      ask({
        method: 'POST',
        url: path,
        payload: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
  };
}
