import type { SimulatedDirectories } from './directories.ts';
import {
  servicePlanLine,
  siteLine,
  workerTierLine,
  type PlanTier,
  type ServicePlanLine,
} from './families/app-service.ts';
import { DISK_TIERS, diskLine, snapshotLine, type DiskTier } from './families/disk.ts';
import { imageFor, sizesFor } from './families/machine-types.ts';
import { machineAddressLine, staticAddressLine } from './families/public-ip.ts';
import { databaseLine, eventHubsLine, vaultLine } from './families/services.ts';
import { storageAccountLine, type AccountUse } from './families/storage-account.ts';
import { machineLine } from './families/virtual-machine.ts';
import { dailyLife, projectLife, steadyLife, type LifePlan } from './life.ts';
import type { Place, ResourceLine, TagTexts } from './line.ts';
import { mix, pick, seedOf, type Seed } from './random.ts';
import { WORKLOADS, type MachineGroup, type Workload } from './workloads.ts';

/** Makes places for the lines of one workload, each with a seed of its own. */
type PlaceMaker = (line: string, tags?: TagTexts) => Place;

const NO_TAGS: TagTexts = { usual: undefined, other: undefined };

/** Every line of resources of a stamp. */
export function buildFleet(
  seed: Seed,
  sourceBase: string,
  region: string,
  directories: SimulatedDirectories,
): ResourceLine[] {
  const lines: ResourceLine[] = [];
  const plans: ServicePlanLine[] = [];
  for (const workload of WORKLOADS) {
    const placeAt = placeMaker(seed, sourceBase, region, directories, workload);
    const tags = tagTexts(workload);
    for (const group of workload.machines ?? []) addMachines(lines, placeAt, tags, group);
    addAccounts(lines, placeAt, tags, workload);
    addServices(lines, placeAt, tags, workload);
    plans.push(...addPlans(lines, placeAt, region, workload));
  }
  addWorkers(lines, seed, sourceBase, region, directories, plans);
  return lines;
}

function placeMaker(
  seed: Seed,
  sourceBase: string,
  region: string,
  directories: SimulatedDirectories,
  workload: Workload,
): PlaceMaker {
  return (name, tags = NO_TAGS) => {
    const line = `${workload.group}/${name}`;
    return {
      line,
      seed: mix(seed, seedOf(line)),
      sourceBase,
      subscriptionId: directories.idOf(workload.subscription),
      resourceGroup: workload.group,
      region,
      rhythm: workload.rhythm,
      tags,
    };
  };
}

/** A workload's tags, and those of the weeks in which its cost centre is another one. */
function tagTexts(workload: Workload): TagTexts {
  const { tags } = workload;
  if (tags === undefined) return NO_TAGS;
  const moved =
    tags['costCentre'] === undefined ? { ...tags, review: 'due' } : { ...tags, costCentre: '9000' };
  return { usual: JSON.stringify(tags), other: JSON.stringify(moved) };
}

function lifeOf(place: Place, lives: MachineGroup['lives']): LifePlan {
  const seed = mix(place.seed, 0x11fe);
  if (lives === 'daily') return dailyLife(seed);
  return lives === 'project' ? projectLife(seed) : steadyLife(seed);
}

function addMachines(
  lines: ResourceLine[],
  placeAt: PlaceMaker,
  tags: TagTexts,
  group: MachineGroup,
): void {
  for (const name of numbered(group.name, group.count)) {
    const place = placeAt(name, tags);
    const machine = machineLine(place, {
      name,
      numbered: group.lives !== 'steady',
      life: lifeOf(place, group.lives),
      schedule: group.schedule,
      image: imageFor(group.system, place.seed),
      sizes: sizesFor(place.seed),
    });
    lines.push(machine);
    if (group.publicAddress) lines.push(machineAddressLine(placeAt(`${name}/ip`), machine));
    if (group.disks === 'unmanaged') continue;
    const osTier: DiskTier = DISK_TIERS[group.system === 'windows' ? 2 : 0];
    lines.push(diskLine(placeAt(`${name}/os`), machine, 'OsDisk', osTier, group.disks));
    for (const disk of numbered('data', group.dataDisks)) {
      const diskPlace = placeAt(`${name}/${disk}`);
      const tier = pick(DISK_TIERS, mix(diskPlace.seed, 6));
      lines.push(diskLine(diskPlace, machine, 'DataDisk', tier, group.disks));
    }
  }
}

const ACCOUNT_NAMES: Readonly<Record<AccountUse, string>> = {
  machineDisks: 'vhds',
  files: 'files',
  application: 'app',
  diagnostics: 'diag',
};

