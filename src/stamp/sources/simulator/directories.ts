import {
  hourStart,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type HourNumber,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import type { DirectoryTenant, Subscription } from '../../directory/index.ts';
import { guidFrom, mix, type Seed } from './random.ts';

/** The subscriptions of the stamp by what they are for; workloads name them so. */
export type SubscriptionKey =
  | 'provider'
  | 'harbourOperations'
  | 'harbourAnalytics'
  | 'harbourDevelopment'
  | 'clinicRecords'
  | 'clinicImaging'
  | 'clinicTest'
  | 'libraryWeb'
  | 'libraryArchive';

interface DirectoryPlan {
  readonly name: string;
  readonly subscriptions: readonly (readonly [
    key: SubscriptionKey,
    displayName: string,
    owner: string,
  ])[];
}

/** The provider's own directory comes first; the others are customers. */
const PLANS: readonly DirectoryPlan[] = [
  {
    name: 'cloud-operations.example',
    subscriptions: [
      ['provider', 'Default Provider Subscription', 'operator@cloud-operations.example'],
    ],
  },
  {
    name: 'harbour-logistics.example',
    subscriptions: [
      ['harbourOperations', 'Harbour operations', 'nadia.okafor@harbour-logistics.example'],
      ['harbourAnalytics', 'Harbour analytics', 'tomas.lind@harbour-logistics.example'],
      ['harbourDevelopment', 'Harbour development', 'tomas.lind@harbour-logistics.example'],
    ],
  },
  {
    name: 'alpine-clinics.example',
    subscriptions: [
      ['clinicRecords', 'Clinic records', 'helene.maurer@alpine-clinics.example'],
      ['clinicImaging', 'Clinic imaging', 'helene.maurer@alpine-clinics.example'],
      ['clinicTest', 'Clinic test', 'jules.perrin@alpine-clinics.example'],
    ],
  },
  {
    name: 'city-library.example',
    subscriptions: [
      ['libraryWeb', 'Library web', 'amara.silva@city-library.example'],
      ['libraryArchive', 'Library archive', 'amara.silva@city-library.example'],
    ],
  },
];

/** Who holds an account on the stamp. */
export interface SimulatedDirectories {
  readonly directories: readonly DirectoryTenant[];
  /** The default provider subscription comes first. */
  readonly subscriptions: readonly Subscription[];
  idOf(key: SubscriptionKey): SubscriptionId;
}

/** The directories and subscriptions of a seed, all of them made by the operator directly. */
export function simulatedDirectories(seed: Seed, startHour: HourNumber): SimulatedDirectories {
  const ids = new Map<SubscriptionKey, SubscriptionId>();
  for (const [key] of PLANS.flatMap((plan) => plan.subscriptions)) {
    ids.set(key, subscriptionIdFrom(mix(seed, 100 + ids.size)));
  }
  const idOf = (key: SubscriptionKey): SubscriptionId => {
    const id = ids.get(key);
    if (id === undefined) throw new RangeError(`There is no simulated subscription ${key}.`);
    return id;
  };
  const directories = PLANS.map((plan, index) => tenantOf(seed, plan, index));
  const createdAt = hourStart(startHour);
  const subscriptions = PLANS.flatMap((plan, index) => {
    const { tenantId } = tenantOf(seed, plan, index);
    return plan.subscriptions.map(([key, displayName, owner]): Subscription => ({
      subscriptionId: idOf(key),
      displayName,
      owner,
      tenantId,
      delegatedProviderSubscriptionId: key === 'provider' ? undefined : idOf('provider'),
      offerId: undefined,
      routingResourceManagerType: key === 'provider' ? 'Admin' : 'Default',
      state: 'Enabled',
      origin: 'simulated',
      createdAt,
    }));
  });
  return { directories, subscriptions, idOf };
}

function tenantOf(seed: Seed, plan: DirectoryPlan, index: number): DirectoryTenant {
  return { tenantId: tenantIdFrom(mix(seed, 200 + index)), name: plan.name };
}

function subscriptionIdFrom(seed: Seed): SubscriptionId {
  return checked(parseSubscriptionId(guidFrom(seed)));
}

function tenantIdFrom(seed: Seed): DirectoryTenantId {
  return checked(parseDirectoryTenantId(guidFrom(seed)));
}

function checked<T>(id: T | undefined): T {
  if (id === undefined) throw new TypeError('A generated id is no GUID.');
  return id;
}
