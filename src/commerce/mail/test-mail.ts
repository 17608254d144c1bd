import { randomUUID } from 'node:crypto';
import { before, beforeEach } from 'node:test';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { Decimal, parseCurrency } from '../../kernel/index.ts';
import { fixedClock, type FixedClock } from '../../platform/index.ts';
import { deliverMail, type MailReport, type MailRoom } from './deliver.ts';
import { enqueueMail } from './enqueue.ts';
import type { MailServer } from './mail-server.ts';
import type { MailMessage, NewMail } from './message.ts';
import { listMail } from './message-store.ts';
import type { InvoiceOverdueMail } from './texts/invoice-overdue.ts';
import { withTestSmtp, type TestSmtp } from './test-smtp.ts';

export const NOW = Temporal.Instant.from('2026-11-18T11:06:40Z');

export function decimal(text: string): Decimal {
  return Decimal.parse(text)!;
}

export const OVERDUE: InvoiceOverdueMail = {
  account: 'Acme & Sons',
  seller: 'Provider',
  number: 'PRO-2026-000001',
  dueDate: '2026-11-03',
  daysOverdue: 15,
  open: decimal('1234.5'),
  currency: parseCurrency('EUR')!,
};

/** Messages to a mail server on this machine, at the time of a clock that stands still. */
export interface TestMail {
  readonly test: TestDatabase;
  readonly smtp: TestSmtp;
  readonly clock: FixedClock;
  /** The account that things happen to. */
  readonly account: string;
  readonly server: () => MailServer;
  readonly tell: (mail?: Partial<Pick<NewMail, 'to' | 'language' | 'occurredAt'>>) => Promise<void>;
  readonly deliver: (more?: Partial<MailRoom>) => Promise<MailReport>;
  readonly messages: () => Promise<MailMessage[]>;
  readonly states: () => Promise<string[]>;
}

/** An account that mail can tell of. */
export async function addMailAccount({ database }: TestDatabase): Promise<string> {
  const account = randomUUID();
  await database.pool.query(
    `insert into billing_account (account_id, kind, name, series_prefix, currency, language, billing_day, time_zone,
       late_usage, wait_hours, review_days, payment_days, etag, created_at, updated_at)
     values ($1, 'provider', 'Provider', '', 'EUR', 'en', 1, 'UTC', 'NextInvoice', 24, 3, 30, $1, now(), now())`,
    [account],
  );
  return account;
}

/** Gives the `describe` in which it is called an outbox, empty before each test. */
export function withTestMail(): TestMail {
  const test = withTestDatabase();
  const smtp = withTestSmtp();
  const clock = fixedClock(NOW);
  let account = '';
  before(async () => {
    account = await addMailAccount(test);
  });
  beforeEach(async () => {
    clock.set(NOW);
    await test.database.pool.query('delete from mail_message');
  });
  const server = (): MailServer => ({
    host: '127.0.0.1',
    port: smtp.port,
    encryption: 'possible',
    login: undefined,
    ca: undefined,
    from: 'billing@example.org',
  });
  const messages = (): Promise<MailMessage[]> => listMail(test.database.pool, { limit: 100 });
  return {
    test,
    smtp,
    clock,
    get account() {
      return account;
    },
    server,
    tell: (mail = {}) =>
      test.database.transaction((tx) =>
        enqueueMail(tx, {
          template: 'invoice.overdue',
          parameters: OVERDUE,
          to: 'pay@acme.example',
          language: 'en',
          accountId: account,
          occurredAt: clock.now(),
          ...mail,
        }),
      ),
    deliver: (more = {}) =>
      deliverMail({ database: test.database, clock, server: server(), jitter: () => 0, ...more }),
    messages,
    states: async () => (await messages()).map(({ state, attempts }) => `${state} ${attempts}`),
  };
}
