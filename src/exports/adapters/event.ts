import type { Instant } from '../../kernel/index.ts';
import { hourText } from './adapter.ts';

/** Usage of one meter by one subscription of a stamp, as it was reported in one window. */
export interface UsageEvent {
  /** A GUID; the same whenever the same is sent. */
  readonly eventId: string;
  /** Hour since 1970 in which it was reported. */
  readonly window: number;
  readonly registrationId: string;
  readonly accountId: string;
  readonly customerSubscriptionId: string;
  /** Of the stamp. */
  readonly subscriptionId: string;
  readonly meterId: string;
  readonly meterName: string;
  readonly unit: string;
  /** Exact, as decimal text. */
  readonly quantity: string;
  /** Hours since 1970 between which it was used; the latter is exclusive. */
  readonly usageFrom: number;
  readonly usageTo: number;
  /** What the other side calls the meter, and the customer; null: nobody has said. */
  readonly code: string | null;
  readonly customer: string | null;
}

/** An event that was refused, or is held. */
export interface LeftEvent extends UsageEvent {
  readonly status: number | null;
  readonly answer: string | null;
  readonly failedAt: Instant | null;
}

/** All that is known of an event, as JSON has it. */
export function factsOf(event: UsageEvent): Readonly<Record<string, string>> {
  return {
    eventId: event.eventId,
    window: hourText(event.window),
    registrationId: event.registrationId,
    accountId: event.accountId,
    customerSubscriptionId: event.customerSubscriptionId,
    subscriptionId: event.subscriptionId,
    meterId: event.meterId,
    meterName: event.meterName,
    unit: event.unit,
    quantity: event.quantity,
    usageFrom: hourText(event.usageFrom),
    usageTo: hourText(event.usageTo),
    ...(event.code !== null && { code: event.code }),
    ...(event.customer !== null && { customer: event.customer }),
  };
}

export function toWireDeadLetter(event: LeftEvent): Readonly<Record<string, unknown>> {
  return {
    ...factsOf(event),
    ...(event.status !== null && { status: event.status }),
    ...(event.answer !== null && { answer: event.answer }),
    ...(event.failedAt !== null && { failedAt: event.failedAt.toString() }),
  };
}
