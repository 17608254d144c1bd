import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { BillingModel } from '../../../reporting/index.ts';

/** How somebody buys: by contract, through a partner, by card, or with a subscription for developers. */
export const commerceSubscriptionKinds = [
  'EnterpriseAgreement',
  'CSP',
  'CSPSharedServices',
  'PayAsYouGo',
  'MSDN',
] as const;
export type CommerceSubscriptionKind = (typeof commerceSubscriptionKinds)[number];

/** A subscription that pays. Its id is that of no subscription of a stamp. */
export interface CommerceSubscription {
  readonly subscriptionId: SubscriptionId;
  readonly displayName: string;
  readonly kind: CommerceSubscriptionKind;
  /** The partner to whom it rolls up; those of a cloud service provider have one, others none. */
  readonly partnerId: string | undefined;
  /** Home directory of whoever it belongs to, where known. */
  readonly tenantId: DirectoryTenantId | undefined;
  /** Whether registrations under it may map customers. */
  readonly multitenancyApproved: boolean;
  readonly state: 'Enabled' | 'Disabled';
  readonly createdAt: Instant;
}

/** Reads the name of a kind in any case; undefined for anything else. */
export function parseKind(text: string): CommerceSubscriptionKind | undefined {
  return commerceSubscriptionKinds.find((kind) => kind.toLowerCase() === text.toLowerCase());
}

/** Whether a partner sells it (cloud service provider). */
export function isOfPartner(kind: CommerceSubscriptionKind): boolean {
  return kind === 'CSP' || kind === 'CSPSharedServices';
}

/** Stamps for production are sold by contract or through partners; the development kit to everybody. */
export function allowsBillingModel(kind: CommerceSubscriptionKind, model: BillingModel): boolean {
  return model === 'Development' || kind === 'EnterpriseAgreement' || isOfPartner(kind);
}