function addAccounts(
  lines: ResourceLine[],
  placeAt: PlaceMaker,
  tags: TagTexts,
  workload: Workload,
): void {
  const uses: readonly AccountUse[] = ['machineDisks', 'files', 'application', 'diagnostics'];
  for (const use of uses) {
    for (const name of numbered(ACCOUNT_NAMES[use], workload.accounts?.[use] ?? 0)) {
      // files and applications carry their workload's tags; accounts that tools made have none
      const tagged = use === 'files' || use === 'application';
      const place = placeAt(`storage/${name}`, tagged ? tags : NO_TAGS);
      const account = workload.group.replaceAll('-', '').slice(0, 12) + name;
      lines.push(storageAccountLine(place, lifeOf(place, 'steady'), account, use));
    }
  }
}

function addServices(
  lines: ResourceLine[],
  placeAt: PlaceMaker,
  tags: TagTexts,
  workload: Workload,
): void {
  const { group } = workload;
  for (const name of numbered(`${group}-vip`, workload.staticAddresses ?? 0)) {
    const place = placeAt(name);
    lines.push(staticAddressLine(place, lifeOf(place, 'steady'), name));
  }
  for (const name of numbered(`${group}-snap`, workload.snapshots ?? 0)) {
    const place = placeAt(name);
    lines.push(snapshotLine(place, lifeOf(place, 'project'), name));
  }
  for (const name of numbered(`${group}-kv`, workload.vaults ?? 0)) {
    const place = placeAt(name, tags);
    lines.push(vaultLine(place, lifeOf(place, 'steady'), name));
  }
  for (const name of numbered(`${group}-sql`, workload.sqlDatabases ?? 0)) {
    const place = placeAt(name);
    lines.push(databaseLine(place, lifeOf(place, 'steady'), name, 'sqlDatabase'));
  }
  for (const name of numbered(`${group}-mysql`, workload.mySqlDatabases ?? 0)) {
    const place = placeAt(name);
    lines.push(databaseLine(place, lifeOf(place, 'steady'), name, 'mySqlDatabase'));
  }
  for (const name of numbered(`${group}-events`, workload.eventHubs ?? 0)) {
    const place = placeAt(name);
    lines.push(eventHubsLine(place, lifeOf(place, 'steady'), name));
  }
}

/** Plans and apps stand in a resource group that App Service makes, not in that of the workload. */
function addPlans(
  lines: ResourceLine[],
  placeAt: PlaceMaker,
  region: string,
  workload: Workload,
): ServicePlanLine[] {
  const web = (name: string): Place => ({
    ...placeAt(name),
    resourceGroup: `AppService.${region}`,
  });
  return (workload.plans ?? []).map(({ tier, sites, functions }) => {
    const name = `${workload.group}-${tier}`;
    const place = web(name);
    const plan = servicePlanLine(place, lifeOf(place, 'steady'), name, tier);
    lines.push(plan);
    for (const site of numbered(`${name}-site`, sites)) {
      lines.push(siteLine(web(site), plan, site, 'site'));
    }
    for (const app of numbered(`${name}-func`, functions)) {
      lines.push(siteLine(web(app), plan, app, 'functions'));
    }
    return plan;
  });
}

const WORKER_TIERS: readonly {
  readonly name: string;
  readonly tier: PlanTier;
  readonly cores: number;
}[] = [
  { name: 'Small', tier: 'small', cores: 1 },
  { name: 'Medium', tier: 'medium', cores: 2 },
  { name: 'Large', tier: 'large', cores: 4 },
];

const SHARED_WORKERS = 2;

/** Shared workers always count for the operator, dedicated ones while they serve a plan. */
function addWorkers(
  lines: ResourceLine[],
  seed: Seed,
  sourceBase: string,
  region: string,
  directories: SimulatedDirectories,
  plans: readonly ServicePlanLine[],
): void {
  const operator: Workload = {
    subscription: 'provider',
    group: `AppService.${region}`,
    rhythm: 'level',
  };
  const placeAt = placeMaker(seed, sourceBase, region, directories, operator);
  lines.push(workerTierLine(placeAt('Shared'), 'Shared', 1, () => SHARED_WORKERS));
  for (const { name, tier, cores } of WORKER_TIERS) {
    const served = plans.filter((plan) => plan.tier === tier);
    lines.push(
      workerTierLine(placeAt(name), name, cores, (at) =>
        served.reduce((workers, plan) => workers + plan.instancesIn(at), 0),
      ),
    );
  }
}

/** `web01`, `web02`, ... */
function numbered(name: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${name}${String(index + 1).padStart(2, '0')}`,
  );
}
