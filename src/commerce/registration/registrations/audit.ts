import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { resourceIdOf, type Registration } from './registration.ts';

/** What the audit trail keeps of a registration. */
export function detailOf(one: Registration): Record<string, unknown> {
  return {
    registrationId: one.registrationId,
    resourceId: resourceIdOf(one),
    cloudId: one.cloudId,
    billingModel: one.billingModel,
    usageReporting: one.usageReporting,
    marketplaceSyndication: one.marketplaceSyndication,
    agreementNumber: one.agreementNumber ?? null,
    assetTag: one.assetTag ?? null,
    principalId: one.principalId,
    state: one.state,
    expiration: one.expiresAt?.toString() ?? null,
  };
}

/** Tells of a change, with what was before and what is after. */
export async function tellRegistration(
  tx: Queryable,
  { clock, actor }: Changing,
  verb: 'write' | 'delete',
  before: Registration | undefined,
  after: Registration,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.AzureStack/registrations/${verb}`,
    target: resourceIdOf(after),
    detail: { before: before === undefined ? null : detailOf(before), after: detailOf(after) },
  });
}
