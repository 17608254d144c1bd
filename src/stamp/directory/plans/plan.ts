import type { Brand, Instant } from '../../../kernel/index.ts';

/** Our own key of a plan, as GUID text; nobody outside sees it. */
export type PlanId = Brand<string, 'PlanId'>;

/** What a plan is called. All plans are the operator's. */
export interface PlanName {
  readonly planId: PlanId;
  readonly resourceGroup: string;
  readonly name: string;
}

/** What a plan is made from. */
export interface NewPlan {
  readonly resourceGroup: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly externalReferenceId: string;
  /** Undefined for the region of the stamp. */
  readonly location: string | undefined;
  /** Kept and given back; quotas are the resource providers' matter. */
  readonly quotaIds: readonly string[];
}

export interface Plan extends NewPlan, PlanName {
  /** Subscriptions that have acquired it and are not deleted. */
  readonly subscriptionCount: number;
  readonly createdAt: Instant;
}
