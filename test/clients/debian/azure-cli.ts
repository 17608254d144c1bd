import assert from 'node:assert/strict';
import { join } from 'node:path';
import { signInWithDeviceCode } from './device-code.ts';
import { run, start, type Done } from './process.ts';
import type { ClientStamp } from './stamp.ts';
import type { Steps } from './steps.ts';

const USAGE =
  'api-version=2015-06-01-preview&reportedStartTime=2018-06-01T00%3a00%3a00%2b00%3a00&reportedEndTime=2018-06-04T00:00:00Z&aggregationGranularity=Daily';

/** One configuration folder of the CLI, so that nothing of an earlier sign-in is left. */
function cliFor(stamp: ClientStamp, name: string) {
  const env = {
    HOME: stamp.folder,
    AZURE_CONFIG_DIR: join(stamp.folder, `az-${name}`),
    REQUESTS_CA_BUNDLE: stamp.caFile,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
  };
  const az = (...args: string[]): Promise<Done> => run('az', args, env);
  /** The JSON that a command prints. @throws when it fails */
  const ask = async <T>(...args: string[]): Promise<T> => {
    const done = await az(...args, '--output', 'json');
    assert.equal(done.code, 0, `az ${args.join(' ')}: ${done.err}`);
    // Compared field by field by whoever asks.
    return (done.out.trim() === '' ? undefined : JSON.parse(done.out)) as T;
  };
  const login = (tenant: string, secret = stamp.clientSecret): Promise<Done> => {
    const who = ['--service-principal', '--username', stamp.clientId];
    return az('login', ...who, `--password=${secret}`, '--tenant', tenant);
  };
  return { ask, login, env };
}

interface Account {
  readonly id: string;
  readonly state: string;
  readonly tenantId: string;
}

interface Page {
  readonly value: readonly { readonly properties: { readonly quantity: number } }[];
  readonly nextLink?: string;
}

/** Registers the stamp as a cloud, signs in in every way and reads both usage interfaces. */
export async function azureCli(steps: Steps, stamp: ClientStamp, profile: string): Promise<void> {
  const cli = cliFor(stamp, profile);
  const step: Step = (name, work) => steps.step(`az, ${profile}: ${name}`, work);
  await register(step, cli, stamp, profile);
  for (const tenant of [stamp.tenantId, 'adfs']) {
    await readUsage(step, cli, stamp, tenant);
    await readCommerce(step, cli, stamp, profile);
    await step('logout', async () => {
      await cli.ask('logout');
    });
  }
  await signInOtherwise(step, cli, stamp);
  for (const tenant of [undefined, stamp.userTenantId]) {
    await step(`login with a device code, tenant ${tenant ?? 'not given'}`, () =>
      byDeviceCode(cli, stamp, tenant),
    );
  }
}

type Cli = ReturnType<typeof cliFor>;
type Step = (name: string, work: () => Promise<void>) => Promise<void>;

async function register(
  step: Step,
  { ask }: Cli,
  stamp: ClientStamp,
  profile: string,
): Promise<void> {
  await step('cloud register, with and without a slash at the end', async () => {
    for (const [name, url] of [
      ['other', `${stamp.baseUrl}/`],
      ['stackmeter', stamp.baseUrl],
    ] as const) {
      const endpoint = ['--endpoint-resource-manager', url];
      await ask('cloud', 'register', '--name', name, ...endpoint, '--profile', profile);
    }
    await ask('cloud', 'set', '--name', 'stackmeter');
    const cloud = await ask<{ endpoints: { activeDirectory: string } }>('cloud', 'show');
    assert.match(cloud.endpoints.activeDirectory, /\/adfs\/stackmeter$/);
  });
}

