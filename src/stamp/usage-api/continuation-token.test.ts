import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { makeToken, readToken } from './continuation-token.ts';

const key = randomBytes(32);
const position = {
  reported: 17_000,
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  usage: 16_999,
  resourceKey: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60',
  meter: 7,
};

test('a token leads back to its position', () => {
  assert.deepEqual(readToken(key, 'q', makeToken(key, 'q', position)), position);
});

test('a token that is altered, foreign or of another query is refused', () => {
  const token = makeToken(key, 'q', position);
  const [payload, signature] = token.split('.');
  const altered = Buffer.from(payload!, 'base64url').toString().replace('17000', '17001');
  const bad = [
    `${Buffer.from(altered).toString('base64url')}.${signature}`,
    `${payload}.${signature!.slice(1)}`,
    `${token}.x`,
    makeToken(randomBytes(32), 'q', position),
    makeToken(key, 'r', position),
    'x',
    '.',
    'a'.repeat(5000),
  ];
  for (const text of bad) {
    assert.throws(() => readToken(key, 'q', text), {
      code: 'InvalidProperty',
      message: /continuationToken/,
    });
  }
});
