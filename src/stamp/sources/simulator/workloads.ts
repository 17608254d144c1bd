import type { SubscriptionKey } from './directories.ts';
import type { AccountUse } from './families/storage-account.ts';
import type { PlanTier } from './families/app-service.ts';
import type { Rhythm } from './rhythm.ts';

/** Machines of one make: how many, how they are kept and what they have. */
export interface MachineGroup {
  readonly count: number;
  readonly name: string;
  readonly system: 'windows' | 'linux';
  /** For years, for some weeks, or some hours of each working day. */
  readonly lives: 'steady' | 'project' | 'daily';
  readonly schedule: 'always' | 'office' | 'maintained';
  /** Unmanaged disks are page blobs of a storage account. */
  readonly disks: 'standard' | 'premium' | 'unmanaged';
  readonly dataDisks: number;
  readonly publicAddress: boolean;
}

/** A resource group and what is in it. */
export interface Workload {
  readonly subscription: SubscriptionKey;
  readonly group: string;
  readonly rhythm: Rhythm;
  readonly tags?: Readonly<Record<string, string>>;
  readonly machines?: readonly MachineGroup[];
  readonly accounts?: Readonly<Partial<Record<AccountUse, number>>>;
  readonly staticAddresses?: number;
  readonly snapshots?: number;
  readonly vaults?: number;
  /** Apps by the tier of their plan: one plan for each entry. */
  readonly plans?: readonly {
    readonly tier: PlanTier;
    readonly sites: number;
    readonly functions: number;
  }[];
  readonly sqlDatabases?: number;
  readonly mySqlDatabases?: number;
  readonly eventHubs?: number;
}

const machines = (
  count: number,
  name: string,
  system: MachineGroup['system'],
  rest: Partial<MachineGroup> = {},
): MachineGroup => ({
  count,
  name,
  system,
  lives: 'steady',
  schedule: 'maintained',
  disks: 'standard',
  dataDisks: 0,
  publicAddress: false,
  ...rest,
});

