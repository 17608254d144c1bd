/** Where usage goes for billing elsewhere, and how far it is. */
export interface Adapter {
  readonly adapterId: string;
  readonly name: string;
  readonly kind: string;
  readonly accountId: string;
  readonly state: 'Enabled' | 'Disabled' | 'Parked';
  /** Without secrets. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Hours of usage that it has not delivered yet. */
  readonly lagHours?: number;
  /** Events that wait for a mapping. */
  readonly held?: number;
  readonly deadLetters?: number;
  /** End of the last window that was delivered. */
  readonly deliveredTo?: string;
  readonly problem?: string;
}

/** An event that was refused, with the answer. */
export interface DeadLetter {
  readonly eventId: string;
  readonly window: string;
  readonly subscriptionId?: string;
  readonly meterId?: string;
  readonly quantity?: string;
  readonly status?: number;
  readonly answer?: string;
  readonly failedAt?: string;
}

/** What was delivered of a window. */
export interface AdapterDelivery {
  readonly deliveryId: string;
  readonly window: string;
  /** The stamp: each has windows of its own. */
  readonly registrationId?: string;
  readonly state: string;
  readonly events?: number;
  readonly held?: number;
  readonly deadLetters?: number;
  readonly deliveredAt?: string;
}

/** What would be sent for a window; nothing is. */
export interface DryRun {
  readonly window: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** What is not mapped, and would be held. */
  readonly held?: readonly Readonly<Record<string, unknown>>[];
  /** Whether there is more than the thousand shown. */
  readonly more?: boolean;
}
