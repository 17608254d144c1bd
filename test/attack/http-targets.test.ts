import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { withBystander } from './support/bystander.ts';
import { forEachOf } from './support/https.ts';
import { exchange } from './support/raw.ts';
import { assertEnvelope, assertNothingInside, createFindings } from './support/refused.ts';
import { usagePath, withAttackedStamp } from './support/stamp.ts';

const OWN = SUBSCRIPTIONS.tenantSubscription;
const FOREIGN = SUBSCRIPTIONS.otherSubscription;
const [, REST = ''] = /^\/subscriptions\/[^/]+(.*)$/.exec(usagePath()) ?? [];

/** Paths that a server in front, or a careless router, could take for the usage of somebody else. */
const tricks: readonly string[] = [
  ...['..', '%2e%2e', '%2E.', '.%2e', '%2e%2e;', '..;', '..;a=b', '%252e%252e', '..%00'].map(
    (up) => `/subscriptions/${OWN}/${up}/${FOREIGN}${REST}`,
  ),
  ...['%2f', '%2F', '%5c', '\\', '%252f', '%c0%af', '%e0%80%af', '%ef%bc%8f', '%00', '%0d%0a'].map(
    (slash) => `/subscriptions/${OWN}${slash}..${slash}${FOREIGN}${REST}`,
  ),
  ...['.', '%2e', '..', '%2e%2e%2f', '...', ' ', '%20', '%09', '%00', ';', ';a=b', '%3b', ','].map(
    (end) => `/subscriptions/${FOREIGN}${end}${REST}`,
  ),
  `/subscriptions/${OWN},${FOREIGN}${REST}`,
  `/subscriptions/${OWN};${FOREIGN}${REST}`,
  `/subscriptions/${OWN}/subscriptions/${FOREIGN}${REST}`,
  `/subscriptions/./${FOREIGN}${REST}`,
  `/./subscriptions/${FOREIGN}${REST}`,
  `/../subscriptions/${FOREIGN}${REST}`,
  `/subscriptions/%c0%ae%c0%ae/subscriptions/${FOREIGN}${REST}`,
  `/subscriptions/{${FOREIGN}}${REST}`,
  `/subscriptions/%7b${FOREIGN}%7d${REST}`,
  `/subscriptions/urn:uuid:${FOREIGN}${REST}`,
  `/subscriptions/${FOREIGN.replaceAll('-', '')}${REST}`,
  `/subscriptions/${FOREIGN}%23${REST}`,
  `/subscriptions/${OWN}%3f/${FOREIGN}${REST}`,
  `/subscriptions/${OWN}#/../${FOREIGN}${REST}`,
  `/subscriptions/\uff17c1e9a40${FOREIGN.slice(8)}${REST}`.replace('\uff17', '%ef%bc%97'),
  `//localhost/subscriptions/${FOREIGN}${REST}`,
  `///subscriptions/${FOREIGN}${REST}`,
  `/health/live/../../subscriptions/${FOREIGN}${REST}`,
  `/health/live/..%2f..%2fsubscriptions/${FOREIGN}${REST}`,
  `/health/live;/subscriptions/${FOREIGN}${REST}`,
  `https://localhost/subscriptions/${FOREIGN}${REST}`,
  `https://localhost@evil.example/subscriptions/${FOREIGN}${REST}`,
  `http://169.254.169.254/subscriptions/${FOREIGN}${REST}`,
  `file:///etc/passwd`,
  `*`,
  `%2fsubscriptions%2f${FOREIGN}${REST}`,
  `subscriptions/${FOREIGN}${REST}`,
  `/subscriptions/${OWN.toUpperCase()}/..${REST}`,
  `/%`,
  `/%zz`,
  `/subscriptions/%ff${REST}`,
  `/subscriptions/%ed%a0%80${REST}`,
  `/subscriptions/${'a/'.repeat(5_000)}`,
  `/subscriptions/${'a'.repeat(10_000)}${REST}`,
];

/** The same path as {@link usagePath}, in other spellings that are taken for it. */
const spellings: readonly string[] = [
  `//subscriptions//${OWN}//${REST.replace(/^\//, '')}`,
  `/SUBSCRIPTIONS/${OWN.toUpperCase()}${REST}`,
  `/%73ubscriptions/${OWN}${REST}`,
  `https://evil.example/subscriptions/${OWN}${REST}`,
];

const OVERRIDES: readonly string[] = [
  'X-Original-URL: /api/v1/audit',
  'X-Rewrite-URL: /api/v1/audit',
  'X-HTTP-Method-Override: DELETE',
  'X-HTTP-Method: DELETE',
  'X-Method-Override: DELETE',
  'X-Forwarded-For: 127.0.0.1',
  'X-Real-IP: 127.0.0.1',
  'X-Forwarded-User: operator',
  'X-MS-Client-Principal-Id: operator',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
  'Upgrade: websocket\r\nConnection: Upgrade',
];