/** All resource groups of the stamp: about 400 resources at any time. */
export const WORKLOADS: readonly Workload[] = [
  {
    subscription: 'harbourOperations',
    group: 'port-planning',
    rhythm: 'office',
    tags: { costCentre: '4100', env: 'prod' },
    machines: [
      machines(6, 'plan-app', 'windows', { dataDisks: 1 }),
      machines(3, 'plan-db', 'windows', { disks: 'premium', dataDisks: 2 }),
      machines(2, 'plan-gw', 'linux', { publicAddress: true }),
    ],
    accounts: { application: 5, diagnostics: 3, files: 2 },
    staticAddresses: 2,
    vaults: 2,
    sqlDatabases: 4,
    snapshots: 2,
  },
  {
    subscription: 'harbourOperations',
    group: 'gate-cameras',
    rhythm: 'level',
    machines: [machines(5, 'gate', 'linux', { schedule: 'always', publicAddress: true })],
    accounts: { files: 4, diagnostics: 2 },
    vaults: 1,
    eventHubs: 1,
  },
  {
    subscription: 'harbourOperations',
    group: 'legacy-erp',
    rhythm: 'office',
    machines: [machines(8, 'erp', 'windows', { disks: 'unmanaged' })],
    accounts: { machineDisks: 6, diagnostics: 2 },
    staticAddresses: 1,
  },
  {
    subscription: 'harbourAnalytics',
    group: 'warehouse',
    rhythm: 'nightly',
    tags: { costCentre: '4200' },
    machines: [
      machines(4, 'wh-node', 'linux', { disks: 'premium', dataDisks: 2 }),
      machines(3, 'wh-report', 'windows'),
    ],
    accounts: { files: 6, application: 4, diagnostics: 2 },
    vaults: 1,
    eventHubs: 1,
    snapshots: 2,
  },
  {
    subscription: 'harbourDevelopment',
    group: 'dev-machines',
    rhythm: 'office',
    tags: { env: 'dev', costCentre: '4900' },
    machines: [
      machines(6, 'dev', 'windows', { schedule: 'office', publicAddress: true }),
      machines(5, 'devlin', 'linux', { schedule: 'office' }),
    ],
    accounts: { application: 4, diagnostics: 3 },
    vaults: 1,
    plans: [
      { tier: 'free', sites: 3, functions: 0 },
      { tier: 'shared', sites: 2, functions: 1 },
    ],
  },
  {
    subscription: 'harbourDevelopment',
    group: 'build-agents',
    rhythm: 'office',
    machines: [
      machines(8, 'agent', 'linux', { lives: 'daily', schedule: 'always' }),
      machines(3, 'winagent', 'windows', { lives: 'daily', schedule: 'always' }),
    ],
    accounts: { files: 2, diagnostics: 2 },
  },
  {
    subscription: 'clinicRecords',
    group: 'records-prod',
    rhythm: 'office',
    tags: { costCentre: 'Klinik-7', env: 'prod', owner: 'Hélène Maurer' },
    machines: [
      machines(4, 'rec-app', 'windows', { dataDisks: 1 }),
      machines(2, 'rec-sql', 'windows', { disks: 'premium', dataDisks: 3 }),
    ],
    accounts: { application: 6, diagnostics: 4, files: 2 },
    staticAddresses: 2,
    vaults: 3,
    sqlDatabases: 5,
    snapshots: 2,
  },
  {
    subscription: 'clinicRecords',
    group: 'patient-portal',
    rhythm: 'public',
    accounts: { application: 4, diagnostics: 2 },
    vaults: 1,
    plans: [
      { tier: 'medium', sites: 3, functions: 1 },
      { tier: 'small', sites: 2, functions: 0 },
    ],
    sqlDatabases: 2,
  },
  {
    subscription: 'clinicImaging',
    group: 'imaging',
    rhythm: 'office',
    tags: { costCentre: 'Klinik-9' },
    machines: [
      machines(5, 'img', 'windows', { disks: 'premium', dataDisks: 1 }),
      machines(3, 'img-arch', 'linux', { disks: 'unmanaged' }),
    ],
    accounts: { machineDisks: 3, files: 9, diagnostics: 2 },
    staticAddresses: 1,
    vaults: 1,
  },
  {
    subscription: 'clinicTest',
    group: 'trials',
    rhythm: 'office',
    tags: { env: 'test' },
    machines: [
      machines(6, 'trial', 'windows', {
        lives: 'project',
        schedule: 'office',
        publicAddress: true,
      }),
      machines(4, 'trial-lin', 'linux', { lives: 'project', publicAddress: true }),
    ],
    accounts: { application: 4, diagnostics: 3 },
    sqlDatabases: 1,
    snapshots: 2,
    plans: [{ tier: 'shared', sites: 2, functions: 1 }],
  },
  {
    subscription: 'libraryWeb',
    group: 'catalogue',
    rhythm: 'public',
    tags: { costCentre: 'culture' },
    machines: [
      machines(5, 'cat-web', 'linux', { schedule: 'always', publicAddress: true }),
      machines(2, 'cat-search', 'linux', { dataDisks: 1 }),
    ],
    accounts: { application: 6, diagnostics: 3, files: 3 },
    staticAddresses: 2,
    vaults: 2,
    mySqlDatabases: 6,
    plans: [
      { tier: 'small', sites: 4, functions: 1 },
      { tier: 'large', sites: 2, functions: 2 },
    ],
  },
  {
    subscription: 'libraryWeb',
    group: 'exhibitions',
    rhythm: 'public',
    machines: [
      machines(4, 'exhibit', 'linux', {
        lives: 'project',
        schedule: 'always',
        publicAddress: true,
      }),
    ],
    accounts: { application: 3, diagnostics: 2 },
    mySqlDatabases: 2,
    plans: [{ tier: 'free', sites: 3, functions: 0 }],
  },
  {
    subscription: 'libraryArchive',
    group: 'digitisation',
    rhythm: 'level',
    machines: [
      machines(3, 'scan', 'windows', { schedule: 'office', dataDisks: 1 }),
      machines(2, 'ocr', 'linux'),
      machines(3, 'store', 'linux', { disks: 'unmanaged' }),
    ],
    accounts: { machineDisks: 3, files: 8, diagnostics: 3 },
    vaults: 1,
    mySqlDatabases: 1,
  },
];
