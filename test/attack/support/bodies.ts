import { randomUUID } from 'node:crypto';
import { FIRST_MANIFEST, LATER_BATCH } from '../../conformance/cases/reported.ts';
import { REPORTED_SUBSCRIPTIONS } from '../../conformance/reported-fixture.ts';
import { BILLING_BODIES } from './billing.ts';

const STAMP_TOKEN = { registrationToken: 'eyJ.e30.x' };
const registrationOf = (id: string): string =>
  `/subscriptions/${id}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/stamp`;

/** The role of readers, by the id of its definition. */
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const offerOf = (id: string): string =>
  `/subscriptions/${id}/resourceGroups/g/providers/Microsoft.Subscriptions.Admin/offers/gold`;

/** Bodies that name the id wherever one can be named, by operation. */
const BODIES: Readonly<Record<string, (id: string) => readonly unknown[]>> = {
  putSubscription: (id) => [
    { displayName: 'taken', offerId: '/delegatedProviders/default/offers/none' },
    { displayName: 'taken', offerId: `/delegatedProviders/${id}/offers/gold` },
  ],
  renameSubscription: () => [{ displayName: 'renamed' }],
  putTenantSubscription: (id) => [
    { displayName: 'a', owner: 'b', tenantId: randomUUID(), offerId: offerOf(id) },
    { displayName: 'a', owner: 'b', delegatedProviderSubscriptionId: id },
  ],
  changeTenantSubscription: (id) => [
    { displayName: 'renamed', state: 'Disabled' },
    { delegatedProviderSubscriptionId: id, offerId: offerOf(id) },
  ],
  moveSubscriptions: (id) => [
    { resources: [id] },
    { resources: [`/subscriptions/${id}`], targetDelegatedProviderOffer: offerOf(id) },
  ],
  validateMoveSubscriptions: (id) => [
    { resources: [id] },
    { resources: [`/subscriptions/${id}`], targetDelegatedProviderOffer: offerOf(id) },
  ],
  checkNameAvailability: (id) =>
    ['subscriptions', 'offers', 'directoryTenants'].map((type) => ({
      name: id,
      resourceType: `Microsoft.Subscriptions.Admin/${type}`,
    })),
  putOfferDelegation: (id) => [{ properties: { subscriptionId: id } }],
  putAcquiredPlan: (id) => [{ planId: offerOf(id).replace('offers', 'plans') }],
  putProviderOffer: (id) => [{ properties: { basePlanIds: [offerOf(id)] } }],
  putDirectoryTenant: (id) => [{ properties: { tenantId: id } }],
  // Whom a role is for may be anybody; the id is in the path.
  assignRole: () => [
    {
      properties: { roleDefinitionId: READER, principalId: '99999999-0000-4000-8000-000000000000' },
    },
  ],
  putCommerceSubscription: (id) => [
    { displayName: 'a', kind: 'CSP', partnerId: 'b', tenantId: id, state: 'Enabled' },
  ],
  updateCommerceSubscription: (id) => [{ displayName: 'a', tenantId: id, state: 'Enabled' }],
  putRegistration: () => [{ location: 'global', properties: STAMP_TOKEN }],
  updateRegistration: () => [
    { properties: STAMP_TOKEN },
    { properties: { expiration: '2999-01-01T00:00:00Z' } },
  ],
  moveRegistrations: (id) => [
    {
      resources: [registrationOf(id)],
      targetResourceGroup: `/subscriptions/${REPORTED_SUBSCRIPTIONS.reportingSubscription}/resourceGroups/b`,
    },
    {
      resources: [registrationOf(REPORTED_SUBSCRIPTIONS.reportingSubscription)],
      targetResourceGroup: `/subscriptions/${id}/resourceGroups/azurestack`,
    },
  ],
  putCustomerSubscription: (id) => [
    undefined,
    { properties: { tenantId: id, effectiveFrom: '2999-01-01T00:00:00Z' } },
  ],
  putActivation: () => [{ properties: { activationKey: 'eyJ.e30.x' } }],
  makeRegistrationToken: () => [
    { billingModel: 'Custom', agreementNumber: 'a', assetTag: 'b', from: '2018-06-01T00Z' },
  ],
  putReportingCredential: () => [STAMP_TOKEN],
  putReportedBatch: () => [JSON.parse(LATER_BATCH)],
  putReportedWindow: () => [FIRST_MANIFEST],
  ...BILLING_BODIES,
};

/** Bodies with the id for an operation that takes one; one without a body for any other. */
export function bodiesWith(operation: string, id: string): readonly unknown[] {
  return BODIES[operation]?.(id) ?? [undefined];
}

/** A usage event that is all right, for this subscription. */
export function usageEvent(subscriptionId: string, changes: object = {}): object {
  return {
    specversion: '1.0',
    type: 'stackmeter.usage',
    id: randomUUID(),
    source: '/attack',
    subject: subscriptionId,
    time: '2018-06-02T04:00:00Z',
    data: {
      subscriptionId,
      resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/vm`,
      meterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
      quantity: '1',
      usageStartTime: '2018-06-02T03:00:00Z',
      usageEndTime: '2018-06-02T04:00:00Z',
      location: 'local',
      ...changes,
    },
  };
}
