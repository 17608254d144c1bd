import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { PrincipalId } from '../../kernel/index.ts';
import {
  addClientCertificate,
  listClientCredentials,
  removeClientCredential,
} from '../client-store.ts';
import { ORIGIN, withTestAuthority } from './test-authority.ts';

const SCOPE = `${ORIGIN}/.default`;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('tokens for clients with an assertion', () => {
  const stamp = withTestAuthority();
  let id: PrincipalId;
  let secret: string;
  let privateKey: CryptoKey;
  before(async () => {
    const made = await stamp.addClient();
    id = made.clientId;
    secret = made.clientSecret;
    const pair = await generateKeyPair('RS256', { extractable: true });
    privateKey = pair.privateKey;
    const publicJwk = JSON.stringify(await exportJWK(pair.publicKey));
    const certificate = { name: 'certificate', publicJwk, thumbprint: 'aa'.repeat(32) };
    await addClientCertificate(stamp.test.database.pool, id, certificate, stamp.changing);
  });

  const assertion = (
    header: { alg: string; x5t?: string; 'x5t#S256'?: string },
    claims: Record<string, unknown> = {},
  ) => {
    const now = Math.floor(stamp.clock.now().epochMilliseconds / 1000) - 120;
    const payload = {
      aud: `${ORIGIN}/adfs/oauth2/token`,
      iss: id,
      sub: id,
      jti: crypto.randomUUID(),
      nbf: now,
      iat: now,
      exp: now + 600,
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', ...header }).sign(privateKey);
  };
  const ask = (client_assertion: string, more = {}) =>
    stamp.post('/adfs/oauth2/token', {
      grant_type: 'client_credentials',
      scope: SCOPE,
      client_id: id,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion,
      ...more,
    });

  it('as msal for Python signs it, once, and the secret works still', async () => {
    const signed = await assertion({ alg: 'RS256', x5t: 'q8n' });
    const reply = await ask(signed);
    assert.equal(reply.statusCode, 200, reply.body);
    assert.equal(decodeJwt(reply.json().access_token).sub, id);
    assert.equal((await ask(signed)).statusCode, 401);
    const withSecret = {
      grant_type: 'client_credentials',
      scope: SCOPE,
      client_id: id,
      client_secret: secret,
    };
    assert.equal((await stamp.post('/adfs/oauth2/token', withSecret)).statusCode, 200);
  });

  it('as msal for Node signs it, for the token endpoint or the issuer', async () => {
    const pss = await importAs('RSA-PSS');
    const signed = await new SignJWT({
      aud: `${ORIGIN}/adfs`,
      iss: id,
      sub: id,
      jti: crypto.randomUUID(),
      exp: Math.floor(stamp.clock.now().epochMilliseconds / 1000) + 300,
    })
      .setProtectedHeader({ alg: 'PS256', 'x5t#S256': 'q8n' })
      .sign(pss);
    assert.equal((await ask(signed)).statusCode, 200);
  });

  it('signed with the key of a P-256 certificate', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = JSON.stringify(await exportJWK(pair.publicKey));
    const certificate = { name: 'P-256', publicJwk, thumbprint: 'bb'.repeat(32) };
    await addClientCertificate(stamp.test.database.pool, id, certificate, stamp.changing);
    const now = Math.floor(stamp.clock.now().epochMilliseconds / 1000);
    const jti = crypto.randomUUID();
    const claims = { aud: `${ORIGIN}/adfs`, iss: id, sub: id, jti, exp: now + 86_000 };
    const header = { alg: 'ES256', 'x5t#S256': 'q8n' };
    const signed = await new SignJWT(claims).setProtectedHeader(header).sign(pair.privateKey);
    assert.equal((await ask(signed)).statusCode, 200);
  });

  const importAs = async (name: string): Promise<CryptoKey> =>
    crypto.subtle.importKey(
      'pkcs8',
      await crypto.subtle.exportKey('pkcs8', privateKey),
      { name, hash: 'SHA-256' },
      false,
      ['sign'],
    );

  it('are refused when somebody else signed them, for others, or without an end', async () => {
    const good = await assertion({ alg: 'RS256' });
    const other = await stamp.addClient({ name: 'other' });
    const tomorrow = Math.floor(stamp.clock.now().epochMilliseconds / 1000) + 86_400;
    const refused = [
      `${good.slice(0, -4)}AAAA`,
      await assertion({ alg: 'RS256' }, { aud: 'https://evil.example/' }),
      await assertion({ alg: 'RS256' }, { exp: undefined }),
      await assertion({ alg: 'RS256' }, { iss: other.clientId }),
      await assertion({ alg: 'RS256' }, { iss: other.clientId, sub: other.clientId }),
      await assertion({ alg: 'RS256' }, { exp: 1 }),
      await assertion({ alg: 'RS256' }, { exp: 9e15 }),
      await assertion({ alg: 'RS256' }, { exp: tomorrow + 120 }),
      await new SignJWT({ iss: id, sub: id, aud: `${ORIGIN}/adfs`, jti: 'x', exp: 9e9 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from(secret)),
    ];
    for (const [at, each] of refused.entries()) {
      const reply = await ask(each, { client_id: '' });
      assert.deepEqual([reply.statusCode, reply.json().error], [401, 'invalid_client'], `${at}`);
    }
  });

  it('are refused once the certificate is taken away', async () => {
    const { pool } = stamp.test.database;
    const list = await listClientCredentials(pool, id);
    for (const { credentialId, kind } of list) {
      if (kind === 'certificate') {
        await removeClientCredential(pool, id, credentialId, stamp.changing);
      }
    }
    assert.equal((await ask(await assertion({ alg: 'RS256' }))).statusCode, 401);
  });
});
