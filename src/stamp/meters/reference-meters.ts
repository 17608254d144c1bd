import { parseMeterId, type MeterId, type UnitKind } from '../../kernel/index.ts';
import type { Meter } from './meter.ts';

/** A meter that Azure Stack Hub knows, with what is fixed about it. */
export interface ReferenceMeter extends Meter {
  readonly origin: 'reference';
  readonly unitKind: UnitKind;
  /** The resource types whose use it measures. For a few meters the type was never seen and is assumed. */
  readonly resourceTypes: readonly string[];
  /** Replaced by a later meter; emitters of older releases still send it. */
  readonly deprecated: boolean;
}

/**
 * The entry that stands for a family: each custom worker tier of App Service has an id of its own, made by the stamp
 * from the tier's name. Nothing is emitted under this id itself; an operator adds the real ones as meters of their own.
 */
export const CUSTOM_WORKER_TIERS = 'Custom Worker Tiers';

type MeterUnit = readonly [unit: string, kind: UnitKind];
type MeterRow = readonly [id: string, name: string, unit: MeterUnit];

interface MeterGroup {
  readonly resourceProvider: string;
  readonly category: string;
  readonly resourceTypes: readonly string[];
  readonly deprecated: boolean;
  readonly meters: readonly MeterRow[];
}

/*
 * Units are the wording of the interface; the kind says what is really counted where the wording does not: Web Process
 * has no unit at all, and `1 hour` is an app's hour for some meters, an instance's for others.
 */
const addresses: MeterUnit = ['IP addresses', 'address-hours'];
const address: MeterUnit = ['IP address', 'address-hours'];
const gigabyteHours: MeterUnit = ['GB*hours', 'GB-hours'];
const requests: MeterUnit = ['Request count in 10,000s', '10k-requests'];
const ingress: MeterUnit = ['Ingress data in GB', 'GB'];
const egress: MeterUnit = ['Egress in GB', 'GB'];
const virtualCoreHours: MeterUnit = ['Virtual core hours', 'vcpu-hours'];
const machineHours: MeterUnit = ['VM hours', 'vm-hours'];
const diskMonths: MeterUnit = ['Count of disks*month', 'disk-months'];
const diskHours: MeterUnit = ['Count of disks*hours', 'disk-hours'];
const gigabyteMonths: MeterUnit = ['GB*month', 'GB-months'];
const byteHours: MeterUnit = ['Byte*hours', 'byte-hours'];
const megabyteHours: MeterUnit = ['MB*hours', 'MB-hours'];
const coreHours: MeterUnit = ['Core*hours', 'core-hours'];
const transactions: MeterUnit = ['10K transactions', '10k-requests'];
const executions: MeterUnit = ['10 Requests', '10-requests'];
const gigabyteSeconds: MeterUnit = ['GB-s', 'GB-seconds'];
const appHours: MeterUnit = ['1 hour', 'hours'];
const instanceHours: MeterUnit = ['1 hour', 'instance-hours'];
const tierHours: MeterUnit = ['Hours', 'instance-hours'];
const nameBindings: MeterUnit = ['Per SNI SSL binding', 'bindings'];
const addressBindings: MeterUnit = ['Per IP based SSL binding', 'bindings'];
const siteMonths: MeterUnit = ['', 'site-months'];
const gigabytes: MeterUnit = ['GB', 'GB'];

/*
 * Ids stand in the case in which their emitter writes them: Network and Storage in upper case, Compute and App Service
 * in lower case.
 */
