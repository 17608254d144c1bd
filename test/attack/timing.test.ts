import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { usageEvent } from './support/bodies.ts';
import { createCaller, type Asked, type Caller } from './support/https.ts';
import { PASSWORD, usagePath, USER_NAME, withAttackedStamp, type Role } from './support/stamp.ts';
import { assertAlike, sample } from './support/timing.ts';

const { otherSubscription: FOREIGN, resellerSubscription: RESELLER } = SUBSCRIPTIONS;
const PAIRS = 120;
/** A password takes a tenth of a second, and each address has ten guesses. */
const GUESSES = 8;
const CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

const admin = `/subscriptions/${RESELLER}/providers/Microsoft.Subscriptions.Admin`;
const query = '?api-version=2015-11-01';

/** Requests about a subscription by somebody who has no right to it. */
const questions: readonly (readonly [Role, what: string, (id: string) => Asked])[] = [
  ['owner', 'usage', (id) => ({ path: usagePath(id) })],
  ['owner', 'the subscription', (id) => ({ path: `/subscriptions/${id}?api-version=2016-06-01` })],
  [
    'owner',
    'a new name',
    (id) => ({
      method: 'PATCH',
      path: `/subscriptions/${id}${query}`,
      headers: JSON_TYPE,
      body: '{"displayName":"a"}',
    }),
  ],
  [
    'owner',
    'a meter',
    (id) => ({
      path: `/api/v1/meters/6dab500f-a4fd-49c4-956d-229bb9c8c793/query?subject=${id}&from=2018-06-01T00:00:00Z&to=2018-06-02T00:00:00Z`,
    }),
  ],
  [
    'provider',
    'usage of a tenant',
    (id) => ({
      path: `${usagePath(RESELLER).replace('Commerce/usage', 'Commerce.Admin/subscriberUsage')}&subscriberId=${id}`,
    }),
  ],
  [
    'provider',
    'a tenant',
    (id) => ({ path: `${admin}/subscriptions/${id}${query}&includeIndirect=true` }),
  ],
  [
    'provider',
    'a move',
    (id) => ({
      method: 'POST',
      path: `${admin}/validateMoveSubscriptions${query}`,
      headers: JSON_TYPE,
      body: JSON.stringify({ resources: [id] }),
    }),
  ],
  [
    'emitter',
    'a record',
    (id) => ({
      method: 'POST',
      path: '/api/v1/events',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(usageEvent(id)),
    }),
  ],
];

describe('the time that an answer takes', () => {
  const db = withTestDatabase();
  describe('of a whole server', () => {
    const stamp = withAttackedStamp(withServer(db, { readBudget: 1e6, writeBudget: 1e6 }));
    let caller: Caller;
    before(() => {
      // One connection, so that no request waits for another.
      caller = createCaller(stamp.server, 1);
    });
    after(() => caller.end());

    for (const [role, what, question] of questions) {
      it(`does not tell the ${role} whether a subscription exists: ${what}`, async () => {
        const { token } = stamp.actor(role);
        const timeOf = async (id: string): Promise<number> => {
          const asked = question(id);
          const headers = { ...asked.headers, authorization: `Bearer ${token}` };
          const { status, ms } = await caller.ask({ ...asked, headers });
          assert.ok(
            role === 'emitter' ? status === 200 : status >= 400 && status < 500,
            `${status}`,
          );
          return ms;
        };
        await assertAlike(what, () =>
          sample(
            PAIRS,
            () => timeOf(FOREIGN),
            () => timeOf(randomUUID()),
          ),
        );
      });
    }

    it('does not tell whether a client exists, at the authority and the intake', async () => {
      const known = stamp.actor('owner').principalId;
      const atAuthority = async (clientId: string): Promise<number> => {
        const form = new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: 'A'.repeat(43),
          resource: stamp.server.baseUrl,
        });
        const { status, ms, text } = await caller.ask({
          method: 'POST',
          path: '/adfs/oauth2/token',
          headers: FORM,
          body: form.toString(),
        });
        assert.ok(status === 400 || status === 401, text);
        return ms;
      };
      const atIntake = async (clientId: string): Promise<number> => {
        const headers = { ...JSON_TYPE, authorization: `Bearer ${clientId}.${'A'.repeat(43)}` };
        const asked = { method: 'POST', path: '/api/v1/events', headers, body: '{}' };
        const { status, ms } = await caller.ask(asked);
        assert.equal(status, 401);
        return ms;
      };
      for (const [what, timeOf] of [
        ['clients at the authority', atAuthority],
        ['clients at the intake', atIntake],
      ] as const) {
        await assertAlike(what, () =>
          sample(
            PAIRS,
            () => timeOf(known),
            () => timeOf(randomUUID()),
          ),
        );
      }
    });

    it('does not tell whether a user exists, and neither does the page', async (test) => {
      // Guesses are counted by address and by name: each time another machine, as far as the server can tell.
      if (process.platform !== 'linux') return test.skip('the loopback has one address only');
      const { path, cookie } = await beginSignIn();
      let address = 1;
      const pages = new Set<string>();
      const timeOf = async (userName: string): Promise<number> => {
        const form = new URLSearchParams({ user_name: userName, password: `not ${PASSWORD}` });
        const from = createCaller(stamp.server, 1);
        const localAddress = `127.0.0.${1 + ((address += 1) % 250)}`;
        try {
          const { status, ms, text } = await from.ask({
            method: 'POST',
            path,
            headers: { ...FORM, cookie },
            body: form.toString(),
            localAddress,
          });
          assert.equal(status, 400, text);
          pages.add(text.replaceAll(userName, 'somebody').replaceAll(/nonce[-="\w+/]*/g, ''));
          return ms;
        } finally {
          from.end();
        }
      };
      // A difference of a tenth of a second would show at once.
      const samples = await sample(
        GUESSES,
        () => timeOf(USER_NAME),
        () => timeOf(`${randomUUID().slice(0, USER_NAME.length - 14)}@tenant.example`),
      );
      assert.equal(pages.size, 1, [...pages].join('\n\n'));
      await assertAlike('users', () => Promise.resolve(samples));
    });

    /** Begins a sign-in as a browser does, as far as the page for the password. */
    async function beginSignIn(): Promise<{ readonly path: string; readonly cookie: string }> {
      const parameters = new URLSearchParams({
        client_id: CLI,
        response_type: 'code',
        redirect_uri: 'http://localhost:1234',
        scope: 'openid',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      });
      const { status, headers, text } = await caller.ask({
        path: `/adfs/oauth2/authorize?${parameters.toString()}`,
      });
      assert.equal(status, 303, text);
      const { pathname } = new URL(headers.location ?? '', stamp.server.baseUrl);
      const cookies = (headers['set-cookie'] ?? []).map((each) => each.split(';', 1)[0] ?? '');
      return { path: pathname, cookie: cookies.join('; ') };
    }
  });
});
