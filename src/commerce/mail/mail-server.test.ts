import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMailServer, type MailConfig } from './mail-server.ts';

const SECRET = 'p%40ss-phrase';

describe('the mail server of the configuration', () => {
  it('is none, or one to which mail goes encrypted', () => {
    assert.equal(readMailServer({}), undefined);
    const implicit = readMailServer({ smtpUrl: `smtps://me:${SECRET}@mail.example.org` });
    assert.deepEqual(implicit, {
      host: 'mail.example.org',
      port: 465,
      encryption: 'implicit',
      login: { user: 'me', pass: 'p@ss-phrase' },
      ca: undefined,
      from: 'stackmeter@mail.example.org',
    });
    const started = readMailServer({
      smtpUrl: 'smtp://mail.example.org',
      mailFrom: 'billing@example.org',
    });
    assert.deepEqual(
      [started?.port, started?.encryption, started?.from],
      [587, 'required', 'billing@example.org'],
    );
  });

  it('may be spoken to in the clear on this machine, or where the operator wants it', () => {
    for (const url of [
      'smtp://127.0.0.1:25',
      'smtp://localhost',
      'smtp://[::1]:2525/',
      'smtp://relay.example.org:25?tls=optional',
    ]) {
      assert.equal(readMailServer({ smtpUrl: url })?.encryption, 'possible', url);
    }
    assert.equal(readMailServer({ smtpUrl: 'smtp://[::1]:2525/' })?.host, '::1');
    assert.equal(readMailServer({ smtpUrl: 'smtp://127.0.0.1' })?.from, 'stackmeter@localhost');
  });

  it('is refused when it cannot be used, without its password', () => {
    const cases: readonly (readonly [MailConfig, RegExp])[] = [
      [{ smtpUrl: 'smtps://' }, /not an address like/],
      [{ smtpUrl: `https://me:${SECRET}@mail.example.org` }, /not an address like/],
      [{ smtpUrl: 'smtps://me@mail.example.org' }, /belong together/],
      [{ smtpUrl: `smtps://me:${SECRET}@mail.example.org/?rejectUnauthorized=false` }, /only \?ca/],
      [{ smtpUrl: `smtps://me:${SECRET}@mail.example.org/path` }, /only \?ca/],
      [{ smtpUrl: `smtp://me:${SECRET}@mail.example.org?tls=optional` }, /a password is not sent/],
      [{ smtpUrl: 'smtps://mail.example.org?tls=optional' }, /always encrypted/],
      [{ smtpUrl: 'smtp://mail.example.org?tls=never' }, /can only be optional/],
      [{ smtpUrl: 'smtps://mail.example.org?ca=/missing.pem' }, /ENOENT/],
      [{ smtpUrl: 'smtps://me:100%@mail.example.org' }, /%25/],
      [{ smtpUrl: 'smtps://192.0.2.1' }, /has to be given/],
      [{ smtpUrl: 'smtps://mail.example.org', mailFrom: 'A <a@b>\r\nBcc: c@d' }, /not an address/],
    ];
    for (const [config, message] of cases) {
      assert.throws(
        () => readMailServer(config),
        (error: Error) => {
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /phrase/);
          assert.ok('code' in error && error.code === 'ConfigurationInvalid');
          return true;
        },
        JSON.stringify(config),
      );
    }
  });
});
