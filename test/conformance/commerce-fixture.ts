import {
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  addCommerceSubscription,
  type CommerceSubscriptionKind,
} from '../../src/commerce/registration/index.ts';
import type { NewClient } from '../../src/identity/index.ts';
import {
  newStampKey,
  parseWindowName,
  writeRegistrationToken,
  type RegistrationToken,
} from '../../src/reporting/index.ts';
import type { Server } from '../../src/server/index.ts';

/** The fixed subscriptions of commerce, by the names of their placeholders. */
export const COMMERCE_SUBSCRIPTIONS = {
  baseSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a01',
  customerSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a02',
  secondCustomerSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a03',
  foreignCustomerSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a04',
  enterpriseSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a05',
  unapprovedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a06',
  payAsYouGoSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a07',
  colleagueSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6a08',
} as const;

/** Known to nobody; the directory of subscriptions fails when it is asked for it. */
export const UNRESOLVABLE_SUBSCRIPTION = '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6aee';

/** Directories of customers. */
const DIRECTORIES = {
  customerDirectory: '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7b01',
  secondCustomerDirectory: '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7b02',
} as const;

type Name = keyof typeof COMMERCE_SUBSCRIPTIONS;

const idOf = (name: Name): SubscriptionId => parseSubscriptionId(COMMERCE_SUBSCRIPTIONS[name])!;

const KINDS: Readonly<
  Record<Name, { kind: CommerceSubscriptionKind; partner?: string; approved?: true }>
> = {
  baseSubscription: { kind: 'CSPSharedServices', partner: 'fabrikam', approved: true },
  customerSubscription: { kind: 'CSP', partner: 'fabrikam' },
  secondCustomerSubscription: { kind: 'CSP', partner: 'fabrikam' },
  foreignCustomerSubscription: { kind: 'CSP', partner: 'northwind' },
  enterpriseSubscription: { kind: 'EnterpriseAgreement' },
  unapprovedSubscription: { kind: 'CSP', partner: 'fabrikam' },
  payAsYouGoSubscription: { kind: 'PayAsYouGo' },
  colleagueSubscription: { kind: 'CSPSharedServices', partner: 'fabrikam', approved: true },
};

/** Tokens of stamps, by the names of their placeholders: which stamp, and what it states. */
const TOKENS: Readonly<Record<string, { stamp: number } & Partial<RegistrationToken>>> = {
  firstToken: { stamp: 1 },
  firstCapacityToken: { stamp: 1, billingModel: 'Capacity', agreementNumber: 'EA-4711' },
  secondToken: { stamp: 2 },
  capacityToken: { stamp: 3, billingModel: 'Capacity', agreementNumber: 'EA-4711' },
  tokenWithoutAgreement: { stamp: 4, billingModel: 'Capacity' },
  tokenWithoutAssetTag: { stamp: 4, billingModel: 'Custom' },
  customToken: { stamp: 4, billingModel: 'Custom', assetTag: 'rack-7' },
  unapprovedToken: { stamp: 5 },
  enterpriseToken: { stamp: 6 },
  kitToken: { stamp: 7, billingModel: 'Development' },
  movedToken: { stamp: 8 },
};

/** Clients of commerce, by their names in cases. */
export const COMMERCE_CLIENTS: Readonly<Record<string, Omit<NewClient, 'name'>>> = {
  partner: { role: 'Owner', scope: `/subscriptions/${idOf('baseSubscription')}` },
  customer: { role: 'Reader', scope: `/subscriptions/${idOf('customerSubscription')}` },
};

/** Gives a new server what the cases of commerce know of. @returns the placeholders */
export async function writeCommerceFixture({
  database,
}: Server): Promise<Readonly<Record<string, string>>> {
  const changing = { clock: systemClock, actor: SYSTEM };
  await database.transaction(async (tx) => {
    for (const [name, { kind, partner, approved }] of Object.entries(KINDS)) {
      const tenantId =
        name === 'customerSubscription'
          ? parseDirectoryTenantId(DIRECTORIES.customerDirectory)
          : undefined;
      await addCommerceSubscription(
        tx,
        {
          subscriptionId: idOf(name as Name),
          displayName: name,
          kind,
          partnerId: partner,
          tenantId,
          multitenancyApproved: approved === true,
        },
        changing,
      );
    }
  });
  return {
    ...COMMERCE_SUBSCRIPTIONS,
    ...DIRECTORIES,
    unresolvableSubscription: UNRESOLVABLE_SUBSCRIPTION,
    ...(await writeTokens()),
  };
}

async function writeTokens(): Promise<Record<string, string>> {
  const keys = new Map<number, ReturnType<typeof newStampKey>>();
  const texts: Record<string, string> = {};
  for (const [name, { stamp, ...stated }] of Object.entries(TOKENS)) {
    const key = keys.get(stamp) ?? newStampKey();
    keys.set(stamp, key);
    const token: RegistrationToken = {
      cloudId: `a1b2c3d4-0000-4000-8000-${String(stamp).padStart(12, '0')}`,
      billingModel: 'PayAsYouUse',
      usageReporting: stated.billingModel === undefined,
      marketplaceSyndication: true,
      agreementNumber: undefined,
      assetTag: undefined,
      fromWindow: parseWindowName('2018-06-01T00Z')!,
      ...stated,
    };
    texts[name] = await writeRegistrationToken(token, key, systemClock.now());
  }
  return texts;
}
