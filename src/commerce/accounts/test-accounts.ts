import { randomUUID } from 'node:crypto';
import { parseCurrency, parseSubscriptionId } from '../../kernel/index.ts';
import {
  parseAccountId,
  UNSAID,
  type AccountId,
  type AccountKind,
  type BillingAccount,
} from './account.ts';

/** An account that is nowhere but in a test. */
export function testAccount(
  kind: AccountKind,
  parent?: BillingAccount,
  changes: Partial<BillingAccount> = {},
): BillingAccount {
  const time = Temporal.Instant.from('2026-01-01T00:00Z');
  return {
    ...UNSAID,
    accountId: newAccountId(),
    kind,
    parentId: parent?.accountId,
    subscriptionId: kind === 'customer' ? parseSubscriptionId(randomUUID()) : undefined,
    name: kind,
    seriesPrefix: '',
    currency: parseCurrency('USD')!,
    language: 'en',
    timeZone: 'UTC',
    etag: randomUUID(),
    createdAt: time,
    updatedAt: time,
    ...changes,
  };
}

export function newAccountId(): AccountId {
  return parseAccountId(randomUUID())!;
}
