import type { Instant, PrincipalId, SubscriptionId } from '../../../kernel/index.ts';
import type { BillingModel } from '../../../reporting/index.ts';

/** Where a registration is, as its address says it. */
export interface RegistrationPlace {
  readonly subscriptionId: SubscriptionId;
  readonly resourceGroup: string;
  readonly name: string;
}

/** A stamp that is known here, and how its use is paid for. */
export interface Registration extends RegistrationPlace {
  /** A GUID; stays when the registration is moved or made again. */
  readonly registrationId: string;
  /** The same for rows. */
  readonly number: number;
  /** Tells the stamp from all others; a GUID in lower case. */
  readonly cloudId: string;
  readonly billingModel: BillingModel;
  readonly usageReporting: boolean;
  readonly marketplaceSyndication: boolean;
  readonly agreementNumber: string | undefined;
  readonly assetTag: string | undefined;
  /** The client as which the stamp reports. */
  readonly principalId: PrincipalId;
  /** When the token in force was made, that of a key that was rotated to included. To the second. */
  readonly tokenIssuedAt: Instant;
  /** Reset: the directory of its subscription changed, and it has to be made again. */
  readonly state: 'Active' | 'Reset' | 'Removed';
  /** A GUID; another one after each change. */
  readonly etag: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Undefined: never. */
  readonly expiresAt: Instant | undefined;
  readonly removedAt: Instant | undefined;
}

export type RegistrationStatus = 'Registered' | 'Expired' | 'Reset' | 'Removed';

export function statusOf(
  { state, expiresAt }: Pick<Registration, 'state' | 'expiresAt'>,
  now: Instant,
): RegistrationStatus {
  if (state !== 'Active') return state;
  const isOver = expiresAt !== undefined && Temporal.Instant.compare(expiresAt, now) <= 0;
  return isOver ? 'Expired' : 'Registered';
}

/** The registration as a resource: `/subscriptions/../registrations/{name}`. */
export function resourceIdOf({ subscriptionId, resourceGroup, name }: RegistrationPlace): string {
  return (
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}` +
    `/providers/Microsoft.AzureStack/registrations/${name}`
  );
}

/** What is odd about a registration and allowed all the same; undefined for nothing. */
export function warningOf({
  billingModel,
  usageReporting,
}: Pick<Registration, 'billingModel' | 'usageReporting'>): string | undefined {
  if (billingModel !== 'PayAsYouUse' || usageReporting) return undefined;
  return 'Usage is not reported although the billing model is PayAsYouUse: it is collected on the stamp and not billed.';
}
