import type { Instant } from '../../kernel/index.ts';
import type { BillingModel, PublicJwk } from '../../reporting/index.ts';

/** How this stamp is registered with commerce: where it reports, as whom, and whom it believes. */
export interface Activation {
  readonly registrationId: string;
  readonly registrationResourceId: string;
  /** Without a slash at its end. */
  readonly commerceUrl: string;
  /** PEM of the authority of commerce's certificate. */
  readonly ca: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** What commerce's receipts are signed with. */
  readonly statementJwk: PublicJwk;
  readonly billingModel: BillingModel;
  readonly usageReporting: boolean;
  readonly marketplaceSyndication: boolean;
  /** Undefined: never. */
  readonly expiresAt: Instant | undefined;
  /** As commerce said last: Reset and Removed ones report nothing until the stamp is registered again. */
  readonly state: 'Active' | 'Reset' | 'Removed';
  readonly etag: string;
  readonly activatedAt: Instant;
}

const HOURS_OF_NOTICE = 30 * 24;

/** Whether the registration has ended by its date. */
export function isExpired({ expiresAt }: Pick<Activation, 'expiresAt'>, now: Instant): boolean {
  return expiresAt !== undefined && Temporal.Instant.compare(expiresAt, now) <= 0;
}

/** What the operator has to do about the activation, in the words of the portal; empty when nothing. */
export function alertsOf(activation: Activation | undefined, now: Instant): string[] {
  if (activation?.state !== 'Active') return ['Activation Required'];
  if (isExpired(activation, now)) return ['Activation Expired'];
  const soon = isExpired(activation, now.add({ hours: HOURS_OF_NOTICE }));
  return soon ? ['Activation Expiring Soon'] : [];
}
