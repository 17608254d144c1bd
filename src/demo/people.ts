import type { SubscriptionId } from '../kernel/index.ts';
import { SYSTEM } from '../audit/index.ts';
import {
  addRoleAssignment,
  addUser,
  findUser,
  newPassword,
  scopeOf,
  type Changing,
  type Role,
  type Scope,
} from '../identity/index.ts';
import type { Subscription } from '../stamp/directory/index.ts';
import type { DemoSubscriptions } from './billing.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';
import type { DemoPerson } from './state.ts';

interface Part {
  readonly userName: string;
  readonly name: string;
  readonly part: string;
  readonly tenantId: Subscription['tenantId'];
  readonly roles: readonly (readonly [role: Role, scope: Scope])[];
}

/**
 * People who see the demo from its four sides. Done once; the passwords are new for each demo.
 *
 * @returns undefined when they were there already
 */
export async function addPeople(
  { server, clock }: DemoTools,
  demo: DemoStamp,
  subscriptions: DemoSubscriptions,
): Promise<readonly DemoPerson[] | undefined> {
  const changing: Changing = { clock, actor: SYSTEM };
  const parts = partsOf(demo, subscriptions, server.stamp.homeTenantId);
  return server.database.transaction(async (tx) => {
    const [first] = parts;
    if (first === undefined || (await findUser(tx, first.userName)) !== undefined) return undefined;
    const people: DemoPerson[] = [];
    for (const { userName, name, part, tenantId, roles } of parts) {
      const password = newPassword();
      const principalId = await addUser(tx, { userName, name, tenantId, password }, changing);
      const who = { principalId, principalTenantId: tenantId, principalType: 'User' } as const;
      for (const [role, scope] of roles) {
        await addRoleAssignment(tx, { ...who, role, scope }, changing);
      }
      people.push({ userName, password, part });
    }
    return people;
  });
}

function partsOf(
  { customers }: DemoStamp,
  { base, harbour, alpine }: DemoSubscriptions,
  home: Subscription['tenantId'],
): readonly Part[] {
  const usedBy = (directory: string): readonly Subscription[] =>
    customers.filter(({ owner }) => owner.endsWith(`@${directory}.example`));
  const harbourUses = usedBy('harbour-logistics');
  const alpineUses = usedBy('alpine-clinics');
  const at = (subscriptionId: SubscriptionId): Scope => scopeOf(subscriptionId);
  return [
    {
      userName: 'operator@nimbus-operations.example',
      name: 'Camille Roux',
      part: 'operator: sees and runs everything',
      tenantId: home,
      roles: [['Operator', '/']],
    },
    {
      userName: 'partner@meridian-cloud.example',
      name: 'Jonas Brandt',
      part: 'partner: buys from the operator, sells to two customers',
      tenantId: home,
      roles: [
        ['Owner', at(base)],
        // Usage of a directory that is not mapped is the partner's to pay.
        ...idsOf(usedBy('city-library')).map((id) => ['Reader', at(id)] as const),
      ],
    },
    {
      userName: 'owner@harbour-logistics.example',
      name: 'Nadia Okafor',
      part: 'owner: the usage, cost and invoices of one customer',
      tenantId: harbourUses[0]?.tenantId ?? home,
      roles: [harbour, ...idsOf(harbourUses)].map((id) => ['Owner', at(id)] as const),
    },
    {
      userName: 'reader@alpine-clinics.example',
      name: 'Élise Favre',
      part: 'reader: sees those of another customer, in French',
      tenantId: alpineUses[0]?.tenantId ?? home,
      roles: [alpine, ...idsOf(alpineUses)].map((id) => ['Reader', at(id)] as const),
    },
  ];
}

function idsOf(subscriptions: readonly Subscription[]): SubscriptionId[] {
  return subscriptions.map(({ subscriptionId }) => subscriptionId);
}
