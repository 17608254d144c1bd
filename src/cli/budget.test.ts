import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addCustomer } from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { enqueueMail } from '../commerce/mail/index.ts';
import { Decimal, parseCurrency, type SubscriptionId } from '../kernel/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-budget-'));
after(() => rmSync(folder, { recursive: true }));

describe('budget and mail', () => {
  const db = withTestDatabase();
  let customer: SubscriptionId;
  before(async () => {
    customer = await addCustomer(db.database, { name: 'Acme' });
  });

  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };

  it('add makes a budget and changes it; list, status and remove tell of it', async () => {
    const terms = ['--account', customer, '--amount', '1200', '--grain', 'Month'];
    const places = ['location=paris', 'location=lyon', 'tag=env:prod'];
    const alerts = ['80%', 'forecast:100%', '1500'];
    const options = [
      ...places.flatMap((text) => ['--filter', text]),
      ...alerts.flatMap((text) => ['--alert', text]),
    ];
    const told = ['--email', 'it@acme.example', '--webhook'];
    const added = await runJson('budget', 'add', 'it', ...terms, ...options, ...told);
    const notify = { emails: ['it@acme.example'], webhook: true };
    assert.deepEqual(added.alerts, [
      { of: 'actual', unit: 'percent', threshold: '80', notify },
      { of: 'forecast', unit: 'percent', threshold: '100', notify },
      { of: 'actual', unit: 'amount', threshold: '1500', notify },
    ]);
    assert.deepEqual(added.filters, { location: ['lyon', 'paris'], tag: ['env:prod'] });
    assert.match(
      (await run('budget', 'add', 'it', '--account', customer, '--amount', '900')).out,
      /is as you said: 900 USD, 3 alerts/,
    );
    assert.match((await run('budget', 'list')).out, /^Acme +it +Month +buying +900 +USD/m);
    const [listed, ...others] = await runJson('budget', 'list', '--account', customer);
    assert.deepEqual([listed.amount, others.length], ['900', 0]);
    assert.deepEqual(await runJson('budget', 'list', '--account', 'provider'), []);
    const status = await runJson('budget', 'status', 'it', '--account', customer);
    assert.deepEqual(
      [status.current.spent, status.current.percent, status.history],
      ['0', '0', []],
    );
    assert.match((await run('budget', 'status', 'it', '--account', customer)).out, /^spent: +0$/m);
    const removed = await run('budget', 'remove', 'it', '--account', customer);
    assert.match(removed.out, /it of Acme is gone/);
    assert.deepEqual(await runJson('budget', 'list'), []);
  });

  it('add and the others say what is wrong', async () => {
    for (const [argv, message] of [
      [['add', 'x', '--account', customer], /amount/],
      [['add', 'x', '--amount', 'much'], /above zero/],
      [['add', 'x', '--amount', '1', '--alert', 'soon'], /80%, 1200 or forecast:100%/],
      [['add', 'x', '--amount', '1', '--email', 'a@b.example'], /at which threshold/],
      [['add', 'x', '--amount', '1', '--alert', '80%', '--email', 'a'], /one address/],
      [['add', 'x', '--amount', '1', '--filter', 'location'], /NAME=VALUE/],
      [['add', 'x', '--amount', '1', '--filter', 'place=a'], /the names are/],
      [['add', 'x', '--amount', '1', '--view', 'buying'], /buys from nobody/],
      [['status', 'none'], /no budget 'none'/],
      [['remove', 'none'], /no budget 'none'/],
    ] as const) {
      const { exitCode, err } = await run('budget', ...argv);
      assert.equal(exitCode, 1, argv.join(' '));
      assert.match(err, message);
    }
  });

  it('mail list and replay tell what waits', async () => {
    const [account] = (await runJson('account', 'list', '--kind', 'customer')) as {
      accountId: string;
    }[];
    await db.database.transaction((tx) =>
      enqueueMail(tx, {
        template: 'invoice.overdue',
        to: 'pay@acme.example',
        language: 'en',
        accountId: account!.accountId,
        occurredAt: Temporal.Instant.from('2026-11-18T11:06:40Z'),
        parameters: {
          account: 'Acme',
          seller: 'Provider',
          number: 'PRO-1',
          dueDate: '2026-11-03',
          daysOverdue: 15,
          open: Decimal.fromBigInt(5n),
          currency: parseCurrency('EUR')!,
        },
      }),
    );
    const { out } = await run('mail', 'list', '--state', 'Pending', '--account', customer);
    assert.match(out, /pay@acme\.example +Reminder: invoice PRO-1 is overdue/);
    const [mail] = await runJson('mail', 'list');
    assert.equal(mail.state, 'Pending');
    assert.deepEqual(await runJson('mail', 'list', '--account', 'provider'), []);
    assert.deepEqual(await runJson('mail', 'replay', '--message', mail.messageId), { messages: 1 });
    assert.match((await run('mail', 'replay', '--dead')).out, /^0 e-mails are due again/);
    assert.match((await run('mail', 'replay')).err, /one of --message, --since and --dead/);
    assert.match((await run('mail', 'list', '--limit', '0')).err, /1 to 1000/);
  });
});
