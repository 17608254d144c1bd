import { mix, pick } from '../random.ts';

export interface MachineImage {
  readonly imageType: 'Windows_Server' | null;
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  /** Windows cores are counted for Windows, unless the owner brings a licence. */
  readonly meter: 'windows' | 'base';
}

export interface MachineSize {
  readonly name: string;
  readonly cores: number;
}

const windows = (sku: string): MachineImage => ({
  imageType: null,
  publisher: 'MicrosoftWindowsServer',
  offer: 'WindowsServer',
  sku,
  meter: 'windows',
});

const linux = (publisher: string, offer: string, sku: string): MachineImage => ({
  imageType: null,
  publisher,
  offer,
  sku,
  meter: 'base',
});

const WINDOWS_IMAGES = [windows('2016-Datacenter'), windows('2019-Datacenter')];

/** Windows under a licence that the owner brings. */
const OWN_LICENCE: MachineImage = {
  ...windows('2016-Datacenter'),
  imageType: 'Windows_Server',
  meter: 'base',
};

const LINUX_IMAGES = [
  linux('Canonical', 'UbuntuServer', '16.04-LTS'),
  linux('Canonical', 'UbuntuServer', '18.04-LTS'),
  linux('OpenLogic', 'CentOS', '7.5'),
];

/** An image for a machine; one Windows machine in eight runs under its owner's licence. */
export function imageFor(system: 'windows' | 'linux', seed: number): MachineImage {
  if (system === 'linux') return pick(LINUX_IMAGES, mix(seed, 1));
  return mix(seed, 2) % 8 === 0 ? OWN_LICENCE : pick(WINDOWS_IMAGES, mix(seed, 1));
}

const SIZES: readonly (readonly [MachineSize, MachineSize])[] = [
  sizes('Standard_F1s', 1, 'Standard_F2s', 2),
  sizes('Standard_A1', 1, 'Standard_A2', 2),
  sizes('Standard_D1_v2', 1, 'Standard_D2_v2', 2),
  sizes('Standard_DS1_v2', 1, 'Standard_DS2_v2', 2),
  sizes('Standard_DS2_v2', 2, 'Standard_DS3_v2', 4),
  sizes('Standard_D2_v2', 2, 'Standard_D3_v2', 4),
  sizes('Standard_D11_v2', 2, 'Standard_D12_v2', 4),
  sizes('Standard_A3', 4, 'Standard_A4', 8),
];

function sizes(
  usual: string,
  cores: number,
  other: string,
  otherCores: number,
): [MachineSize, MachineSize] {
  return [
    { name: usual, cores },
    { name: other, cores: otherCores },
  ];
}

export function sizesFor(seed: number): readonly [MachineSize, MachineSize] {
  return pick(SIZES, mix(seed, 5));
}

/** A number of virtual cores by the name of a size that the stamp uses. */
export function coresOf(sizeName: string): number | undefined {
  return SIZES.flat().find((size) => size.name === sizeName)?.cores;
}
