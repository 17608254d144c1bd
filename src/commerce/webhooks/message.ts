import type { Instant } from '../../kernel/index.ts';

/** What others are told of. */
export const webhookEventTypes = [
  'period.in-review',
  'invoice.issued',
  'invoice.document-ready',
  'credit-note.issued',
  'debit-note.issued',
  'invoice.overdue',
  'payment.received',
  'account.parked',
  'account.resumed',
  'budget.alert',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** Something that happened, as it is handed over to be told. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  readonly occurredAt: Instant;
  /** Ids of the account that it is about and of all above it: their endpoints hear of it. */
  readonly accountIds: readonly string[];
  /** What is JSON; decimals as texts. Never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads the name of a type in any case; undefined for anything else. */
export function parseEventType(text: string): WebhookEventType | undefined {
  return webhookEventTypes.find((type) => type === text.toLowerCase());
}

/** The type with which an endpoint is tried; it goes to that endpoint alone. */
export const TEST_EVENT = 'webhook.test';

/** The body as it is sent: kept byte for byte, since signatures are over its bytes. */
export function payloadOf(
  type: string,
  occurredAt: Instant,
  data: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ type, timestamp: occurredAt.toString(), data });
}
