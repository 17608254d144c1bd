import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { clientWith } from '../../../test/support/callers.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Authenticate, Changing, Grants, Role } from '../../identity/index.ts';
import {
  hourOf,
  isJsonObject,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../platform/index.ts';
import {
  newStampKey,
  readRegistrationToken,
  writeRegistrationToken,
  type CheckedRegistrationToken,
  type RegistrationToken,
  type SigningKey,
} from '../../reporting/index.ts';
import type { RegistrationApi } from './http.ts';
import { registrationRoutes } from './routes.ts';
import {
  putRegistration,
  type Registered,
  type RegisteringOptions,
} from './registrations/register.ts';
import type { RegistrationPlace } from './registrations/registration.ts';
import { addCommerceSubscription, type NewCommerceSubscription } from './subscriptions/change.ts';
import type { SubscriptionResolver } from './subscriptions/resolver.ts';

export const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
export const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
const CA = 'a certificate';

export function newTenant(): DirectoryTenantId {
  return parseDirectoryTenantId(randomUUID())!;
}

export function newId(): SubscriptionId {
  return parseSubscriptionId(randomUUID())!;
}

/** What an answer had. */
export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly code: unknown;
  readonly text: string;
  readonly etag: string | undefined;
}

export interface AskOptions {
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly grants?: Grants;
}

/** Who registers: nobody sees or writes elsewhere unless a test says so. */
export interface RegisterOptions extends Omit<RegisteringOptions, 'homeTenantId'> {
  readonly key?: SigningKey;
}

/** Commerce in a database of its own, with an app that believes who a test says that it is. */
export interface TestCommerce {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  readonly app: FastifyInstance;
  readonly api: RegistrationApi;
  /** Set by tests that need one. */
  resolver: SubscriptionResolver | undefined;
  readonly addSubscription: (changes?: Partial<NewCommerceSubscription>) => Promise<SubscriptionId>;
  readonly token: (changes?: Partial<RegistrationToken>, key?: SigningKey) => Promise<string>;
  readonly checked: (
    changes?: Partial<RegistrationToken>,
    key?: SigningKey,
  ) => Promise<CheckedRegistrationToken>;
  readonly register: (
    place: RegistrationPlace,
    changes?: Partial<RegistrationToken>,
    options?: RegisterOptions,
  ) => Promise<Registered>;
  /** With api-version=2017-06-01 unless the path has a query; as an operator unless told otherwise. */
  readonly ask: (method: string, path: string, options?: AskOptions) => Promise<Asked>;
}

export function grantOf(
  role: Role,
  subscriptionId?: SubscriptionId,
  resourceGroup?: string,
): Grants {
  return [{ role, subscriptionId, resourceGroup, providers: undefined }];
}

/** Gives the `describe` in which it is called a commerce of its own. */
export function withTestCommerce(): TestCommerce {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const changing = { clock, actor: SYSTEM };
  const app = buildApp({ log: silentLog, clock });
  const caller = callerOf(app);
  const commerce: TestCommerce = {
    test,
    clock,
    changing,
    app,
    get api(): RegistrationApi {
      return {
        database: test.database,
        clock,
        authenticate: caller.authenticate,
        homeTenantId: HOME,
        ca: CA,
        resolveSubscription: (id) =>
          commerce.resolver === undefined ? Promise.resolve(undefined) : commerce.resolver(id),
      };
    },
    resolver: undefined,
    addSubscription: async (changes = {}) => {
      const made = {
        subscriptionId: newId(),
        displayName: 'test',
        kind: 'CSP' as const,
        partnerId: 'partner',
        tenantId: newTenant(),
        multitenancyApproved: true,
        ...changes,
      };
      await test.database.transaction((tx) => addCommerceSubscription(tx, made, changing));
      return made.subscriptionId;
    },
    token: (changes, key = newStampKey()) =>
      writeRegistrationToken(
        {
          cloudId: randomUUID(),
          billingModel: 'PayAsYouUse',
          usageReporting: true,
          marketplaceSyndication: true,
          agreementNumber: undefined,
          assetTag: undefined,
          fromWindow: hourOf(clock.now()),
          ...changes,
        },
        key,
        clock.now(),
      ),
    checked: async (changes, key) =>
      readRegistrationToken(await commerce.token(changes, key), clock.now()),
    register: async (place, changes, { key, ...options } = {}) => {
      const token = await commerce.checked(changes, key);
      return test.database.transaction((tx) =>
        putRegistration(tx, place, token, { homeTenantId: HOME, ...options }, changing),
      );
    },
    ask: caller.ask,
  };
  before(async () => {
    await test.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home')`,
      [HOME],
    );
    registrationRoutes(app, commerce.api);
    await app.ready();
  });
  after(() => app.close());
  return commerce;
}

/** Asks the app as somebody with the grants that each request names. */
function callerOf(app: FastifyInstance): {
  readonly authenticate: Authenticate;
  readonly ask: TestCommerce['ask'];
} {
  const asGrants = new Map<string, Grants>();
  return {
    authenticate: ({ headers }) =>
      Promise.resolve(clientWith(asGrants.get(String(headers['x-as'])) ?? [])),
    ask: async (method, path, { body, headers = {}, grants = grantOf('Operator') } = {}) => {
      const as = randomUUID();
      asGrants.set(as, grants);
      const answer: LightMyRequestResponse = await app.inject({
        method: readMethod(method),
        url: path.includes('?') ? path : `${path}?api-version=2017-06-01`,
        headers: { host: 'localhost', 'x-as': as, ...headers },
        ...(body && { payload: body }),
      });
      return toAsked(answer);
    },
  };
}

function readMethod(method: string): 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE' {
  const known = (['GET', 'PUT', 'PATCH', 'POST', 'DELETE'] as const).find((one) => one === method);
  if (known === undefined) throw new TypeError(`${method} is not used`);
  return known;
}

function toAsked(answer: LightMyRequestResponse): Asked {
  const text = answer.body;
  const value: unknown = text === '' ? {} : JSON.parse(text);
  const body = isJsonObject(value) ? value : {};
  const { error, properties } = body;
  const { etag } = answer.headers;
  return {
    status: answer.statusCode,
    body,
    properties: isJsonObject(properties) ? properties : {},
    code: isJsonObject(error) ? error['code'] : undefined,
    text,
    etag: typeof etag === 'string' ? etag : undefined,
  };
}

/** The resources of a list. */
export function itemsOf({ body }: Asked): Readonly<Record<string, unknown>>[] {
  const { value } = body;
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}
