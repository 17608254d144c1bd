import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { redact } from './redaction.ts';

function redacted(line: object): unknown {
  return JSON.parse(redact(JSON.stringify(line)));
}

describe('redaction of log lines', () => {
  it('takes out members whose name speaks of a secret, at any depth and in any case', () => {
    assert.deepEqual(
      redacted({
        msg: 'kept',
        req: { headers: { Authorization: 'Bearer abcdefghijk', 'set-cookie': ['a=1', 'b=2'] } },
        client_secret: 'x"y\\',
        nested: { deeper: { clientSecret: 's', accessToken: 't', dbPassword: 5 } },
        token: { a: 'b' },
        status: 200,
      }),
      {
        msg: 'kept',
        req: { headers: { Authorization: '[redacted]', 'set-cookie': '[redacted]' } },
        client_secret: '[redacted]',
        nested: {
          deeper: {
            clientSecret: '[redacted]',
            accessToken: '[redacted]',
            dbPassword: '[redacted]',
          },
        },
        token: '[redacted]',
        status: 200,
      },
    );
  });

  it('takes out credentials inside texts', () => {
    assert.deepEqual(
      redacted({
        msg: 'no answer from postgres://stack:pa-ss@db:5432/x with Bearer eyJhbGciOi.x.y',
        body: 'grant_type=client_credentials&client_secret=abc%2Fdef&scope=x',
        quoted: '{"client_secret":"abc","scope":"x"}',
      }),
      {
        msg: 'no answer from postgres://stack:[redacted]@db:5432/x with Bearer [redacted]',
        body: 'grant_type=client_credentials&client_secret=[redacted]&scope=x',
        quoted: '{"client_secret":"[redacted]","scope":"x"}',
      },
    );
  });

  it('keeps every line valid JSON and lets no secret through', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, value) => {
        const secret = `needle${text}needle`;
        const line = JSON.stringify({ value, inner: { password: secret, after: 1 }, last: 'x' });
        const read: unknown = JSON.parse(redact(line));
        assert.ok(!JSON.stringify(read).includes('needle'));
      }),
    );
  });
});
