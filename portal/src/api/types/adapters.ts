/** What the other side is, and what it calls things. */
export interface AdapterSettings {
  readonly url?: string;
  /** Null takes it away. */
  readonly ca?: string | null;
  readonly meters?: Readonly<Record<string, string>>;
  readonly customers?: Readonly<Record<string, string>>;
  readonly includeFree?: boolean;
  readonly decimals?: number;
}

/** What somebody says of an adapter; what is not said stays. */
export interface AdapterTerms {
  readonly name: string;
  readonly kind?: string;
  readonly accountId?: string;
  readonly secret?: string;
  readonly startWindow?: string;
  readonly settings: AdapterSettings;
}

/** One that was just made, with the key that was made for it; told once. */
export interface MadeAdapter extends Adapter {
  readonly secret?: string;
}

/** Where usage goes for billing elsewhere, and how far it is. */
export interface Adapter {
  readonly adapterId: string;
  readonly name: string;
  readonly kind: string;
  readonly accountId: string;
  readonly state: 'Enabled' | 'Disabled' | 'Parked';
  /** Without secrets. */
  readonly settings?: AdapterSettings;
  readonly nextAttemptAt?: string;
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
  readonly meterName?: string;
  readonly unit?: string;
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
  /** Incomplete: sent as far as it could be; the rest is held or was refused. */
  readonly state: 'Sending' | 'Delivered' | 'Incomplete';
  readonly events?: number;
  readonly held?: number;
  readonly deadLetters?: number;
  readonly deliveredAt?: string;
}

/** An event that the other side would not take, with why. */
export interface UnfitEvent {
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly meterName: string;
  readonly unit: string;
  readonly quantity: string;
  readonly reason: string;
}

/** What would be sent for a window; nothing is. */
export interface DryRun {
  readonly window: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** What the other side would not take. */
  readonly unfit: readonly UnfitEvent[];
  /** What is not mapped, and would be held. */
  readonly held: readonly Readonly<Record<string, unknown>>[];
  /** Whether there is more than the thousand shown. */
  readonly more: boolean;
}
