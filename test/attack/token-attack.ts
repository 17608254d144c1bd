import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { systemClock } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import { startOpenIdServer, type OpenIdServer } from '../support/openid-server.ts';
import type { TestServer } from '../support/server.ts';
import { assertRefused, send, signIn, type Answer } from './caller.ts';

/** The key with which the authority of the server signs at present. */
async function ownKey({ database }: Server): Promise<{ readonly kid: string; readonly jwk: JWK }> {
  const { rows } = await database.pool.query<{ kid: string; jwk: string }>(
    `select kid, private_jwk as jwk from authority_key
     where signs_from <= now() order by created_at desc limit 1`,
  );
  const [key] = rows;
  assert.ok(key, 'the authority has a key');
  const jwk: JWK = JSON.parse(key.jwk);
  return { kid: key.kid, jwk };
}

/** A token taken to pieces. */
export interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: JWTPayload;
  readonly segments: readonly [string, string, string];
}

/** Reads a token without checking it. */
export function partsOf(token: string): Parts {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (text: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(text, 'base64url').toString());
  return {
    header: decode(header),
    claims: decode(payload),
    segments: [header, payload, signature],
  };
}

/** A value as a segment of a token. */
export const encode = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Headers of a request, one by one. */
export type Headers = readonly (readonly [string, string])[];

/** A server under attack, and what the attacker has. */
export interface Target {
  readonly server: Server;
  /** A token of the operator's client, as the authority issued it. */
  readonly good: string;
  readonly parts: Parts;
  /** The authority's key, which no attacker has: for tokens that are wrong in another way. */
  readonly own: { readonly kid: string; readonly jwk: JWK };
  /** A key of the attacker. */
  readonly foreign: { readonly privateKey: CryptoKey; readonly publicJwk: JWK };
  /** A server of the attacker. */
  readonly attacker: OpenIdServer;
  /** Addresses at which nothing is said without a token, one of each kind. */
  readonly paths: readonly string[];
}

export interface TokenAttack {
  /** There from the first test on. */
  readonly target: Target;
  ask(headers: Headers, path?: string): Promise<Answer>;
  /** Somebody with a good token is served. */
  assertServes(): Promise<void>;
  /** Nobody is let in with the token, while somebody with a good one is served. */
  refused(token: string): Promise<void>;
  /** A token with the claims of the good one, but for those given, signed with our key or another. */
  signed(
    claims?: Record<string, unknown>,
    header?: Record<string, unknown>,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
}

export function withToken(token: string): Headers {
  return [['authorization', `Bearer ${token}`]];
}

/** Now, in seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(systemClock.now().epochMilliseconds / 1_000);
}

/** Prepares the attack on the server of a `describe`. */
export function withTokenAttack(test: TestServer): TokenAttack {
  let prepared: Target | undefined;
  const target = (): Target => {
    if (prepared === undefined) throw new Error('The target is there from the first test on.');
    return prepared;
  };
  before(async () => {
    prepared = await prepare(test.server);
  });
  after(() => prepared?.attacker.end());

  const ask: TokenAttack['ask'] = (headers, path = '/api/v1/meters') =>
    send(target().server, { path, headers });
  const assertServes = async (): Promise<void> => {
    const { status, text } = await ask(withToken(target().good));
    assert.equal(status, 200, text.slice(0, 300));
  };
  return {
    get target() {
      return target();
    },
    ask,
    assertServes,
    refused: async (token) => {
      const secrets = token.split('.').filter((segment) => segment.length > 8);
      const attacks = target().paths.map(async (path) =>
        assertRefused(await ask(withToken(token), path), [401], secrets),
      );
      await Promise.all([assertServes(), ...attacks]);
      await assertServes();
    },
    signed: async (claims = {}, header = {}, key) => {
      const { parts, own } = target();
      const alg = String(header['alg'] ?? parts.header['alg']);
      return new SignJWT({ ...parts.claims, ...claims })
        .setProtectedHeader({ ...parts.header, kid: own.kid, ...header, alg })
        .sign(key ?? (await importJWK({ ...own.jwk, alg }, alg)));
    },
  };
}

async function prepare(server: Server): Promise<Target> {
  const good = await signIn(server, server.operator);
  const pair = await generateKeyPair('RS256', { extractable: true });
  const range = 'reportedStartTime=2026-01-01T00:00:00Z&reportedEndTime=2026-01-02T00:00:00Z';
  const provider = `/subscriptions/${server.stamp.defaultProviderSubscriptionId}/providers`;
  const usage = `${provider}/Microsoft.Commerce.Admin/subscriberUsageAggregates`;
  return {
    server,
    good,
    parts: partsOf(good),
    own: await ownKey(server),
    foreign: { privateKey: pair.privateKey, publicJwk: await exportJWK(pair.publicKey) },
    attacker: await startOpenIdServer(),
    paths: ['/api/v1/meters', `${usage}?api-version=2015-06-01-preview&${range}`],
  };
}
