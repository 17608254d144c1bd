import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMailServer } from './mail-server.ts';
import { MAIL_WAITS_MS } from './deliver.ts';
import { LOGIN, refusal } from './test-smtp.ts';
import { NOW, withTestMail } from './test-mail.ts';

describe('e-mail that is due', () => {
  const mail = withTestMail();
  const { smtp, clock, tell, deliver, messages, states } = mail;

  it('arrives as it was written, once', async () => {
    await tell();
    await tell({ to: 'compta@acme.example', language: 'fr' });
    assert.deepEqual(await deliver(), { sent: 2, failed: 0 });
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
    assert.deepEqual(await states(), ['Sent 1', 'Sent 1']);
    const byRecipient = new Map(smtp.arrived.map((one) => [one.to.join(), one]));
    const english = byRecipient.get('pay@acme.example');
    assert.equal(english?.from, 'billing@example.org');
    assert.equal(english.mail.subject, 'Reminder: invoice PRO-2026-000001 is overdue');
    assert.match(english.mail.text ?? '', /^Open: EUR\s1,234\.50$/m);
    assert.match(String(english.mail.html), /Acme &amp; Sons/);
    assert.match(english.raw, /^Date: Wed, 18 Nov 2026 11:06:40 \+0000\r$/m);
    assert.match(english.raw, /^Auto-Submitted: auto-generated\r$/m);
    assert.equal(english.mail.from?.value[0]?.address, 'billing@example.org');
    const french = byRecipient.get('compta@acme.example');
    assert.match(french?.mail.subject ?? '', /^Rappel : la facture .* est échue$/);
    assert.match(french?.mail.text ?? '', /Échéance\s: 3 novembre 2026/);
    const ids = (await messages()).map(({ messageId }) => `<${messageId}@example.org>`);
    assert.deepEqual(new Set(smtp.arrived.map((one) => one.mail.messageId)), new Set(ids));
  });

  it('is dead at once when the server refuses its recipient, and holds nobody up', async () => {
    smtp.onRecipient = (address) =>
      address.startsWith('gone') ? refusal(550, 'no such mailbox') : undefined;
    await tell({ to: 'gone@acme.example' });
    await tell();
    assert.deepEqual(await deliver(), { sent: 1, failed: 1 });
    const dead = (await messages()).find(({ state }) => state === 'Dead');
    assert.equal(dead?.recipient, 'gone@acme.example');
    assert.equal(dead.lastStatus, 550);
    assert.match(dead.lastProblem ?? '', /no such mailbox/);
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
  });

  it('is tried again with growing waits when the server is busy, and given up in the end', async () => {
    smtp.onRecipient = () => refusal(450, 'greylisted');
    await tell();
    for (const [made, wait] of MAIL_WAITS_MS.entries()) {
      assert.deepEqual(await deliver(), { sent: 0, failed: 1 });
      const [one] = await messages();
      assert.deepEqual([one?.state, one?.attempts, one?.lastStatus], ['Pending', made + 1, 450]);
      assert.ok(one?.nextAttemptAt?.equals(clock.now().add({ milliseconds: wait })));
      clock.advance(wait - 1);
      assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
      clock.advance(1);
    }
    assert.deepEqual(await deliver(), { sent: 0, failed: 1 });
    assert.deepEqual(await states(), [`Dead ${MAIL_WAITS_MS.length + 1}`]);
  });

  it('waits while the server is down, all of it after one attempt, and is sent when it is up', async () => {
    for (let count = 0; count < 9; count++) await tell();
    await smtp.stop();
    const { sent, failed } = await deliver();
    assert.equal(sent, 0);
    assert.ok(failed >= 1 && failed <= 4, `${failed} attempts`);
    const waiting = await messages();
    assert.ok(waiting.every(({ state, attempts }) => state === 'Pending' && attempts >= 1));
    assert.match(waiting[0]?.lastProblem ?? '', /ECONNREFUSED|closed/);
    await smtp.start();
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
    clock.advance(3_600_000);
    assert.deepEqual(await deliver(), { sent: 9, failed: 0 });
    assert.equal(new Set(smtp.arrived.map((one) => one.mail.messageId)).size, 9);
  });

  it('goes to a server that wants encryption and a password, and tells neither', async () => {
    const server = readMailServer({
      smtpUrl: `smtp://${LOGIN.user}:${encodeURIComponent(LOGIN.pass)}@localhost:${smtp.port}?ca=${smtp.caFile}`,
      mailFrom: 'billing@example.org',
    });
    await tell();
    assert.deepEqual(await deliver({ server }), { sent: 1, failed: 0 });
    assert.equal(smtp.arrived[0]?.isEncrypted, true);
    await tell();
    const pass = 'another secret';
    assert.ok(server !== undefined);
    const wrong = { ...server, login: { user: LOGIN.user, pass } };
    assert.deepEqual(await deliver({ server: wrong }), { sent: 0, failed: 1 });
    const failed = (await messages()).find(({ state }) => state === 'Pending');
    assert.match(failed?.lastProblem ?? '', /535.*\[redacted\]/);
    assert.doesNotMatch(failed?.lastProblem ?? '', /another secret/);
  });

  it('is not sent to a server whose certificate nobody vouches for', async () => {
    const server = { ...mail.server(), encryption: 'required' as const };
    await tell();
    assert.deepEqual(await deliver({ server }), { sent: 0, failed: 1 });
    assert.equal(smtp.arrived.length, 0);
    assert.match((await messages())[0]?.lastProblem ?? '', /certificate/);
  });

  it('is sent by several processes at once, each message by one of them', async () => {
    for (let count = 0; count < 20; count++) await tell();
    const reports = await Promise.all([deliver(), deliver(), deliver()]);
    assert.equal(
      reports.reduce((sum, { sent }) => sum + sent, 0),
      20,
    );
    assert.equal(new Set(smtp.arrived.map((one) => one.mail.messageId)).size, 20);
    assert.equal(smtp.arrived.length, 20);
  });

  it('that is broken off is due again under the same id', async () => {
    await tell();
    const stopped = new AbortController();
    smtp.onMessage = () => {
      stopped.abort();
      return undefined;
    };
    await deliver({ signal: stopped.signal });
    assert.deepEqual(await states(), ['Pending 0']);
    clock.advance(120_000);
    smtp.onMessage = () => undefined;
    const renamed = { ...mail.server(), from: 'other@elsewhere.example' };
    assert.deepEqual(await deliver({ server: renamed }), { sent: 1, failed: 0 });
    const [first, second] = smtp.arrived.map((one) => one.mail.messageId);
    assert.equal(first, second);
    assert.match(first ?? '', /@example\.org>$/);
    assert.ok((await messages())[0]?.occurredAt.equals(NOW));
  });
});
