import assert from 'node:assert/strict';
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { generateKeyPair, importJWK, SignJWT } from 'jose';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { encode, nowSeconds, withTokenAttack } from './token-attack.ts';

describe('signatures that must not be taken', () => {
  const db = withTestDatabase();
  describe('by a whole server', () => {
    const attack = withTokenAttack(withServer(db));

    it('there is none', async () => {
      const { parts } = attack.target;
      const [, payload, signature] = parts.segments;
      for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 5, null, undefined]) {
        const header = encode({ ...parts.header, alg });
        for (const end of ['.', `.${signature}`, '']) {
          await attack.refused(`${header}.${payload}${end}`);
        }
      }
    });

    it('it is one with our public key as the secret', async () => {
      const { parts, own } = attack.target;
      const [, payload] = parts.segments;
      const key = createPublicKey({ key: { ...own.jwk }, format: 'jwk' });
      const { n, e } = own.jwk;
      const secrets = [
        key.export({ type: 'spki', format: 'pem' }),
        key.export({ type: 'spki', format: 'pem' }).trim(),
        key.export({ type: 'pkcs1', format: 'pem' }),
        key.export({ type: 'spki', format: 'der' }),
        JSON.stringify({ kty: 'RSA', n, e }),
        JSON.stringify({ kty: 'RSA', n, e, kid: own.kid, use: 'sig', alg: 'RS256' }),
        n ?? '',
        '',
      ];
      for (const secret of secrets) {
        const [alg, hash] = ['HS256', 'sha256'];
        const text = `${encode({ ...parts.header, alg })}.${payload}`;
        const mac = createHmac(hash, secret).update(text).digest('base64url');
        await attack.refused(`${text}.${mac}`);
      }
    });

    it('it is of another key under our key id', async () => {
      const { foreign } = attack.target;
      await attack.refused(await attack.signed({}, {}, foreign.privateKey));
    });

    it('it is of a key that nobody knows', async () => {
      const { foreign, attacker } = attack.target;
      for (const kid of [
        randomUUID(),
        undefined,
        '',
        "' or 1=1 --",
        '../../../../dev/null',
        `${attacker.issuer}/counted-keys`,
        '\u0000',
        'x'.repeat(4_000),
      ]) {
        await attack.refused(await attack.signed({}, { kid }, foreign.privateKey));
      }
    });

    it('it is of the key that the token brings along', async () => {
      const { own, foreign, attacker } = attack.target;
      const jwk = { ...foreign.publicJwk, kid: own.kid, alg: 'RS256', use: 'sig' };
      const jku = `${attacker.issuer}/counted-keys`;
      const brought: readonly Record<string, unknown>[] = [
        { jwk },
        { jwk, kid: undefined },
        { jku },
        { jku, kid: 'attacker' },
        { x5u: jku },
        { x5c: [Buffer.from('certificate').toString('base64')], 'x5t#S256': 'abc' },
      ];
      for (const header of brought)
        await attack.refused(await attack.signed({}, header, foreign.privateKey));
      assert.equal(attacker.fetches(), 0, 'nobody was asked');
    });

    it('it is of another algorithm, also with our own key', async () => {
      await attack.refused(await attack.signed({}, { alg: 'PS256' }));
      await attack.refused(await attack.signed({}, { alg: 'RS512' }));
      const ec = await generateKeyPair('ES256');
      await attack.refused(await attack.signed({}, { alg: 'ES256' }, ec.privateKey));
      const secret = new TextEncoder().encode('secret'.repeat(8));
      await attack.refused(await attack.signed({}, { alg: 'HS512' }, secret));
    });

    it('the token was altered', async () => {
      const { good, parts } = attack.target;
      const [header, , signature] = parts.segments;
      for (const claims of [
        { ...parts.claims, exp: nowSeconds() + 86_400 },
        { ...parts.claims, sub: randomUUID() },
        { ...parts.claims, tid: randomUUID() },
      ]) {
        await attack.refused(`${header}.${encode(claims)}.${signature}`);
      }
      const [, payload] = parts.segments;
      await attack.refused(
        `${encode({ ...parts.header, typ: 'JWT', extra: 1 })}.${payload}.${signature}`,
      );
      const bytes = Buffer.from(signature, 'base64url');
      for (const at of [0, 100, bytes.length - 1]) {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ 1;
        await attack.refused(`${header}.${payload}.${altered.toString('base64url')}`);
      }
      await attack.refused(`${header}.${payload}.${bytes.subarray(0, 128).toString('base64url')}`);
      await attack.refused(`${header}.${payload}.`);
      await attack.refused(`${header}.${payload}`);
      await attack.refused(`${good}.${signature}`);
      await attack.refused(`${payload}.${header}.${signature}`);
      await attack.refused(good.slice(0, -1));
    });

    it('it demands what is not understood', async () => {
      const { parts, own } = attack.target;
      const [, payload, signature] = parts.segments;
      for (const more of [
        { crit: ['urn:x'], 'urn:x': 1 },
        { crit: [] },
        { crit: ['b64'], b64: false },
      ]) {
        await attack.refused(`${encode({ ...parts.header, ...more })}.${payload}.${signature}`);
      }
      const critical = {
        ...parts.header,
        kid: own.kid,
        alg: 'RS256',
        crit: ['urn:x'],
        'urn:x': 1,
      };
      const token = await new SignJWT({ ...parts.claims })
        .setProtectedHeader(critical)
        .sign(await importJWK(own.jwk, 'RS256'), { crit: { 'urn:x': true } });
      await attack.refused(token);
    });

    it('the token is encrypted, or no token at all', async () => {
      const { parts } = attack.target;
      const [header, payload, signature] = parts.segments;
      await attack.refused(`${header}.${payload}.${signature}.${payload}.${signature}`);
      for (const text of ['a', '.', '..', '...', 'e30.e30.e30', 'bnVsbA.bnVsbA.', 'W10.W10.W10']) {
        await attack.refused(text);
      }
    });
  });
});
