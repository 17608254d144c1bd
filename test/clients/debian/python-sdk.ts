import assert from 'node:assert/strict';
import { BIG_ROWS, SUBSCRIPTIONS } from '../../conformance/fixture.ts';
import { PYTHON } from './packages.ts';
import { run } from './process.ts';
import type { ClientStamp } from './stamp.ts';
import type { Steps } from './steps.ts';

/** Runs the Python program beside this file and compares what it saw. */
export async function pythonSdk(steps: Steps, stamp: ClientStamp): Promise<void> {
  let seen: Record<string, unknown> = {};
  await steps.step('python: signs in, lists subscriptions, reads usage', async () => {
    const done = await run(PYTHON, [new URL('sdk.py', import.meta.url).pathname], {
      BASE_URL: stamp.baseUrl,
      CLIENT_ID: stamp.clientId,
      CLIENT_SECRET: stamp.clientSecret,
      TENANT_ID: stamp.tenantId,
      SUBSCRIPTION_ID: stamp.subscriptionId,
      FOREIGN_ID: SUBSCRIPTIONS.deletedSubscription,
      CERTIFICATE: stamp.certificateFile,
      REQUESTS_CA_BUNDLE: stamp.caFile,
      HOME: stamp.folder,
    });
    assert.equal(done.code, 0, done.err);
    // Compared field by field below.
    seen = JSON.parse(done.out) as Record<string, unknown>;
  });
  const expected: Readonly<Record<string, unknown>> = {
    subscriptions: stamp.visibleSubscriptions,
    subscription: 'Enabled',
    tenants: [stamp.tenantId],
    rows: BIG_ROWS,
    pages: [1000, 1000, 500],
    sum: BIG_ROWS,
    types: { quantity: 'float', start: '2018-06-02T00:00:00+00:00', instanceData: 'str' },
    byCertificate: true,
    wrongSecret: { type: 'ClientAuthenticationError', status: null, code: 'invalid_client' },
    // A directory that is not there has no discovery document either.
    wrongTenant: { type: 'ClientAuthenticationError', status: null, code: null },
    foreign: { type: 'HttpResponseError', status: 403, code: 'AuthorizationFailed' },
    unaligned: { type: 'HttpResponseError', status: 400, code: 'InvalidProperty' },
  };
  for (const [name, value] of Object.entries(expected)) {
    await steps.step(`python: ${name}`, async () => assert.deepEqual(seen[name], value));
  }
}
