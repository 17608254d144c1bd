import type { Instant } from '../../../kernel/index.ts';
import { etagText } from './precondition.ts';
import { resourceIdOf, statusOf, warningOf, type Registration } from './registration.ts';

/** How the original writes that something never ends. */
export const NEVER = '9999-12-30T23:59:59Z';

/** A registration as answers have it; what follows the billing model is our own addition. */
export function toWireRegistration(
  one: Registration,
  now: Instant,
  warning: string | undefined = warningOf(one),
): object {
  return {
    id: resourceIdOf(one),
    name: one.name,
    type: 'Microsoft.AzureStack/registrations',
    location: 'global',
    etag: etagText(one.etag),
    properties: {
      objectId: one.principalId,
      cloudId: one.cloudId,
      billingModel: one.billingModel,
      registrationId: one.registrationId,
      status: statusOf(one, now),
      usageReportingEnabled: one.usageReporting,
      marketplaceSyndicationEnabled: one.marketplaceSyndication,
      expiration: one.expiresAt?.toString() ?? NEVER,
      ...(one.agreementNumber !== undefined && { agreementNumber: one.agreementNumber }),
      ...(one.assetTag !== undefined && { assetTag: one.assetTag }),
      ...(warning !== undefined && { warning }),
    },
  };
}
