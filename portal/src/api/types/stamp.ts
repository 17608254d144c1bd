/** What the pages about the stamp read. Counts and numbers that may be large are texts. */

export interface StampSubscription {
  readonly subscriptionId: string;
  readonly delegatedProviderSubscriptionId?: string;
  readonly displayName: string;
  readonly externalReferenceId?: string;
  readonly owner: string;
  readonly tenantId: string;
  readonly offerId?: string;
  readonly state: SubscriptionState;
}

export const subscriptionStates = [
  'Enabled',
  'Warned',
  'PastDue',
  'Disabled',
  'Deleting',
  'PartiallyDeleted',
  'Deleted',
] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

export interface KnownSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly offerId?: string;
}

export interface DirectoryTenant {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly tenantId: string };
}

export interface AcquiredPlan {
  readonly acquisitionId: string;
  readonly planId: string;
  readonly provisioningState?: string;
  readonly acquisitionTime?: string;
}

export interface Offer {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly displayName?: string; readonly state?: string };
}

export interface RoleAssignment {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType?: string;
    readonly principalTenantId?: string;
    readonly providers?: readonly string[];
    readonly scope: string;
    readonly createdOn?: string;
  };
}

export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly roleName: string; readonly description?: string };
}

export interface Emitter {
  readonly principalId: string;
  readonly tenantId: string;
  readonly name?: string;
  readonly disabled: boolean;
  readonly provider?: string;
  readonly lastRecordAt?: string;
  readonly silentSince?: string;
  readonly records: string;
}

export interface Emitters {
  readonly value: readonly Emitter[];
  readonly hours: { readonly from: string; readonly to: string };
  readonly more: boolean;
}

export interface QuarantineEntry {
  readonly quarantineId: string;
  readonly state: 'held' | 'replayed' | 'discarded';
  readonly code: string;
  readonly message: string;
  readonly source?: string;
  readonly id?: string;
  readonly clientId: string;
  readonly firstReceivedAt: string;
  readonly lastReceivedAt: string;
  readonly occurrences: string;
  readonly resolvedAt?: string;
  readonly resolution?: string;
  readonly bodyBytes: string;
  readonly body: string;
}

export type ReplayResult =
  | { readonly state: 'replayed'; readonly counted: boolean }
  | { readonly state: 'held'; readonly code: string; readonly message: string };

export interface StampWindow {
  readonly granularity: 'hour' | 'day';
  readonly start: string;
  readonly end: string;
  readonly state: 'open' | 'closing' | 'closed';
  readonly origin: 'own' | 'imported';
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly rows?: string;
  readonly records?: string;
  readonly expiredAt?: string;
  readonly recordsExpiredAt?: string;
}

export interface WindowStatus {
  readonly openHour?: string;
  readonly firstHour?: string;
  readonly dueSince?: string;
  readonly lagSeconds: number;
  readonly importedOpen: number;
}

export interface WindowSums {
  readonly rows: string;
  readonly records: string;
  readonly quantity: string;
  readonly hash: string;
}

export interface WindowVerification {
  readonly equal: number;
  readonly unverifiable: number;
  readonly different: readonly {
    readonly start: string;
    readonly noted: WindowSums;
    readonly stored: WindowSums;
    readonly recomputed: WindowSums;
    readonly examples: readonly { readonly side: string; readonly row: string }[];
  }[];
  readonly next?: string;
}

export interface BridgeStatus {
  readonly cloudId: string | null;
  readonly alerts: readonly string[];
  readonly activation: {
    readonly registrationId: string;
    readonly registrationResourceId: string;
    readonly commerceUrl: string;
    readonly billingModel: string;
    readonly usageReporting: boolean;
    readonly marketplaceSyndication: boolean;
    readonly expiration: string | null;
    readonly state: string;
    readonly activatedAt: string;
  } | null;
  readonly progress: {
    readonly firstWindow: string;
    readonly nextWindow: string;
    readonly nextWindowState: 'closed' | 'open' | 'waits for an import';
    readonly releasedBefore: string | null;
    readonly lastSentAt: string | null;
    readonly failures: number;
    readonly failingSince: string | null;
    readonly retryAt: string | null;
    readonly refused: boolean;
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly advice?: string | null;
    } | null;
    readonly withoutReceipt: number;
    readonly importedTooLate: number;
  } | null;
  readonly lag?: { readonly windows: number; readonly seconds: number };
}

export interface SentWindow {
  readonly window: string;
  readonly batches: number;
  readonly rows: number;
  readonly sentAt: string;
}

export interface DryRun {
  readonly nextWindow: string;
  readonly takesNothing: { readonly code: string; readonly message: string } | null;
  readonly windows: number;
  readonly rows: number;
  readonly isComplete: boolean;
  readonly sample: { readonly batches: number; readonly bytes: number };
}

interface ComparedAmount {
  readonly rows: number;
  readonly quantity?: string;
}

export interface ReconciliationLine {
  readonly day?: string;
  readonly meterId?: string;
  readonly meterName?: string;
  readonly unit?: string;
  readonly subscriptionId?: string;
  readonly stamp: ComparedAmount;
  readonly received: ComparedAmount | null;
  readonly difference: ComparedAmount | null;
  readonly billed?: ComparedAmount & {
    readonly notYetRated: ComparedAmount;
    readonly unexplained: ComparedAmount;
  };
  readonly causes: readonly {
    readonly cause: string;
    readonly rows: number;
    readonly quantity?: string;
  }[];
}

export interface Reconciliation {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly ReconciliationLine[];
  readonly commerce: {
    readonly state: 'answered' | 'not activated' | 'no answer';
    readonly status?: string;
    readonly error?: { readonly code: string; readonly message: string };
  };
  readonly rows: { readonly stamp: number; readonly received: number | null };
  readonly causes: readonly {
    readonly cause: string;
    readonly rows: number;
    readonly windows?: number;
    readonly spans?: readonly { readonly from: string; readonly to: string }[];
  }[];
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly billing?: {
    readonly ratedUpTo: string | null;
    readonly rows: { readonly billed: number; readonly notYetRated: number };
    readonly unexplained: { readonly places: number };
  };
  readonly unexplained: { readonly places: number };
  readonly verdict: 'explained' | 'unexplained' | 'unknown';
}
