import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM } from '../../../src/audit/index.ts';
import {
  addClient,
  addClientCertificate,
  addRoleAssignment,
  addUser,
  scopeOf,
  type Changing,
} from '../../../src/identity/index.ts';
import { parseDirectoryTenantId, parseSubscriptionId } from '../../../src/kernel/index.ts';
import { loadConfig, silentLog, systemClock, type Tx } from '../../../src/platform/index.ts';
import { startServer, type Server } from '../../../src/server/index.ts';
import { upsertDirectoryTenant } from '../../../src/stamp/directory/index.ts';
import { COMMERCE_SUBSCRIPTIONS } from '../../conformance/commerce-fixture.ts';
import { SUBSCRIPTIONS, writeFixture } from '../../conformance/fixture.ts';
import { certificateJwk } from './certificate.ts';
import { run } from './process.ts';

/** A server with usage, a client and a user, and what clients need to know of them. */
export interface ClientStamp {
  readonly folder: string;
  readonly baseUrl: string;
  readonly caFile: string;
  readonly ca: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Private key and certificate of the client in one PEM file, as the CLI wants them. */
  readonly certificateFile: string;
  readonly tenantId: string;
  readonly operatorSubscription: string;
  readonly subscriptionId: string;
  /** A subscription of commerce, under which stamps are registered. */
  readonly baseSubscription: string;
  /** What the client sees, in order. */
  readonly visibleSubscriptions: readonly string[];
  readonly userName: string;
  readonly password: string;
  readonly userTenantId: string;
  readonly userSubscription: string;
  close(): Promise<void>;
}

const CUSTOMER = parseDirectoryTenantId('5e1f7d3a-0000-4000-8000-000000000001')!;
const PASSWORD = 'correct horse battery staple';

/** Starts a whole server on a free port, with an embedded database in the folder. */
export async function startStamp(folder: string): Promise<ClientStamp> {
  const kept = 36_500;
  const config = {
    ...loadConfig({ flags: { data: join(folder, 'data'), port: 0 }, env: {} }),
    recordRetentionDays: kept,
    hourlyRetentionDays: kept,
  };
  const server = await startServer({ config, clock: systemClock, log: silentLog });
  try {
    return await describeStamp(server, folder);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function describeStamp(server: Server, folder: string): Promise<ClientStamp> {
  await writeFixture(server);
  const certificateFile = join(folder, 'client.pem');
  const jwk = await makeCertificate(folder, certificateFile);
  const changing = { clock: systemClock, actor: SYSTEM };
  const { stamp, baseUrl, caFile, database } = server;
  const big = parseSubscriptionId(SUBSCRIPTIONS.bigSubscription)!;
  const base = parseSubscriptionId(COMMERCE_SUBSCRIPTIONS.baseSubscription)!;
  const made = await database.transaction(async (tx) => {
    await addCustomer(tx, changing);
    const client = await addClient(
      tx,
      { name: 'cli', role: 'Reader', scope: scopeOf(stamp.defaultProviderSubscriptionId) },
      { ...changing, homeTenantId: stamp.homeTenantId },
    );
    for (const subscriptionId of [big, base]) {
      await addRoleAssignment(
        tx,
        {
          principalId: client.clientId,
          principalTenantId: client.tenantId,
          principalType: 'ServicePrincipal',
          role: 'Reader',
          scope: scopeOf(subscriptionId),
        },
        changing,
      );
    }
    await addClientCertificate(tx, client.clientId, { name: 'cli', ...jwk }, changing);
    return client;
  });
  return {
    folder,
    baseUrl,
    caFile,
    ca: await readFile(caFile, 'utf8'),
    ...made,
    certificateFile,
    operatorSubscription: stamp.defaultProviderSubscriptionId,
    subscriptionId: big,
    baseSubscription: base,
    visibleSubscriptions: [stamp.defaultProviderSubscriptionId, big, base].toSorted(),
    userName: 'ana@customer.example',
    password: PASSWORD,
    userTenantId: CUSTOMER,
    userSubscription: SUBSCRIPTIONS.tenantSubscription,
    close: () => server.close(),
  };
}

/** A person of another directory, who may read one subscription. */
async function addCustomer(tx: Tx, changing: Changing): Promise<void> {
  await upsertDirectoryTenant(tx, { tenantId: CUSTOMER, name: 'customer.example' });
  const user = {
    name: 'Ana',
    userName: 'ana@customer.example',
    tenantId: CUSTOMER,
    password: PASSWORD,
  };
  await addRoleAssignment(
    tx,
    {
      principalId: await addUser(tx, user, changing),
      principalTenantId: CUSTOMER,
      principalType: 'User',
      role: 'Reader',
      scope: scopeOf(parseSubscriptionId(SUBSCRIPTIONS.tenantSubscription)!),
    },
    changing,
  );
}

async function makeCertificate(
  folder: string,
  file: string,
): Promise<{ readonly publicJwk: string; readonly thumbprint: string }> {
  const [key, certificate] = [join(folder, 'client.key'), join(folder, 'client.crt')];
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cli -keyout'.split(' ');
  const done = await run('openssl', [...words, key, '-out', certificate]);
  if (done.code !== 0) throw new Error(`openssl: ${done.err}`);
  const pem = await readFile(certificate, 'utf8');
  await writeFile(file, `${await readFile(key, 'utf8')}${pem}`, { mode: 0o600 });
  return certificateJwk(pem);
}