const HOSTS: readonly string[] = [
  'Host: evil.example',
  'Host: evil.example:443',
  'Host: localhost.evil.example',
  'Host: localhost@evil.example',
  'Host: localhost:443@evil.example',
  'Host: localhost/evil.example',
  'Host: localhost?evil.example',
  'Host: localhost#evil.example',
  'Host: localhost evil.example',
  'Host: localhost:evil.example',
  'Host: "evil.example"',
  'Host: <evil.example>',
  'Host: [::1]evil.example',
  'Host: evil.example%00localhost',
  `Host: ${'evil.example.'.repeat(100)}`,
  'Host: localhost\r\nX-Forwarded-Host: evil.example',
  'Host: localhost\r\nX-Forwarded-Server: evil.example',
  'Host: localhost\r\nX-Host: evil.example',
  'Host: localhost\r\nForwarded: host=evil.example;proto=http',
  'Host: localhost\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: 80',
  'Host: localhost\r\nReferer: https://evil.example/',
];

describe('request targets', () => {
  const db = withTestDatabase();
  describe('of a whole server', () => {
    const stamp = withAttackedStamp(withServer(db));
    describe('under attack', () => {
      withBystander(stamp);
      const request = (target: string, headers: string, method = 'GET'): string =>
        `${method} ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\nAuthorization: Bearer ${stamp.actor('owner').token}\r\n\r\n`;
      const one = async (bytes: string) => {
        const { answers, text, ended } = await exchange(stamp.server, bytes);
        assert.equal(answers.length, 1, `${bytes.slice(0, 200)} gets ${text.slice(0, 300)}`);
        const [answer] = answers;
        assert.ok(answer);
        const type = answer.headers.get('content-type') ?? '';
        return { ...answer, type, text, ended };
      };

      it('that mean another path than they say are refused', async () => {
        const findings = createFindings();
        await forEachOf(tricks, 8, async (target) => {
          await findings.check(async () => {
            const answer = await one(request(target, 'Host: localhost'));
            const told = { ...answer, text: answer.body };
            const { code } = assertEnvelope(told, target.slice(0, 200));
            assert.ok(answer.status !== 401, `${target} ${code}`);
            assert.ok(!answer.body.includes('"value"'), target);
          });
        });
        findings.assertNone();
      });

      it('that mean the same path get the same answer', async () => {
        const right = await one(request(usagePath(), 'Host: localhost'));
        assert.equal(right.status, 200);
        for (const target of spellings) {
          const { status, body } = await one(request(target, 'Host: localhost'));
          assert.deepEqual({ status, body }, { status: 200, body: right.body }, target);
        }
      });

      it('are what the request line says, whatever other headers say', async () => {
        const right = await one(request(usagePath(), 'Host: localhost'));
        const findings = createFindings();
        await forEachOf(OVERRIDES, 4, async (header) => {
          await findings.check(async () => {
            const { status, body } = await one(
              request(usagePath(), `Host: localhost\r\n${header}`),
            );
            assert.deepEqual({ status, body }, { status: 200, body: right.body }, header);
          });
        });
        findings.assertNone();
      });

      it('are addressed to names of ours only: no other is repeated, in links, challenges or discovery', async () => {
        const big = usagePath(SUBSCRIPTIONS.bigSubscription);
        const device = `/adfs/oauth2/devicecode`;
        const targets = [
          '/metadata/endpoints?api-version=2015-01-01',
          '/adfs/.well-known/openid-configuration',
          '/common/v2.0/.well-known/openid-configuration',
          '/api/v1/openapi.json',
          '/adfs/oauth2/authorize?client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A1&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256',
          device,
          big,
          '/nowhere',
        ];
        const findings = createFindings();
        const pairs = HOSTS.flatMap((host) => targets.map((target) => [host, target] as const));
        let linked = 0;
        await forEachOf(pairs, 8, async ([host, target]) => {
          await findings.check(async () => {
            const form = `client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&scope=openid`;
            const token = target === big ? stamp.actor('big').token : 'none';
            const head = `${host}\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n`;
            const bytes =
              target === device
                ? `POST ${device} HTTP/1.1\r\n${host}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`
                : `GET ${target} HTTP/1.1\r\n${head}\r\n`;
            const { status, text } = await one(bytes);
            assert.ok(status < 500, `${host} ${target} ${status}`);
            if (/https:\/\/(localhost|127\.0\.0\.1)/.test(text)) linked += 1;
            assert.ok(!/evil/i.test(text), `${host} ${target}: ${text.slice(0, 2_000)}`);
            assert.ok(!/http:\/\/(localhost|127\.0\.0\.1)[:/](?!1)/.test(text), `${host} ${text}`);
          });
        });
        findings.assertNone();
        assert.ok(linked > HOSTS.length * 4, `only ${linked} answers had links`);
      });

      it('take the methods that they have, and no other', async () => {
        for (const method of ['TRACE', 'PROPFIND', 'OPTIONS', 'PURGE', 'DELETE', 'M-SEARCH']) {
          const secret = 'X-Secret: do-not-repeat';
          const answer = await one(request(usagePath(), `Host: localhost\r\n${secret}`, method));
          assertEnvelope({ ...answer, text: answer.body }, method, [405]);
          assert.match(answer.headers.get('allow') ?? '', /^GET/);
          assert.ok(!answer.text.includes('do-not-repeat'));
        }
        const head = await one(request(usagePath(), 'Host: localhost', 'HEAD'));
        assert.equal(head.status, 200);
        const connect = await exchange(
          stamp.server,
          'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
        );
        assert.ok(connect.ended);
        assert.ok(connect.answers.every(({ status }) => status >= 400 && status < 500));
        assertNothingInside(connect.text, 'CONNECT');
      });
    });
  });
});
