import { after, before } from 'node:test';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing, Grants, Principal } from '../../identity/index.ts';
import {
  hourNumber,
  parseDirectoryTenantId,
  parseMeterId,
  parsePrincipalId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type HourNumber,
  type SubscriptionId,
} from '../../kernel/index.ts';
import {
  buildApp,
  createMetrics,
  fixedClock,
  silentLog,
  type Database,
  type FixedClock,
  type Metrics,
} from '../../platform/index.ts';
import {
  digestOfBatch,
  ManifestSums,
  newStampKey,
  readRegistrationToken,
  windowName,
  writeBatch,
  writeManifest,
  writeRegistrationToken,
  type Batch,
  type CheckedRegistrationToken,
  type Manifest,
  type RegistrationToken,
  type ReportedRow,
  type SigningKey,
} from '../../reporting/index.ts';
import {
  addCommerceSubscription,
  putRegistration,
  type NewCommerceSubscription,
  type Registration,
} from '../registration/index.ts';
import { ensureCommerceMeters } from './meter-store.ts';
import { registerReportedUsageMetrics } from './metrics.ts';
import { reportedUsageRoutes } from './routes.ts';

function tenant(number: number): DirectoryTenantId {
  return parseDirectoryTenantId(`dddddddd-0000-4000-8000-${String(number).padStart(12, '0')}`)!;
}

export const HOME = tenant(1);
export const CUSTOMER_TENANT = tenant(2);
/** When the tests begin; the window that closed last is {@link FIRST}. */
export const START = Temporal.Instant.from('2026-11-23T11:05:00Z');
export const FIRST: HourNumber = hourNumber(498_730);
export const BASE = parseSubscriptionId('cccccccc-0000-4000-8000-000000000001')!;
export const STAMP_SUBSCRIPTION = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
/** Virtual core hours: paid. */
export const VM_METER = parseMeterId('FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5')!;
/** Addresses: not paid. */
export const IP_METER = parseMeterId('F271A8A388C44D93956A063E1D2FA80B')!;

/** A registered stamp, as which the tests call. */
export interface TestStamp {
  readonly registration: Registration;
  readonly key: SigningKey;
  readonly path: string;
  readonly principal: Principal;
}

export interface TestCommerce {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  readonly metrics: Metrics;
  /** Calls the routes as somebody. */
  call(principal: Principal, request: TestRequest): Promise<LightMyRequestResponse>;
  addSubscription(changes?: Partial<NewCommerceSubscription>): Promise<SubscriptionId>;
  /** Registers a stamp, or the same stamp again. */
  register(
    stated?: Partial<RegistrationToken>,
    again?: TestStamp,
    under?: SubscriptionId,
  ): Promise<TestStamp>;
  putBatch(stamp: TestStamp, batch: Batch): Promise<LightMyRequestResponse>;
  putManifest(stamp: TestStamp, manifest: Manifest): Promise<LightMyRequestResponse>;
  /** Sends a whole window, batch by batch. */
  send(stamp: TestStamp, batches: readonly Batch[]): Promise<LightMyRequestResponse>;
}

export interface TestRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody with these roles; nobody in particular unless an id is given. */
export function somebody(grants: Grants = [], principalId: string = randomUUID()): Principal {
  return {
    kind: 'client',
    principalId: parsePrincipalId(principalId)!,
    tenantId: HOME,
    name: 'test',
    grants,
  };
}

/** A row, of the first resource and about one virtual core for an hour unless said otherwise. */
export function rowOf(changes: Partial<ReportedRow> = {}): ReportedRow {
  return { resource: 0, meterId: VM_METER, usageHour: FIRST, quantity: '1', ...changes };
}

/** A batch of the first window unless said otherwise; its resources are as many as its rows need. */
export function batchOf(rows: readonly ReportedRow[], changes: Partial<Batch> = {}): Batch {
  const count = Math.max(0, ...rows.map(({ resource }) => resource)) + 1;
  const resources = Array.from({ length: count }, (_, at) => ({
    subscriptionId: STAMP_SUBSCRIPTION,
    tenantId: CUSTOMER_TENANT,
    resourceUri: `/subscriptions/${STAMP_SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm${at}`,
    location: 'local',
    tags: '',
    additionalInfo: '{"ServiceType":"Standard_D2"}',
  }));
  return { window: FIRST, sequence: 1, resources, rows, ...changes };
}

/** Batches of one window, one row each. */
export function batchesOf(window: HourNumber, count: number): Batch[] {
  return Array.from({ length: count }, (_, at) =>
    batchOf([rowOf({ usageHour: window - at })], { window, sequence: at + 1 }),
  );
}

export function manifestOf(batches: readonly Batch[], window: HourNumber = FIRST): Manifest {
  const sums = new ManifestSums();
  for (const batch of batches) sums.add(batch.rows, digestOfBatch(writeBatch(batch)));
  return sums.manifestOf(batches.at(0)?.window ?? window);
}

