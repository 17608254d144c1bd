import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient, disablePrincipal, removePrincipal } from '../../src/identity/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { assertRefused, send, signIn } from './caller.ts';
import {
  nowSeconds,
  withToken,
  withTokenAttack,
  type Headers,
  type Target,
} from './token-attack.ts';

describe('tokens that must not be taken', () => {
  const db = withTestDatabase();
  describe('by a whole server', () => {
    const attack = withTokenAttack(withServer(db));

    it('the good one is taken, and so is its like: the attacks below fail for their own reason', async () => {
      const { own, parts } = attack.target;
      await attack.assertServes();
      assert.equal(own.kid, parts.header['kid']);
      assert.equal((await attack.ask(withToken(await attack.signed()))).status, 200);
    });

    describe('because of the header', () => {
      const headers: readonly (readonly [string, (good: string) => Headers])[] = [
        ['there is none', () => []],
        ['it is empty', () => [['authorization', '']]],
        ['it has no token', () => [['authorization', 'Bearer']]],
        ['it has an empty token', () => [['authorization', 'Bearer  ']]],
        ['it has no scheme', (good) => [['authorization', good]]],
        ['it has another scheme', (good) => [['authorization', `Token ${good}`]]],
        ['it is quoted', (good) => [['authorization', `Bearer "${good}"`]]],
        [
          'the token has a space',
          (good) => [['authorization', `Bearer ${good.slice(0, 40)} ${good.slice(40)}`]],
        ],
        ['there is something behind it', (good) => [['authorization', `Bearer ${good} and more`]]],
        ['there are two in it', (good) => [['authorization', `Bearer ${good}, Bearer ${good}`]]],
        ['a tab stands for the space', (good) => [['authorization', `Bearer\t${good}`]]],
        ['it has another name', (good) => [['x-authorization', `Bearer ${good}`]]],
        ['it is that of a proxy', (good) => [['proxy-authorization', `Bearer ${good}`]]],
        ['it is a cookie', (good) => [['cookie', `access_token=${good}`]]],
        [
          'there are two',
          (good) => [
            ['authorization', `Bearer ${good}`],
            ['authorization', 'Bearer e30.e30.e30'],
          ],
        ],
        [
          'there are two, the good one behind the bad one',
          (good) => [
            ['authorization', 'Bearer e30.e30.e30'],
            ['Authorization', `Bearer ${good}`],
          ],
        ],
      ];
      for (const [what, make] of headers) {
        it(what, async () => {
          const { good, parts, paths } = attack.target;
          for (const path of paths) {
            assertRefused(await attack.ask(make(good), path), [400, 401], parts.segments);
          }
          await attack.assertServes();
        });
      }

      it('it is as large as no header may be', async () => {
        const { good } = attack.target;
        const answer = await attack.ask(withToken(`${good}${'A'.repeat(20_000)}`));
        assertRefused(answer, [431]);
        await attack.assertServes();
      });

      it('it is almost as large', () =>
        attack.refused(`${attack.target.good}${'A'.repeat(14_000)}`));

      it('the token is in the address or the body instead', async () => {
        const { good, parts, paths } = attack.target;
        for (const path of paths) {
          const query = `${path}${path.includes('?') ? '&' : '?'}access_token=${good}`;
          assertRefused(await attack.ask([], query), [400, 401], parts.segments);
        }
      });

      it('it has the scheme in another case, which is the same scheme', async () => {
        const { good } = attack.target;
        assert.equal((await attack.ask([['AUTHORIZATION', `bearer ${good}`]])).status, 200);
        assertRefused(await attack.ask([['authorization', 'bEARER e30.e30.e30']]), [401]);
      });
    });

    describe('because of what they say', () => {
      const wrong: readonly (readonly [string, (target: Target) => Record<string, unknown>])[] = [
        ['they have expired', () => ({ exp: nowSeconds() - 61 })],
        ['they expired long ago', () => ({ iat: 0, nbf: 0, exp: 3_600 })],
        ['they never expire', () => ({ exp: undefined })],
        ['they expire in words', () => ({ exp: '2099-01-01' })],
        ['they are not valid yet', () => ({ nbf: nowSeconds() + 3_600 })],
        ['they have no beginning', () => ({ nbf: undefined, iat: undefined })],
        ['they are of another issuer', () => ({ iss: 'https://login.microsoftonline.com/common' })],
        ['they are of the attacker', ({ attacker }) => ({ iss: attacker.issuer })],
        ['they are of another port', () => ({ iss: 'https://127.0.0.1:1/adfs' })],
        [
          'they are of a like address',
          ({ server }) => ({ iss: `${server.baseUrl}.evil.example/adfs` }),
        ],
        [
          'they are of a user of ours',
          ({ server }) => ({ iss: `https://a@${new URL(server.baseUrl).host}/adfs` }),
        ],
        ['they are of nobody', () => ({ iss: undefined })],
        ['they are of a list', ({ parts }) => ({ iss: [parts.claims.iss] })],
        ['they are for another audience', () => ({ aud: 'https://graph.windows.net' })],
        [
          'they are for a like audience',
          ({ server }) => ({ aud: `${server.baseUrl}.evil.example` }),
        ],
        ['they are for nobody', () => ({ aud: undefined })],
        ['they are for everybody', () => ({ aud: '*' })],
        ['they are for the client itself', ({ server }) => ({ aud: server.operator.clientId })],
        ['they are of another tenant', () => ({ tid: randomUUID() })],
        ['they are of no tenant', () => ({ tid: undefined })],
        ['their tenant is a pattern', () => ({ tid: '%' })],
        [
          'their client is unknown',
          () => ({ sub: randomUUID(), oid: randomUUID(), appid: randomUUID() }),
        ],
        ['their client is SQL', () => ({ sub: "' or 1=1 --" })],
        ['their client is missing', () => ({ sub: undefined })],
        ['their client is a list', ({ server }) => ({ sub: [server.operator.clientId] })],
      ];
      for (const [what, claims] of wrong) {
        it(what, async () => attack.refused(await attack.signed(claims(attack.target))));
      }

      it('they are id tokens', async () => {
        const aud = attack.target.server.operator.clientId;
        const idToken = { aud, nonce: 'n', at_hash: 'h', preferred_username: 'operator' };
        await attack.refused(await attack.signed(idToken, { typ: 'JWT' }));
        // The same for our own audience: the type tells.
        await attack.refused(await attack.signed({ nonce: 'n' }, { typ: 'JWT' }));
        await attack.refused(await attack.signed({}, { typ: undefined }));
        await attack.refused(await attack.signed({}, { typ: 'logout+jwt' }));
      });
    });

    describe('because of their client', () => {
      const changing = { clock: systemClock, actor: SYSTEM };
      const newClient = async () => {
        const { database, stamp } = attack.target.server;
        const client = await database.transaction((tx) =>
          addClient(
            tx,
            { name: 'victim', role: 'Owner', scope: '/' },
            { ...changing, homeTenantId: stamp.homeTenantId },
          ),
        );
        return { client, token: await signIn(attack.target.server, client) };
      };

      it('it was disabled, or removed', async () => {
        for (const end of [disablePrincipal, removePrincipal]) {
          const { client, token } = await newClient();
          assert.equal((await attack.ask(withToken(token))).status, 200);
          await attack.target.server.database.transaction((tx) =>
            end(tx, client.clientId, changing),
          );
          await attack.refused(token);
        }
      });

      it('its secret was sent in place of a token', async () => {
        const { client } = await newClient();
        const { clientId, clientSecret } = client;
        await attack.refused(`${clientId}.${clientSecret}`);
        const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
        for (const path of attack.target.paths) {
          const answer = await attack.ask([['authorization', `Basic ${basic}`]], path);
          assertRefused(answer, [401], [clientSecret, basic]);
        }
      });
    });

    it('nothing that needs a token says anything without one, whatever else is wrong', async () => {
      const { server, good } = attack.target;
      const { text } = await send(server, { path: '/api/v1/openapi.json' });
      const expired = await attack.signed({ exp: nowSeconds() - 3_600 });
      const operations = protectedOperations(JSON.parse(text));
      assert.ok(operations.length > 15);
      for (const { method, path } of operations) {
        const body = method === 'GET' ? {} : { body: '{}' };
        for (const given of [[], withToken(expired), withToken(`${good}A`)]) {
          const headers: Headers = [['content-type', 'application/json'], ...given];
          const answer = await send(server, { method, path, headers, ...body });
          // What is wrong with the version of the interface may be told first.
          const statuses = answer.text.includes('ApiVersion') ? [400] : [401];
          assertRefused(answer, statuses, expired.split('.'));
        }
      }
      await attack.assertServes();
    });

    it('a thousand of them at once hold nobody up', async () => {
      const unknown = await Promise.all(
        Array.from({ length: 50 }, () =>
          attack.signed({}, { kid: randomUUID() }, attack.target.foreign.privateKey),
        ),
      );
      const storm = Array.from({ length: 1_000 }, (_, index) =>
        attack.ask(withToken(unknown[index % unknown.length] ?? '')),
      );
      for (let n = 0; n < 10; n++) await attack.assertServes();
      for (const { status } of await Promise.all(storm)) assert.equal(status, 401);
      await attack.assertServes();
    });
  });
});

/** The operations that need a token, with something in each place of their path. */
function protectedOperations(
  document: unknown,
): readonly { readonly method: string; readonly path: string }[] {
  assert.ok(typeof document === 'object' && document !== null && 'paths' in document);
  const { paths } = document;
  assert.ok(typeof paths === 'object' && paths !== null);
  return Object.entries(paths).flatMap(([path, item]: [string, unknown]) => {
    assert.ok(typeof item === 'object' && item !== null);
    return Object.entries(item).flatMap(([method, operation]: [string, unknown]) => {
      assert.ok(typeof operation === 'object' && operation !== null && 'security' in operation);
      const { security } = operation;
      if (Array.isArray(security) && security.length === 0) return [];
      const filled = path.replace(/\{[^}]+\}/g, randomUUID());
      return [{ method: method.toUpperCase(), path: `${filled}?api-version=2015-06-01-preview` }];
    });
  });
}
