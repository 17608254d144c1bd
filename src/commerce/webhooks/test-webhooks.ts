import { randomUUID } from 'node:crypto';
import { beforeEach, mock } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { fixedClock, type FixedClock, type Queryable } from '../../platform/index.ts';
import { holdPresent, parseAccountId, type AccountId } from '../accounts/index.ts';
import { addEndpoint, webhookEndpoints } from './change.ts';
import { deliverWebhooks, type DeliveryReport, type DeliveryRoom } from './deliver.ts';
import type { EndpointChange, WebhookEndpoint } from './endpoint.ts';
import { enqueueWebhook } from './enqueue.ts';
import type { WebhookEvent } from './message.ts';
import { listMessages, type SentMessage } from './message-store.ts';
import { withTestReceiver, type Received, type TestReceiver } from './test-receiver.ts';

export const NOW = Temporal.Instant.from('2026-11-18T11:06:40Z');

/** Messages to a receiver on this machine, at the time of a clock that stands still. */
export interface TestWebhooks {
  readonly test: TestDatabase;
  readonly receiver: TestReceiver;
  readonly clock: FixedClock;
  readonly changing: Changing;
  /** The account that things happen to. */
  readonly account: AccountId;
  readonly add: (
    path?: string,
    change?: EndpointChange,
    accountId?: AccountId,
  ) => Promise<{ readonly id: string; readonly secret: string }>;
  readonly hold: (tx: Queryable, id: string) => Promise<WebhookEndpoint>;
  readonly tell: (event?: Partial<WebhookEvent>) => Promise<void>;
  readonly deliver: (more?: Partial<DeliveryRoom>) => Promise<DeliveryReport>;
  readonly messagesOf: (id: string) => Promise<SentMessage[]>;
  readonly statesOf: (id: string) => Promise<string[]>;
  /** Reads the last message, or another, as a receiver does; throws when the signature is another's. */
  readonly verify: (secret: string, received?: Pick<Received, 'body' | 'headers'>) => unknown;
}

/** Gives the `describe` in which it is called webhooks, none of them before each test. */
export function withTestWebhooks(): TestWebhooks {
  const test = withTestDatabase();
  const receiver = withTestReceiver();
  const clock = fixedClock(NOW);
  const changing = { clock, actor: SYSTEM };
  const account = parseAccountId(randomUUID())!;
  beforeEach(async () => {
    clock.set(NOW);
    receiver.received.length = 0;
    receiver.answer = (response) => response.writeHead(204).end();
    await test.database.pool.query('delete from webhook_endpoint; delete from webhook_message');
  });
  const messagesOf = (id: string): Promise<SentMessage[]> =>
    listMessages(test.database.pool, id, { limit: 100 });
  return {
    test,
    receiver,
    clock,
    changing,
    account,
    add: async (path = '/', change = {}, accountId = account) => {
      const wanted = { url: receiver.url + path, ca: receiver.ca, ...change };
      const { endpoint, secret } = await test.database.transaction((tx) =>
        addEndpoint(tx, { endpointId: randomUUID(), accountId }, wanted, changing),
      );
      return { id: endpoint.endpointId, secret };
    },
    hold: (tx, id) => holdPresent(tx, webhookEndpoints, { id }),
    tell: (event = {}) =>
      test.database.transaction((tx) =>
        enqueueWebhook(tx, {
          type: 'invoice.issued',
          occurredAt: clock.now(),
          accountIds: [account],
          data: { number: 'INV-2026-000001', amount: '10.00' },
          ...event,
        }),
      ),
    deliver: (more = {}) =>
      deliverWebhooks({ database: test.database, clock, jitter: () => 0, ...more }),
    messagesOf,
    statesOf: async (id) =>
      (await messagesOf(id)).map(({ state, attempts }) => `${state} ${attempts}`),
    verify: (secret, { body, headers } = receiver.received.at(-1)!) => {
      // Its time is that of the machine.
      mock.timers.enable({ apis: ['Date'], now: clock.now().epochMilliseconds });
      try {
        return new Webhook(secret).verify(body, headers);
      } finally {
        mock.timers.reset();
      }
    },
  };
}
