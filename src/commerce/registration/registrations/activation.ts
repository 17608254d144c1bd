import { fail, type DirectoryTenantId } from '../../../kernel/index.ts';
import type { Clock, Database } from '../../../platform/index.ts';
import { windowName, writeActivationKey } from '../../../reporting/index.ts';
import { newestThumbprint } from './credentials.ts';
import { listReportingPeriods } from './periods.ts';
import { resourceIdOf, statusOf, type Registration } from './registration.ts';
import { readStatementKey } from './statement-key.ts';

/** Where stamps reach commerce. */
export interface CommerceAddress {
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  readonly homeTenantId: DirectoryTenantId;
  /** PEM of the authority that vouches for the address. */
  readonly ca: string;
}

/**
 * The activation key of a registration, for its stamp.
 *
 * @throws RegistrationExpired when it is over, Conflict when it was reset or removed or its client has no key
 */
export async function activationKeyOf(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  registration: Registration,
  { origin, homeTenantId, ca }: CommerceAddress,
): Promise<string> {
  const { registrationId, cloudId, principalId, billingModel, expiresAt } = registration;
  const status = statusOf(registration, clock.now());
  if (status === 'Expired' && expiresAt !== undefined) {
    throw fail('RegistrationExpired', { expiration: expiresAt.toString() });
  }
  if (status !== 'Registered') {
    const reason = `the registration is ${status === 'Reset' ? 'reset' : 'removed'} and has to be made again`;
    throw fail('Conflict', { reason });
  }
  const thumbprint = await newestThumbprint(database.pool, principalId);
  if (thumbprint === undefined) {
    throw fail('Conflict', { reason: 'the client of the stamp has no key; register it again' });
  }
  const periods = await listReportingPeriods(database.pool, registration.number);
  const open = periods.find(({ endedAt }) => endedAt === undefined);
  const key = {
    registrationId,
    resourceId: resourceIdOf(registration),
    cloudId,
    clientId: principalId,
    thumbprint,
    commerceUrl: origin,
    tokenEndpoint: `${origin}/adfs/${homeTenantId}/oauth2/token`,
    ca,
    billingModel,
    usageReporting: registration.usageReporting,
    marketplaceSyndication: registration.marketplaceSyndication,
    expiration: expiresAt?.toString(),
    nextWindow: open && windowName(open.nextWindow),
  };
  return writeActivationKey(key, await readStatementKey(database));
}
