/** What the overview reads of the state of the cloud. */

export interface BridgeStatus {
  readonly alerts: readonly string[];
  readonly activation: { readonly state: string; readonly expiration: string | null } | null;
  readonly progress: {
    readonly failures: number;
    readonly failingSince: string | null;
    readonly refused: boolean;
    readonly error: {
      readonly code?: string;
      readonly message?: string;
      readonly advice?: string;
    } | null;
  } | null;
  readonly lag?: { readonly windows: number; readonly seconds: number };
}

export interface Reconciliation {
  readonly verdict: string;
  readonly from: string;
  readonly to: string;
}