async function readUsage(step: Step, cli: Cli, stamp: ClientStamp, tenant: string): Promise<void> {
  const { ask } = cli;
  await step(`login as a service principal, tenant ${tenant}`, async () => {
    const done = await cli.login(tenant);
    assert.equal(done.code, 0, done.err);
  });
  await step('account list', async () => {
    const accounts = await ask<Account[]>('account', 'list', '--all');
    assert.deepEqual(accounts.map(({ id }) => id).toSorted(), stamp.visibleSubscriptions);
  });
  await step('rest on the provider usage interface, page by page', async () => {
    const { operatorSubscription: id } = stamp;
    const path = `/subscriptions/${id}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates`;
    const pages = await readPages(ask, `${path}?${USAGE}&subscriberId=${stamp.subscriptionId}`);
    assert.deepEqual(pages, [1000, 1000, 500]);
  });
  await step('rest on the tenant usage interface, page by page', async () => {
    const path = `/subscriptions/${stamp.subscriptionId}/providers/Microsoft.Commerce/UsageAggregates`;
    assert.deepEqual(await readPages(ask, `${path}?${USAGE}`), [1000, 1000, 500]);
  });
}

async function readCommerce(
  step: Step,
  { ask }: Cli,
  { baseSubscription: id }: ClientStamp,
  profile: string,
): Promise<void> {
  await step('rest on the registrations of stamps', async () => {
    const path = `/subscriptions/${id}/providers/Microsoft.AzureStack/registrations`;
    const url = `${path}?api-version=2017-06-01`;
    const { value } = await ask<{ value: unknown[] }>('rest', '--method', 'get', '--url', url);
    assert.ok(Array.isArray(value));
  });
  // The group is not in the hybrid profile.
  if (profile !== 'latest') return;
  await step('billing period list', async () => {
    const args = ['billing', 'period', 'list', '--subscription', id];
    const periods = await ask<{ name: string; billingPeriodStartDate: string }[]>(...args);
    assert.match(periods[0]?.name ?? '', /^\d{6}-1$/);
    assert.match(periods[0]?.billingPeriodStartDate ?? '', /^\d{4}-\d{2}-01/);
  });
}

async function signInOtherwise(step: Step, cli: Cli, stamp: ClientStamp): Promise<void> {
  const { ask } = cli;
  await step('login at /adfs itself, tenant adfs', async () => {
    const plain = ['--endpoint-active-directory', `${stamp.baseUrl}/adfs`];
    await ask('cloud', 'update', '--name', 'other', ...plain);
    await ask('cloud', 'set', '--name', 'other');
    const done = await cli.login('adfs');
    assert.equal(done.code, 0, done.err);
    await ask('logout');
    await ask('cloud', 'set', '--name', 'stackmeter');
  });
  await step('login with a certificate', async () => {
    const done = await cli.login(stamp.tenantId, stamp.certificateFile);
    assert.equal(done.code, 0, done.err);
    await ask('logout');
  });
  await step('login with a wrong secret says why, without a traceback', async () => {
    const done = await cli.login(stamp.tenantId, 'wrong');
    assert.notEqual(done.code, 0);
    assert.doesNotMatch(done.err, /Traceback/);
    assert.match(done.err, /client/i);
  });
}

async function byDeviceCode(
  { ask, env }: Cli,
  stamp: ClientStamp,
  tenant: string | undefined,
): Promise<void> {
  const given = tenant === undefined ? [] : ['--tenant', tenant];
  const child = start('az', ['login', '--use-device-code', ...given], env);
  const done = await signInWithDeviceCode(child, stamp);
  assert.equal(done.code, 0, done.err);
  const accounts = await ask<Account[]>('account', 'list', '--all');
  assert.deepEqual(
    accounts.map(({ id, state, tenantId }) => ({ id, state, tenantId })),
    [{ id: stamp.userSubscription, state: 'Enabled', tenantId: stamp.userTenantId }],
  );
  const path = `/subscriptions/${stamp.userSubscription}/providers/Microsoft.Commerce/usageAggregates`;
  const page = await ask<Page>('rest', '--method', 'get', '--url', `${path}?${USAGE}`);
  assert.ok(page.value.length > 0);
  await ask('logout');
}

async function readPages(
  ask: <T>(...args: string[]) => Promise<T>,
  url: string,
): Promise<number[]> {
  const lengths: number[] = [];
  for (let next: string | undefined = url; next !== undefined;) {
    const page: Page = await ask<Page>('rest', '--method', 'get', '--url', next);
    assert.equal(typeof page.value[0]?.properties.quantity, 'number');
    lengths.push(page.value.length);
    next = page.nextLink;
  }
  return lengths;
}
