import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { SYSTEM } from '../../audit/index.ts';
import { createMetrics, silentLog } from '../../platform/index.ts';
import { enqueueMail } from './enqueue.ts';
import { countMailSince } from './message-store.ts';
import { registerMailMetrics } from './metrics.ts';
import type { Replay } from './replay-request.ts';
import { replayMail } from './replay.ts';
import { createMailSender } from './sender.ts';
import { refusal } from './test-smtp.ts';
import { NOW, OVERDUE, withTestMail } from './test-mail.ts';

const DAY_MS = 24 * 3_600_000;

describe('e-mail that waits', () => {
  const mail = withTestMail();
  const { test, smtp, clock, tell, deliver, messages, states } = mail;
  const replay = (which: Replay) =>
    test.database.transaction((tx) => replayMail(tx, which, { clock, actor: SYSTEM }));

  it('is never of what was rolled back', async () => {
    const rolledBack = test.database.transaction(async (tx) => {
      await enqueueMail(tx, {
        template: 'invoice.overdue',
        parameters: OVERDUE,
        to: 'pay@acme.example',
        language: 'en',
        accountId: mail.account,
        occurredAt: NOW,
      });
      throw new Error('no');
    });
    await assert.rejects(rolledBack, /no/);
    assert.deepEqual(await messages(), []);
  });

  it('is told where there is no server, and sent once there is one', async () => {
    await tell();
    assert.deepEqual(await deliver({ server: undefined }), { sent: 0, failed: 0 });
    assert.deepEqual(await states(), ['Undeliverable 0']);
    assert.match((await messages())[0]?.lastProblem ?? '', /no mail server is configured/);
    clock.advance(6 * DAY_MS);
    assert.deepEqual(await deliver(), { sent: 1, failed: 0 });
  });

  it('is not sent by itself when a server comes after more than a week', async () => {
    await tell();
    await deliver({ server: undefined });
    clock.advance(8 * DAY_MS);
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
    assert.deepEqual(await states(), ['Dead 0']);
    assert.equal(await replay({ dead: true }), 1);
    assert.deepEqual(await deliver(), { sent: 1, failed: 0 });
  });

  it('is dead at once where the address is none, and stays so', async () => {
    await tell({ to: 'a@acme.example\r\nBcc: b@acme.example' });
    const [one] = await messages();
    assert.deepEqual([one?.state, one?.recipient], ['Dead', 'a@acme.example Bcc: b@acme.example']);
    assert.equal(await replay({ dead: true }), 0);
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
    assert.equal(smtp.arrived.length, 0);
  });

  it('is sent again when somebody asks', async () => {
    smtp.onRecipient = () => refusal(550, 'no');
    await tell();
    await deliver();
    smtp.onRecipient = () => undefined;
    clock.advance(1000);
    await tell();
    await deliver();
    const [second, first] = await messages();
    assert.deepEqual([second?.state, first?.state], ['Sent', 'Dead']);
    assert.equal(await replay({ messageId: second!.messageId }), 1);
    assert.equal(await replay({ since: clock.now() }), 1);
    assert.equal(await replay({ dead: true }), 1);
    assert.deepEqual(await deliver(), { sent: 2, failed: 0 });
    for (const messageId of [randomUUID(), 'none']) {
      await assert.rejects(replay({ messageId }), { code: 'MailMessageNotFound' });
    }
  });

  it('is forgotten: sent after a month, unsent after a year', async () => {
    await tell();
    await deliver();
    await tell();
    await deliver({ server: undefined });
    clock.advance(31 * DAY_MS);
    await deliver({ server: undefined });
    assert.deepEqual(await states(), ['Undeliverable 0']);
    clock.advance(340 * DAY_MS);
    await deliver({ server: undefined });
    assert.deepEqual(await states(), []);
  });

  it('is counted', async () => {
    const metrics = createMetrics();
    registerMailMetrics(metrics, { database: test.database, clock });
    await tell();
    await tell({ to: 'none' });
    clock.advance(90_000);
    const first = (await metrics.text()).body;
    assert.match(first, /^stackmeter_mail_pending 1$/m);
    assert.match(first, /^stackmeter_mail_dead 1$/m);
    assert.match(first, /^stackmeter_mail_oldest_unsent_seconds 90$/m);
    await deliver({ server: undefined });
    assert.match((await metrics.text()).body, /^stackmeter_mail_undeliverable 1$/m);
    assert.equal(await countMailSince(test.database.pool, mail.account, NOW), 0);
    const before = NOW.subtract({ seconds: 1 });
    assert.equal(await countMailSince(test.database.pool, mail.account, before), 2);
  });

  it('is sent while a server runs, at once when it is woken', async () => {
    const arrived = Promise.withResolvers<undefined>();
    smtp.onMessage = () => {
      arrived.resolve(undefined);
      return undefined;
    };
    const sender = createMailSender({
      database: test.database,
      clock,
      log: silentLog,
      config: { smtpUrl: `smtp://127.0.0.1:${smtp.port}` },
    });
    sender.start();
    await tell();
    sender.wake();
    const ticking = setInterval(() => sender.wake(), 50);
    await arrived.promise;
    clearInterval(ticking);
    await sender.stop();
    assert.equal(smtp.arrived.length, 1);
  });
});
