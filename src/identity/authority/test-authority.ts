import { after, before } from 'node:test';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { parseDirectoryTenantId, type DirectoryTenantId } from '../../kernel/index.ts';
import {
  buildApp,
  fixedClock,
  silentLog,
  type FixedClock,
  type Log,
} from '../../platform/index.ts';
import { addClient, type NewClient } from '../client-store.ts';
import { createAuthority, type Authority } from './authority.ts';
import { addUser, type NewUser } from './user-store.ts';

function tenant(text: string): DirectoryTenantId {
  const id = parseDirectoryTenantId(text);
  if (id === undefined) throw new TypeError(`${text} is no GUID.`);
  return id;
}

export const HOME_TENANT = tenant('dddddddd-0000-4000-8000-000000000001');
export const OTHER_TENANT = tenant('dddddddd-0000-4000-8000-000000000002');
export const ORIGIN = 'https://localhost:9443';
export const PASSWORD = 'correct horse battery staple';
export const FORM = 'application/x-www-form-urlencoded';

/** An authority with two tenants on a database of its own. */
export interface TestAuthority {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly app: FastifyInstance;
  readonly authority: Authority;
  readonly changing: { readonly clock: FixedClock; readonly actor: typeof SYSTEM };
  addClient(client?: Partial<NewClient>): ReturnType<typeof addClient>;
  addUser(user?: Partial<NewUser>): ReturnType<typeof addUser>;
  ask(options: InjectOptions): Promise<LightMyRequestResponse>;
  post(
    url: string,
    form: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

/** Gives the `describe` in which it is called an authority of its own. */
export function withTestAuthority(options: { readonly log?: Log } = {}): TestAuthority {
  const test = withTestDatabase();
  // The library asks the machine for the time, so that the clock begins there.
  const clock = fixedClock(
    Temporal.Instant.fromEpochMilliseconds(Math.floor(performance.timeOrigin)),
  );
  const { log = silentLog } = options;
  const app = buildApp({ log, clock });
  const changing = { clock, actor: SYSTEM };
  let authority: Authority | undefined;

  before(async () => {
    await test.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home'), ($2, 'other')`,
      [HOME_TENANT, OTHER_TENANT],
    );
    authority = await createAuthority({ database: test.database, clock, log });
    authority.addRoutes(app);
    await app.ready();
  });
  after(async () => {
    await app.close();
  });

  const ask: TestAuthority['ask'] = (request) =>
    app.inject({ ...request, headers: { host: 'localhost:9443', ...request.headers } });
  return {
    test,
    clock,
    app,
    changing,
    get authority() {
      if (authority === undefined) throw new Error('It is there from the first test on.');
      return authority;
    },
    addClient: (client) =>
      addClient(
        test.database.pool,
        { name: 'caller', role: 'Reader', scope: '/', ...client },
        { ...changing, homeTenantId: HOME_TENANT },
      ),
    addUser: (user) =>
      addUser(
        test.database.pool,
        {
          name: 'Ann Example',
          userName: 'ann@example.org',
          tenantId: HOME_TENANT,
          password: PASSWORD,
          ...user,
        },
        changing,
      ),
    ask,
    post: (url, form, headers) =>
      ask({
        method: 'POST',
        url,
        payload: new URLSearchParams(form).toString(),
        headers: { 'content-type': FORM, ...headers },
      }),
  };
}
