import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { startOpenIdServer, type OpenIdServer } from '../../../test/support/openid-server.ts';
import { createLog } from '../../platform/index.ts';
import type { TrustedIssuer } from './configuration.ts';
import { GOOD, serviceOf, trust } from './test-service.ts';

describe('reaching an issuer', () => {
  let started: OpenIdServer | undefined;
  const openId = (): OpenIdServer => {
    if (started === undefined) throw new TypeError('The issuer is there from the first test on.');
    return started;
  };
  before(async () => {
    started = await startOpenIdServer();
  });
  after(() => openId().end());
  afterEach(() => {
    openId().answerKeys = undefined;
    openId().alterDiscovery = undefined;
  });

  const serviceWith = (more: Partial<TrustedIssuer> = {}) =>
    serviceOf([trust(openId(), 'acme', more)]);
  const token = (header: Record<string, unknown> = {}) => openId().token(GOOD, header);

  /** Asks a new service for entry, which the issuer's answers do not allow. */
  async function unreachable(reason: RegExp, more: Partial<TrustedIssuer> = {}): Promise<void> {
    const { app, ask, trusted } = serviceWith(more);
    const answer = await ask(await token());
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '5');
    assert.deepEqual(answer.json<{ error: unknown }>().error, {
      code: 'ServiceUnavailable',
      message:
        'The service cannot take the request now: the keys of the issuer acme cannot be fetched at the moment.',
    });
    const [state] = trusted.states();
    assert.match(state?.lastError ?? '', reason);
    await app.close();
  }

  it('is done once for 500 tokens with as many unknown keys', async () => {
    const { app, clock, ask } = serviceWith();
    const fetches = openId().fetches();
    const tokens = await Promise.all(
      Array.from({ length: 500 }, () => token({ kid: randomUUID() })),
    );
    const good = await token();
    const storm = () => Promise.all([...tokens.map(ask), ask(good)]);
    for (const expected of [1, 1, 2]) {
      if (expected === 2) clock.advance(60_000);
      const answers = await storm();
      const statuses = answers.map(({ statusCode }) => statusCode);
      assert.deepEqual(statuses, [...tokens.map(() => 401), 200]);
      assert.equal(openId().fetches(), fetches + expected);
    }
    await app.close();
  });

  it('may fail without anybody noticing, while its keys are held', async () => {
    const { app, clock, ask, trusted } = serviceWith();
    const good = await openId().token({ ...GOOD, exp: GOOD.exp + 86_400 });
    assert.equal((await ask(good)).statusCode, 200);
    await openId().stop();
    try {
      clock.advance(2 * 3_600_000);
      assert.equal((await ask(good)).statusCode, 200);
      await trusted.fetchKeys();
      assert.match(trusted.states()[0]?.lastError ?? '', /cannot be reached: .*ECONNREFUSED/);
      assert.equal((await ask(good)).statusCode, 200);
      const { issuer } = trusted.states()[0] ?? {};
      assert.equal(issuer, trust(openId(), 'acme', {}).issuer);
      clock.advance(22 * 3_600_000);
      assert.equal((await ask(good)).statusCode, 503);
    } finally {
      await openId().start();
    }
    clock.advance(60_000);
    assert.equal((await ask(good)).statusCode, 200);
    await app.close();
  });

  it('fails when nobody is there, and goes well once somebody is', async () => {
    const { app, clock, ask } = serviceWith();
    const good = await token();
    await openId().stop();
    try {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(good)));
      assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [503]);
    } finally {
      await openId().start();
    }
    assert.equal((await ask(good)).statusCode, 503, 'it is left alone for five seconds');
    clock.advance(5_000);
    assert.equal((await ask(good)).statusCode, 200);
    await app.close();
  });

  it('is told in the log, without a word of the tokens that wait for it', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'trace' }, { write: (line) => void lines.push(line) });
    const { app, clock, ask } = serviceOf([trust(openId(), 'acme', {})], log);
    const good = await token();
    openId().answerKeys = (response) => response.writeHead(503).end('sorry');
    assert.equal((await ask(good)).statusCode, 503);
    openId().answerKeys = undefined;
    clock.advance(5_000);
    assert.equal((await ask(good)).statusCode, 200);
    const told = lines.join('');
    assert.match(
      told,
      /"level":"warn".*"issuer":"acme".*counted-keys answered 503.*not be fetched/,
    );
    assert.match(told, /"level":"info".*"issuer":"acme".*are here again/);
    for (const segment of good.split('.')) assert.ok(!told.includes(segment));
    await app.close();
  });

  it('needs the authority that signed its certificate', () =>
    unreachable(/certificate.*name the authority that signed its certificate in caFile/, {
      ca: undefined,
    }));

  it('ends after five seconds without an answer', async () => {
    openId().answerKeys = () => undefined;
    await unreachable(/counted-keys cannot be reached: no complete answer in time/);
  });

  const bodies: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
    [
      'is larger than 256 KiB',
      (response) => response.end(JSON.stringify({ keys: [], more: 'x'.repeat(262_144) })),
      /larger than 262144 bytes/,
    ],
    ['is no JSON', (response) => response.end('<html>'), /answered no JSON/],
    ['is something else', (response) => response.end('[]'), /is no key set/],
    ['has no keys', (response) => response.end('{"keys":[]}'), /has no public key/],
    ['is an error', (response) => response.writeHead(500).end('{}'), /answered 500/],
    [
      'is elsewhere',
      (response) => response.writeHead(302, { location: 'https://localhost/' }).end(),
      /answered 302/,
    ],
    [
      'has keys for other uses, without id, too short, published with their secret, or no keys',
      (response) => {
        const [key] = openId().server.issuer.keys.toJSON();
        const [whole] = openId().server.issuer.keys.toJSON(true);
        const keys = [
          { ...key, use: 'enc' },
          { ...key, kid: undefined },
          { ...key, n: 'AQAB' },
          { ...key, kty: 'oct', k: 'AQAB' },
          whole,
        ];
        response.end(JSON.stringify({ keys }));
      },
      /has no public key/,
    ],
  ];
  for (const [what, answer, reason] of bodies) {
    it(`fails when the key set ${what}`, async () => {
      openId().answerKeys = answer;
      await unreachable(reason);
    });
  }

  it('fails when the discovery document is that of another issuer', async () => {
    openId().alterDiscovery = (document) => (document['issuer'] = 'https://other.example');
    await unreachable(/is that of https:\/\/other\.example, not of https:\/\/localhost:\d+:/);
    openId().alterDiscovery = (document) => (document['issuer'] = `${openId().issuer}/`);
    await unreachable(/they have to be equal to the letter/);
  });

  it('fails when the discovery document leads out of HTTPS, or nowhere', async () => {
    openId().alterDiscovery = (document) => (document['jwks_uri'] = 'http://localhost/keys');
    await unreachable(/names keys at http:\/\/localhost\/keys, which is no https address/);
    openId().alterDiscovery = (document) => delete document['jwks_uri'];
    await unreachable(/is no discovery document/);
  });

  it('takes the name in which AD FS issues access tokens from its discovery document', async () => {
    const issuer = 'http://adfs.one.example/adfs/services/trust';
    const { app, ask, trusted } = serviceWith({ issuer });
    openId().alterDiscovery = (document) => (document['access_token_issuer'] = issuer);
    const answer = await ask(await openId().token({ ...GOOD, iss: issuer }));
    assert.equal(answer.json<{ issuer: string }>().issuer, issuer);
    assert.equal(trusted.states()[0]?.lastError, undefined);
    await app.close();
  });

  it('asks nobody but the address of the keys when that is given', async () => {
    openId().alterDiscovery = () => assert.fail('discovery was asked');
    const { app, ask } = serviceWith({ jwksUri: `${openId().issuer}/counted-keys` });
    assert.equal((await ask(await token())).statusCode, 200);
    await app.close();
  });

  it('ends when the server stops', async () => {
    openId().answerKeys = () => undefined;
    const { app, trusted } = serviceWith();
    const fetched = trusted.fetchKeys();
    trusted.stop();
    await fetched;
    assert.match(trusted.states()[0]?.lastError ?? '', /the server stops/);
    await app.close();
  });
});