const groups: readonly MeterGroup[] = [
  {
    resourceProvider: 'Microsoft.Network',
    category: 'Network',
    resourceTypes: ['Microsoft.Network/publicIPAddresses'],
    deprecated: false,
    meters: [
      ['F271A8A388C44D93956A063E1D2FA80B', 'Static IP Address Usage', addresses],
      ['9E2739BA86744796B465F64674B822BA', 'Dynamic IP Address Usage', addresses],
    ],
  },
  {
    resourceProvider: 'Microsoft.Network',
    category: 'Network',
    resourceTypes: ['Microsoft.Network/publicIPAddresses'],
    deprecated: true,
    meters: [['f114cb19-ea64-40b5-bcd7-aee474b62853', 'Public IP Address Usage', address]],
  },
  {
    resourceProvider: 'Microsoft.Storage',
    category: 'Storage',
    resourceTypes: ['Microsoft.Storage/storageAccounts'],
    deprecated: false,
    meters: [
      ['B4438D5D-453B-4EE1-B42A-DC72E377F1E4', 'TableCapacity', gigabyteHours],
      ['B5C15376-6C94-4FDD-B655-1A69D138ACA3', 'PageBlobCapacity', gigabyteHours],
      ['B03C6AE7-B080-4BFA-84A3-22C800F315C6', 'QueueCapacity', gigabyteHours],
      ['09F8879E-87E9-4305-A572-4B7BE209F857', 'BlockBlobCapacity', gigabyteHours],
      ['B9FF3CD0-28AA-4762-84BB-FF8FBAEA6A90', 'TableTransactions', requests],
      ['50A1AEAF-8ECA-48A0-8973-A5B3077FEE0D', 'TableDataTransIn', ingress],
      ['1B8C1DEC-EE42-414B-AA36-6229CF199370', 'TableDataTransOut', egress],
      ['43DAF82B-4618-444A-B994-40C23F7CD438', 'BlobTransactions', requests],
      ['9764F92C-E44A-498E-8DC1-AAD66587A810', 'BlobDataTransIn', ingress],
      ['3023FEF4-ECA5-4D7B-87B3-CFBC061931E8', 'BlobDataTransOut', egress],
      ['EB43DD12-1AA6-4C4B-872C-FAF15A6785EA', 'QueueTransactions', requests],
      ['E518E809-E369-4A45-9274-2017B29FFF25', 'QueueDataTransIn', ingress],
      ['DD0A10BA-A5D6-4CB6-88C0-7D585CEF9FC2', 'QueueDataTransOut', egress],
    ],
  },
  {
    resourceProvider: 'Microsoft.Compute',
    category: 'Compute',
    resourceTypes: ['Microsoft.Compute/virtualMachines'],
    deprecated: false,
    meters: [
      ['fab6eb84-500b-4a09-a8ca-7358f8bbaea5', 'Base VM Size Hours', virtualCoreHours],
      ['9cd92d4c-bafd-4492-b278-bedc2de8232a', 'Windows VM Size Hours', virtualCoreHours],
      ['6dab500f-a4fd-49c4-956d-229bb9c8c793', 'VM size hours', machineHours],
    ],
  },
  {
    resourceProvider: 'Microsoft.Compute',
    category: 'Managed Disks',
    resourceTypes: ['Microsoft.Compute/disks'],
    deprecated: false,
    meters: [
      ['380874f9-300c-48e0-95a0-d2d9a21ade8f', 'S4', diskMonths],
      ['1b77d90f-427b-4435-b4f1-d78adec53222', 'S6', diskMonths],
      ['d5f7731b-f639-404a-89d0-e46186e22c8d', 'S10', diskMonths],
      ['ff85ef31-da5b-4eac-95dd-a69d6f97b18a', 'S15', diskMonths],
      ['88ea9228-457a-4091-adc9-ad5194f30b6e', 'S20', diskMonths],
      ['5b1db88a-8596-4002-8052-347947c26940', 'S30', diskMonths],
      ['14496322-39cb-4d33-b67d-39b0c2de0c8e', 'S40', diskMonths],
      ['8c003d25-afb4-4f21-b1fa-86a5b0f001c7', 'S50', diskMonths],
      ['7660b45b-b29d-49cb-b816-59f30fbab011', 'P4', diskMonths],
      ['817007fd-a077-477f-bc01-b876f27205fd', 'P6', diskMonths],
      ['e554b6bc-96cd-4938-a5b5-0da990278519', 'P10', diskMonths],
      ['cdc0f53a-62a9-4472-a06c-e99a23b02907', 'P15', diskMonths],
      ['b9cb2d1a-84c2-4275-aa8b-70d2145d59aa', 'P20', diskMonths],
      ['06bde724-9f94-43c0-84c3-d0fc54538369', 'P30', diskMonths],
      ['eecb2657-e7e6-47f9-9b00-7f58fa8839cb', 'P40', diskMonths],
      ['43626c21-849b-40fe-8c01-e19666059c38', 'P50', diskMonths],
      ['7ba084ec-ef9c-4d64-a179-7732c6cb5e28', 'ActualStandardDiskSize', gigabyteMonths],
      ['daef389a-06e5-4684-a7f7-8813d9f792d5', 'ActualPremiumDiskSize', gigabyteMonths],
    ],
  },
  {
    resourceProvider: 'Microsoft.Compute',
    category: 'Managed Disks',
    resourceTypes: ['Microsoft.Compute/disks'],
    deprecated: true,
    meters: [
      ['5d76e09f-4567-452a-94cc-7d1f097761f0', 'S4', diskHours],
      ['dc9fc6a9-0782-432a-b8dc-978130457494', 'S6', diskHours],
      ['e5572fce-9f58-49d7-840c-b168c0f01fff', 'S10', diskHours],
      ['9a8caedd-1195-4cd5-80b4-a4c22f9302b8', 'S15', diskHours],
      ['5938f8da-0ecd-4c48-8d5a-c7c6c23546be', 'S20', diskHours],
      ['7705a158-bd8b-4b2b-b4c2-0782343b81e6', 'S30', diskHours],
      ['d9aac1eb-a5d1-42f2-b617-9e3ea94fed88', 'S40', diskHours],
      ['a54899dd-458e-4a40-9abd-f57cafd936a7', 'S50', diskHours],
      ['5c105f5f-cbdf-435c-b49b-3c7174856dcc', 'P4', diskHours],
      ['518b412b-1927-4f25-985f-4aea24e55c4f', 'P6', diskHours],
      ['5cfb1fed-0902-49e3-8217-9add946fd624', 'P10', diskHours],
      ['8de91c94-f740-4d9a-b665-bd5974fa08d4', 'P15', diskHours],
      ['c7e7839c-293b-4761-ae4c-848eda91130b', 'P20', diskHours],
      ['9f502103-adf4-4488-b494-456c95d23a9f', 'P30', diskHours],
      ['043757fc-049f-4e8b-8379-45bb203c36b1', 'P40', diskHours],
      ['c0342c6f-810b-4942-85d3-6eaa561b6570', 'P50', diskHours],
      ['8a409390-1913-40ae-917b-08d0f16f3c38', 'ActualStandardDiskSize', byteHours],
      ['1273b16f-8458-4c34-8ce2-a515de551ef6', 'ActualPremiumDiskSize', byteHours],
    ],
  },
  {
    resourceProvider: 'Microsoft.Compute',
    category: 'Managed Disks',
    resourceTypes: ['Microsoft.Compute/snapshots'],
    deprecated: false,
    meters: [
      ['108fa95b-be0d-4cd9-96e8-5b0d59505df1', 'ActualStandardSnapshotSize', gigabyteMonths],
      ['578ae51d-4ef9-42f9-85ae-42b52d3d83ac', 'ActualPremiumSnapshotSize', gigabyteMonths],
    ],
  },
  {
    resourceProvider: 'Microsoft.Compute',
    category: 'Managed Disks',
    resourceTypes: ['Microsoft.Compute/snapshots'],
    deprecated: true,
    meters: [
      ['89009682-df7f-44fe-aeb1-63fba3ddbf4c', 'ActualStandardSnapshotSize', byteHours],
      ['95b0c03f-8a82-4524-8961-ccfbf575f536', 'ActualPremiumSnapshotSize', byteHours],
      ['75d4b707-1027-4403-9986-6ec7c05579c8', 'ActualStandardSnapshotSize', gigabyteMonths],
      ['5ca1cbb9-6f14-4e76-8be8-1ca91547965e', 'ActualPremiumSnapshotSize', gigabyteMonths],
    ],
  },
  {
    resourceProvider: 'Microsoft.SQLAdapter',
    category: 'SQL RP',
    resourceTypes: ['Microsoft.SQLAdapter/databases'],
    deprecated: false,
    meters: [['CBCFEF9A-B91F-4597-A4D3-01FE334BED82', 'DatabaseSizeHourSqlMeter', megabyteHours]],
  },
  {
    resourceProvider: 'Microsoft.MySQLAdapter',
    category: 'MySQL RP',
    resourceTypes: ['Microsoft.MySQLAdapter/databases'],
    deprecated: false,
    meters: [['E6D8CFCD-7734-495E-B1CC-5AB0B9C24BD3', 'DatabaseSizeHourMySqlMeter', megabyteHours]],
  },
  {
    resourceProvider: 'Microsoft.EventHub',
    category: 'Event Hubs',
    resourceTypes: ['Microsoft.EventHub/clusters'],
    deprecated: false,
    meters: [['CB6A35C5-FADE-406C-B14D-6DDB7C4CA3D5', '1 Core', coreHours]],
  },
  {
    resourceProvider: 'Microsoft.KeyVault',
    category: 'Key Vault',
    resourceTypes: ['Microsoft.KeyVault/vaults'],
    deprecated: false,
    meters: [
      ['EBF13B9F-B3EA-46FE-BF54-396E93D48AB4', 'Key Vault transactions', requests],
      ['2C354225-B2FE-42E5-AD89-14F0EA302C87', 'Advanced keys transactions', transactions],
    ],
  },
  {
    resourceProvider: 'Microsoft.Web',
    category: 'App Service',
    resourceTypes: ['Microsoft.Web/workerTiers'],
    deprecated: false,
    meters: [['190c935e-9ada-48ff-9ab8-56ea1cf9adaa', 'App Service', virtualCoreHours]],
  },
  {
    resourceProvider: 'Microsoft.Web',
    category: 'App Service',
    resourceTypes: ['Microsoft.Web/sites'],
    deprecated: false,
    meters: [
      ['67cc4afc-0691-48e1-a4b8-d744d1fedbde', 'Functions Requests', executions],
      ['d1d04836-075c-4f27-bf65-0a1130ec60ed', 'Functions - Compute', gigabyteSeconds],
      ['957e9f36-2c14-45a1-b6a1-1723ef71a01d', 'Shared App Service Hours', appHours],
      ['539cdec7-b4f5-49f6-aac4-1f15cff0eda9', 'Free App Service Hours', appHours],
      ['264acb47-ad38-47f8-add3-47f01dc4f473', 'SNI SSL', nameBindings],
      ['60b42d72-dc1c-472c-9895-6c516277edb4', 'IP SSL', addressBindings],
      ['73215a6c-fa54-4284-b9c1-7e8ec871cc5b', 'Web Process', siteMonths],
      ['5887d39b-0253-4e12-83c7-03e1a93dffd9', 'External Egress Bandwidth', gigabytes],
    ],
  },
  {
    resourceProvider: 'Microsoft.Web',
    category: 'App Service',
    resourceTypes: ['Microsoft.Web/serverfarms'],
    deprecated: false,
    meters: [
      ['88039d51-a206-3a89-e9de-c5117e2d10a6', 'Small Standard App Service Hours', instanceHours],
      ['83a2a13e-4788-78dd-5d55-2831b68ed825', 'Medium Standard App Service Hours', instanceHours],
      ['1083b9db-e9bb-24be-a5e9-d6fdd0ddefe6', 'Large Standard App Service Hours', instanceHours],
      ['db658d61-ef2d-4888-9843-72f5c774fd3c', 'Small Basic App Service Hours', instanceHours],
      ['27b01104-e0df-4f30-a171-f1b00ecb76b3', 'Medium Basic App Service Hours', instanceHours],
      ['50db6a92-5dff-4c9b-8238-8ea5fb1be107', 'Large Basic App Service Hours', instanceHours],
      ['26bd6580-c3bd-4e7e-8092-58b28eb1bb94', 'Small Premium App Service Hours', instanceHours],
      ['a1cba406-e83e-45c3-bd36-485191c215d9', 'Medium Premium App Service Hours', instanceHours],
      ['a2104a9d-5a78-4f8f-a2df-034bd43d602d', 'Large Premium App Service Hours', instanceHours],
      [
        'a91eed6c-dbbc-4532-859c-86de776433a4',
        'Extra Large Premium App Service Hours',
        instanceHours,
      ],
      ['Custom Worker Tiers', 'Custom Worker Tiers', tierHours],
    ],
  },
];

function toId(text: string): MeterId {
  const id = parseMeterId(text);
  if (id === undefined) throw new TypeError(`${text} is no meter id.`);
  return id;
}

function toMeters(group: MeterGroup): ReferenceMeter[] {
  const { resourceProvider, category, resourceTypes, deprecated } = group;
  return group.meters.map(([id, name, [unit, unitKind]]) => ({
    id: toId(id),
    name,
    unit,
    unitKind,
    resourceProvider,
    category,
    origin: 'reference',
    resourceTypes,
    deprecated,
  }));
}

/** All 86 meters of Azure Stack Hub, those of one resource provider together. */
export const referenceMeters: readonly ReferenceMeter[] = groups.flatMap(toMeters);
