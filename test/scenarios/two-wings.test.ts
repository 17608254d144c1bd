/**
 * A stamp and commerce as two servers, each with a data folder and a database of its own, that know nothing of each other but
 * what operators carry over and what goes over the wire: registered, activated, used for an hour, reported, compared and
 * proven, and then given another key.
 *
 * The stamp's clock begins in the hour before the present one. Once it is set right that hour is over, for commerce too.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { importJWK, SignJWT } from 'jose';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClientCertificate, listClientCredentials } from '../../src/identity/index.ts';
import {
  hourOf,
  hourStart,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
} from '../../src/kernel/index.ts';
import { systemClock, type Clock } from '../../src/platform/index.ts';
import {
  newStampKey,
  readActivationKey,
  verifyStatement,
  windowName,
} from '../../src/reporting/index.ts';
import { sendDueWindows } from '../../src/stamp/bridge/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../../src/stamp/directory/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { expect, sumsOf, until, Wing, type Answer } from './wing.ts';

const ACCOUNT = parseSubscriptionId('5a000000-0000-4000-8000-000000000001')!;
const TENANT_SUBSCRIPTION = parseSubscriptionId('5a000000-0000-4000-8000-000000000002')!;
const TENANT = parseDirectoryTenantId('5a000000-0000-4000-8000-000000000003')!;
const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
const ADDRESS_HOURS = 'F271A8A388C44D93956A063E1D2FA80B';
const REGISTRATION = `/subscriptions/${ACCOUNT}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/stamp`;
const OF_REGISTRATION = 'api-version=2017-06-01';
const OF_ACTIVATION = 'api-version=2016-01-01';
const OF_USAGE = 'api-version=2015-06-01-preview';
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;

describe('a stamp and commerce, each a server', () => {
  const databases = { stamp: withTestDatabase(), commerce: withTestDatabase() };
  const started = systemClock.now().epochMilliseconds;
  // Ten minutes past the hour before this one.
  let shiftMs = -(started % MS_PER_HOUR) - MS_PER_HOUR + 10 * MS_PER_MINUTE;
  const clock: Clock = {
    now: () => systemClock.now().add({ milliseconds: shiftMs }),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    monotonicMs: () => systemClock.monotonicMs(),
  };
  const window = hourOf(clock.now());

  describe('that speak over HTTPS', () => {
    const stamp = new Wing();
    const commerce = new Wing();
    let activation = '';
    let registrationId = '';
    let clientId = '';

    before(async () => {
      await stamp.start('stamp', databases.stamp, clock);
      await commerce.start('commerce', databases.commerce, systemClock);
      const { pool } = stamp.server.database;
      const root = stamp.server.stamp.defaultProviderSubscriptionId;
      activation = `/subscriptions/${root}/resourceGroups/AzureStack-Activation/providers/Microsoft.AzureBridge.Admin/activations/default?${OF_ACTIVATION}`;
      await upsertDirectoryTenant(pool, { tenantId: TENANT, name: 'customer.example' });
      await insertSubscription(pool, {
        subscriptionId: TENANT_SUBSCRIPTION,
        displayName: 'customer',
        owner: 'owner@customer.example',
        tenantId: TENANT,
        delegatedProviderSubscriptionId: root,
        offerId: undefined,
        routingResourceManagerType: 'Default',
        state: 'Enabled',
        origin: 'created',
        createdAt: clock.now(),
      });
    });
    after(async () => {
      await stamp.stop();
      await commerce.stop();
    });

    const emit = async (name: string, meterId: string, quantity: number): Promise<void> => {
      const hour = hourStart(window);
      const event = {
        specversion: '1.0',
        type: 'stackmeter.usage',
        source: '/scenarios/two-wings',
        id: name,
        data: {
          subscriptionId: TENANT_SUBSCRIPTION,
          resourceUri: `/subscriptions/${TENANT_SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/${name}`,
          meterId,
          quantity,
          usageStartTime: hour.subtract({ hours: 1 }).toString(),
          usageEndTime: hour.toString(),
          location: 'local',
          tags: '',
          additionalInfo: '',
        },
      };
      const type = 'application/cloudevents+json';
      expect(await stamp.ask('POST', '/api/v1/events', event, type), 204);
    };
    const hourly = (wing: Wing, subscriptionId: string): Promise<Answer> => {
      const [from, to] = [hourStart(window), hourStart(window).add({ hours: 1 })];
      const range = `reportedStartTime=${from.toString()}&reportedEndTime=${to.toString()}`;
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Commerce/UsageAggregates`;
      return wing.ask('GET', `${path}?${OF_USAGE}&aggregationGranularity=Hourly&${range}`);
    };
    const keys = async (): Promise<string[]> => {
      const held = await listClientCredentials(
        commerce.server.database.pool,
        parsePrincipalId(clientId)!,
      );
      return held.map(({ thumbprint = '' }) =>
        Buffer.from(thumbprint, 'hex').toString('base64url'),
      );
    };

    it('are brought together by a token and a key', async () => {
      const subscription = {
        displayName: 'Fabrikam',
        kind: 'CSPSharedServices',
        partnerId: 'fabrikam',
      };
      expect(
        await commerce.ask('PUT', `/api/v1/commerce-subscriptions/${ACCOUNT}`, subscription),
        201,
      );
      const wish = { billingModel: 'PayAsYouUse', from: windowName(window) };
      const token = expect(
        await stamp.ask('POST', '/api/v1/bridge/registration-token', wish),
        200,
      ).at('/registrationToken');
      const body = { location: 'global', properties: { registrationToken: token } };
      const path = `${REGISTRATION}?${OF_REGISTRATION}`;
      const made = expect(await commerce.ask('PUT', path, body), 201);
      registrationId = made.at('/properties/registrationId');
      clientId = made.at('/properties/objectId');
      const keyPath = `${REGISTRATION}/getactivationkey?${OF_REGISTRATION}`;
      const activationKey = expect(await commerce.ask('POST', keyPath), 200).at('/activationKey');
      assert.equal((await readActivationKey(activationKey)).nextWindow, windowName(window));
      expect(await stamp.ask('PUT', activation, { properties: { activationKey } }), 201);
      const status = expect(await stamp.ask('GET', '/api/v1/bridge'), 200);
      assert.equal(status.at('/progress/nextWindow'), windowName(window));
    });

    it('count on the one side, and report by themselves when the hour is over', async () => {
      await emit('vm1', VM_HOURS, 0.125);
      await emit('vm2', VM_HOURS, 3.5);
      await emit('address', ADDRESS_HOURS, 1);
      shiftMs = 0;
      // What the schedule does each minute, at once: closing wakes the bridge.
      const job = 'close-windows';
      await stamp.server.database.pool.query(
        'select graphile_worker.add_job($1::text, queue_name => $1::text, job_key => $1::text)',
        [job],
      );
      await until(async () => {
        const windows = expect(await stamp.ask('GET', '/api/v1/bridge/windows'), 200);
        return windows.text.includes(`"window":"${windowName(window)}"`);
      });
      const status = expect(await stamp.ask('GET', '/api/v1/bridge'), 200);
      assert.equal(status.at('/progress/nextWindow'), windowName(window + 1));
      assert.match(status.text, /"lag":\{"windows":0,"seconds":0\}/);
    });

    it('show the same sums for the same hour', async () => {
      const ofTenant = expect(await hourly(stamp, TENANT_SUBSCRIPTION), 200);
      const ofAccount = expect(await hourly(commerce, ACCOUNT), 200);
      assert.deepEqual(sumsOf(ofTenant), {
        [VM_HOURS]: '3.625',
        [ADDRESS_HOURS.toLowerCase()]: '1',
      });
      assert.deepEqual(sumsOf(ofAccount), sumsOf(ofTenant));
    });

    it('leave nothing unexplained', async () => {
      const from = hourStart(window).toString();
      const to = hourStart(window).add({ hours: 1 }).toString();
      const answer = await stamp.ask('GET', `/api/v1/reconciliation?from=${from}&to=${to}`);
      assert.equal(expect(answer, 200).at('/verdict'), 'explained');
      assert.match(answer.text, /"rows":\{"stamp":3,"received":3\}/);
    });

    it('prove it: the statement holds, and is of the window of which the stamp has the receipt', async () => {
      const path = `/api/v1/reported-usage/${registrationId}/statement`;
      const statement = expect(await commerce.ask('GET', path), 200);
      const { windows } = verifyStatement(JSON.parse(statement.text));
      assert.equal(windows.length, 1);
      const kept = expect(await stamp.ask('GET', '/api/v1/bridge/windows'), 200);
      assert.equal(kept.at('/value/0/receipt/window'), statement.at('/windows/0/window'));
      assert.equal(kept.at('/value/0/receipt/hash'), statement.at('/windows/0/hash'));
      const known = expect(await commerce.ask('GET', '/api/v1/statement-keys'), 200);
      assert.equal(known.at('/keys/0/x'), statement.at('/publicKey/x'));
    });

    it('have no paths of each other', async () => {
      const registrations = `/subscriptions/${ACCOUNT}/providers/Microsoft.AzureStack/registrations`;
      for (const [wing, method, path] of [
        [commerce, 'POST', '/api/v1/events'],
        [commerce, 'GET', '/api/v1/bridge'],
        [commerce, 'GET', '/api/v1/reconciliation'],
        [commerce, 'GET', activation],
        [stamp, 'GET', `${REGISTRATION}?${OF_REGISTRATION}`],
        [stamp, 'GET', `${registrations}?${OF_REGISTRATION}`],
        [stamp, 'GET', '/api/v1/commerce-subscriptions'],
        [stamp, 'GET', `/api/v1/reported-usage/${registrationId}`],
        [stamp, 'GET', '/api/v1/statement-keys'],
      ] as const) {
        const answer = await wing.ask(method, path, method === 'POST' ? {} : undefined);
        assert.equal(answer.status, 404, `${path}: ${answer.text}`);
        // There is no such path, rather than nothing at it.
        assert.match(answer.at('/error/code'), /^(NotFound|InvalidResourceNamespace)$/);
      }
    });

    /** A sign-in with a key of the stamp, as whoever had a copy of it would try. */
    const signInWith = async (privateJwk: Readonly<Record<string, string>>): Promise<number> => {
      const { homeTenantId } = commerce.server.stamp;
      const seconds = Math.floor(systemClock.now().epochMilliseconds / 1000);
      const assertion = await new SignJWT({
        iss: clientId,
        sub: clientId,
        aud: `${commerce.server.baseUrl}/adfs/${homeTenantId}/oauth2/token`,
        jti: randomUUID(),
        iat: seconds,
        exp: seconds + 300,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
        .sign(await importJWK({ ...privateJwk }, 'ES256'));
      const { status } = await commerce.signIn(homeTenantId, {
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      return status;
    };

    it('agree on another key, and the one before ends', async () => {
      const [first] = await keys();
      const { rows } = await stamp.server.database.pool.query<{ jwk: string }>(
        `select private_jwk as jwk from bridge_key where state = 'active'`,
      );
      const old = JSON.parse(rows[0]!.jwk);
      assert.equal(await signInWith(old), 200);
      const rotated = expect(await stamp.ask('POST', '/api/v1/bridge/rotate-key'), 200);
      assert.notEqual(rotated.at('/thumbprint'), first);
      assert.deepEqual(await keys(), [rotated.at('/thumbprint')]);
      assert.notEqual(await signInWith(old), 200);
    });

    it('end a key that a rotation left, with the next pass', async () => {
      const [present] = await keys();
      const left = newStampKey();
      const changing = { clock: systemClock, actor: SYSTEM };
      await commerce.server.database.transaction((tx) =>
        addClientCertificate(
          tx,
          parsePrincipalId(clientId)!,
          {
            name: 'left',
            publicJwk: JSON.stringify(left.publicJwk),
            thumbprint: Buffer.from(left.kid, 'base64url').toString('hex'),
          },
          changing,
        ),
      );
      const { database } = stamp.server;
      await database.pool.query(
        `insert into bridge_key (key_id, state, private_jwk, public_jwk, thumbprint, created_at)
         values ($1, 'retired', $2, $3, $4, $5)`,
        [
          randomUUID(),
          JSON.stringify(left.privateJwk),
          JSON.stringify(left.publicJwk),
          left.kid,
          clock.now().toString(),
        ],
      );
      assert.equal(await signInWith(left.privateJwk), 200);
      await until(async () => {
        await sendDueWindows({ database, clock }, { force: true });
        return (await keys()).length === 1;
      });
      assert.deepEqual(await keys(), [present]);
      assert.notEqual(await signInWith(left.privateJwk), 200);
    });
  });
});
