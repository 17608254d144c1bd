import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../../platform/index.ts';
import { NOW, withTestMail } from './test-mail.ts';

describe('a sender of e-mail that is killed', () => {
  const mail = withTestMail();
  const { test, smtp, clock, tell, deliver, states } = mail;

  const spawnSender = () =>
    spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'test-send-process.ts'),
        test.url,
        `smtp://127.0.0.1:${smtp.port}`,
        NOW.toString(),
      ],
      { stdio: 'ignore' },
    );

  /** The connection of the sender, once it has its answer and waits to note it. */
  const untilNoting = async (): Promise<number> => {
    for (;;) {
      const { rows } = await test.database.pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query like 'update mail_message set state = ''Sent''%'`,
      );
      if (rows[0] !== undefined) return rows[0].pid;
      await systemClock.sleep(20);
    }
  };

  it('between the answer of the server and the note sends again, under the same id', async () => {
    await tell();
    const holding = await test.database.pool.connect();
    smtp.onMessage = async () => {
      await holding.query('begin');
      await holding.query('select from mail_message for update');
      return undefined;
    };
    const sender = spawnSender();
    const ended = once(sender, 'exit');
    const noting = await untilNoting();
    sender.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    // The machine died, not the process alone: what it asked of the database last is lost too.
    await test.database.pool.query('select pg_terminate_backend($1, 5000)', [noting]);
    await holding.query('rollback');
    holding.release();
    smtp.onMessage = () => undefined;
    assert.deepEqual(await states(), ['Pending 0']);
    assert.deepEqual(await deliver(), { sent: 0, failed: 0 });
    clock.advance(120_000);
    assert.deepEqual(await deliver(), { sent: 1, failed: 0 });
    assert.deepEqual(await states(), ['Sent 1']);
    const [first, second, ...others] = smtp.arrived.map((one) => one.mail.messageId);
    assert.equal(first, second);
    assert.equal(others.length, 0);
  });

  it('before the server answers sends again too', async () => {
    await tell();
    let kill = (): unknown => undefined;
    smtp.onMessage = async () => {
      kill();
      await ended;
      return undefined;
    };
    const sender = spawnSender();
    const ended = once(sender, 'exit');
    kill = () => sender.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    smtp.onMessage = () => undefined;
    clock.advance(120_000);
    assert.deepEqual(await deliver(), { sent: 1, failed: 0 });
    assert.equal(new Set(smtp.arrived.map((one) => one.mail.messageId)).size, 1);
  });
});