/** The text of an error's code in an answer. */
export function codeOf(answer: LightMyRequestResponse): string {
  const body: { error?: { code?: string } } = answer.json();
  return body.error?.code ?? '';
}

type Call = TestCommerce['call'];

/** An app with the routes of this room, where the header x-caller says who calls. */
async function openApp(
  database: Database,
  clock: FixedClock,
  metrics: Metrics,
): Promise<{ app: FastifyInstance; call: Call }> {
  const principals = new Map<string, Principal>();
  const app = buildApp({ log: silentLog, clock, metrics });
  const authenticate = async ({ headers }: { headers: object }): Promise<Principal> =>
    principals.get(Object.entries(headers).find(([name]) => name === 'x-caller')?.[1])!;
  reportedUsageRoutes(app, { database, clock, metrics, authenticate });
  registerReportedUsageMetrics(metrics, { database, clock });
  await app.ready();
  const call: Call = async (principal, { method, url, body, headers }) => {
    principals.set(principal.principalId, principal);
    return app.inject({
      method,
      url,
      headers: {
        host: 'localhost:9443',
        'x-caller': principal.principalId,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: body }),
    });
  };
  return { app, call };
}

function newSubscription(changes: Partial<NewCommerceSubscription>): NewCommerceSubscription {
  return {
    subscriptionId: parseSubscriptionId(randomUUID())!,
    displayName: 'test',
    kind: 'CSP',
    partnerId: 'partner',
    tenantId: undefined,
    multitenancyApproved: true,
    ...changes,
  };
}

function stampOf(registration: Registration, key: SigningKey): TestStamp {
  return {
    registration,
    key,
    path: `/api/v1/reported-usage/${registration.registrationId}`,
    principal: somebody([], registration.principalId),
  };
}

/** Gives the `describe` in which it is called a commerce of its own, with one subscription. */
export function withTestCommerce(): TestCommerce {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const changing: Changing = { clock, actor: SYSTEM };
  const metrics = createMetrics();
  let opened: Awaited<ReturnType<typeof openApp>> | undefined;
  let stamps = 0;

  const call: Call = (principal, request) => opened!.call(principal, request);
  const addSubscription: TestCommerce['addSubscription'] = async (changes = {}) => {
    const wanted = newSubscription(changes);
    await test.database.transaction((tx) => addCommerceSubscription(tx, wanted, changing));
    return wanted.subscriptionId;
  };
  before(async () => {
    const { database } = test;
    clock.set(START);
    opened = await openApp(database, clock, metrics);
    const home = `insert into directory_tenant (tenant_id, name) values ($1, 'home')`;
    await database.pool.query(home, [HOME]);
    await database.transaction((tx) => ensureCommerceMeters(tx, clock));
    await addSubscription({ subscriptionId: BASE });
  });
  after(async () => {
    await opened?.app.close();
  });

  const put = (stamp: TestStamp, rest: string, body: string) =>
    call(stamp.principal, { method: 'PUT', url: `${stamp.path}/windows/${rest}`, body });
  const putBatch: TestCommerce['putBatch'] = (stamp, batch) =>
    put(stamp, `${windowName(batch.window)}/batches/${batch.sequence}`, writeBatch(batch));
  const putManifest: TestCommerce['putManifest'] = (stamp, manifest) =>
    put(stamp, windowName(manifest.window), writeManifest(manifest));

  const register: TestCommerce['register'] = async (stated = {}, again, under = BASE) => {
    stamps += 1;
    const key = again?.key ?? newStampKey();
    const cloudId = again?.registration.cloudId ?? randomUUID();
    const { token } = await tokenOf(clock, key, { cloudId, ...stated });
    const made = { subscriptionId: under, resourceGroup: 'azurestack', name: `stamp-${stamps}` };
    const { subscriptionId, resourceGroup, name } = again?.registration ?? made;
    const place = { subscriptionId, resourceGroup, name };
    const { registration } = await test.database.transaction((tx) =>
      putRegistration(tx, place, token, { homeTenantId: HOME }, changing),
    );
    return stampOf(registration, key);
  };
  const send: TestCommerce['send'] = async (stamp, batches) => {
    for (const batch of batches) await putBatch(stamp, batch);
    return putManifest(stamp, manifestOf(batches));
  };
  return {
    test,
    clock,
    changing,
    metrics,
    call,
    addSubscription,
    putBatch,
    putManifest,
    register,
    send,
  };
}

/** A registration token, as text and as it is read. */
export async function tokenOf(
  clock: FixedClock,
  key: SigningKey,
  stated: Partial<RegistrationToken> = {},
): Promise<{ text: string; token: CheckedRegistrationToken }> {
  const text = await writeRegistrationToken(
    {
      cloudId: randomUUID(),
      billingModel: 'PayAsYouUse',
      usageReporting: true,
      marketplaceSyndication: false,
      agreementNumber: undefined,
      assetTag: undefined,
      fromWindow: FIRST,
      ...stated,
    },
    key,
    clock.now(),
  );
  return { text, token: await readRegistrationToken(text, clock.now()) };
}
