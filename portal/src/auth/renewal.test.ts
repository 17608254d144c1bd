/// <reference types="node" />
import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { renewTokens, revokeTokens } from './renewal.ts';

const issuer = 'https://stamp.example/adfs';
const settings = { issuer, clientId: 'portal' };
const tokens = { access: 'a1', refresh: 'r1', expiresAt: 0 };
const answered = { access_token: 'a2', refresh_token: 'r2', token_type: 'Bearer', expires_in: 60 };

/** What the authority was asked, and what it answers in turn. */
const asked: string[] = [];
let answers: Response[] = [];

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return Response.json(body, { status, headers });
}

mock.method(globalThis, 'fetch', async (target: string | URL, init?: RequestInit) => {
  const url = String(target);
  if (url.includes('.well-known')) {
    return json(200, {
      issuer,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
    });
  }
  const form = init?.body;
  asked.push(
    `${url.slice(issuer.length)} ${form instanceof URLSearchParams ? form.toString() : ''}`,
  );
  const answer = answers.shift();
  if (answer === undefined) throw new TypeError('no answer');
  return answer;
});

describe('a session that is renewed', () => {
  const waits: number[] = [];
  const renew = () =>
    renewTokens(settings, tokens, async (milliseconds) => void waits.push(milliseconds));
  beforeEach(() => {
    asked.length = 0;
    waits.length = 0;
  });

  it('has other tokens', async () => {
    answers = [json(200, answered)];
    const next = await renew();
    assert.deepEqual([next?.access, next?.refresh], ['a2', 'r2']);
  });

  it('waits as long as the authority says where it is asked too often, and goes on', async () => {
    answers = [
      json(429, { error: 'temporarily_unavailable' }, { 'retry-after': '7' }),
      json(429, { error: 'temporarily_unavailable' }),
      json(200, answered),
    ];
    assert.equal((await renew())?.access, 'a2');
    assert.deepEqual(waits, [7000, 1000]);
  });

  it('is not over because the authority is busy for long, fails, or is not there', async () => {
    const busy = () => json(429, { error: 'temporarily_unavailable' }, { 'retry-after': '9999' });
    answers = [busy(), busy(), busy()];
    await assert.rejects(renew(), { name: 'ApiError', status: 429 });
    assert.deepEqual(waits, [30_000, 30_000]);
    answers = [json(503, { error: 'temporarily_unavailable' })];
    await assert.rejects(renew(), { name: 'ApiError', status: 503 });
    answers = [];
    await assert.rejects(renew(), { name: 'ApiError', status: 0 });
  });

  it('is over when its refresh token is refused', async () => {
    answers = [json(400, { error: 'invalid_grant' })];
    assert.equal(await renew(), undefined);
  });
});

describe('a session that is ended', () => {
  beforeEach(() => {
    asked.length = 0;
  });

  it('ends at the authority', async () => {
    answers = [new Response('', { status: 200 })];
    await revokeTokens(settings, tokens);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /^\/revoke .*token=r1/);
    assert.match(asked[0] ?? '', /client_id=portal/);
  });

  it('is over all the same where the authority is not there', async () => {
    answers = [];
    await revokeTokens(settings, tokens);
    assert.equal(asked.length, 1);
  });
});
