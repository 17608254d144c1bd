import { existenceIn, lifeAt, type LifePlan } from '../life.ts';
import {
  keepLast,
  meterNamed,
  tagsIn,
  writer,
  type Place,
  type ResourceKind,
  type ResourceLine,
} from '../line.ts';
import { PAGES_PER_GB, shareOfMonth, TICKS_PER_HOUR } from '../quantity.ts';
import { below, hexDigits, mix, type Seed } from '../random.ts';
import type { UsageHour } from '../usage-hour.ts';
import type { MachineLine } from './virtual-machine.ts';

export type DiskQuality = 'standard' | 'premium';

/** Sizes of managed disks: the number in the tier's name, and the GB that it holds. */
export const DISK_TIERS = [
  { tier: 4, gigabytes: 32 },
  { tier: 6, gigabytes: 64 },
  { tier: 10, gigabytes: 128 },
  { tier: 15, gigabytes: 256 },
  { tier: 20, gigabytes: 512 },
  { tier: 30, gigabytes: 1024 },
] as const;

export type DiskTier = (typeof DISK_TIERS)[number];

const ACTUAL_DISK = {
  standard: meterNamed('ActualStandardDiskSize'),
  premium: meterNamed('ActualPremiumDiskSize'),
};
const ACTUAL_SNAPSHOT = meterNamed('ActualStandardSnapshotSize');

/** A managed disk of a machine: a share of a disk and of its content, within the hour, whether the machine runs or not. */
export function diskLine(
  place: Place,
  machine: MachineLine,
  role: 'OsDisk' | 'DataDisk',
  tier: DiskTier,
  quality: DiskQuality,
): ResourceLine {
  const tierMeter = meterNamed(`${quality === 'premium' ? 'P' : 'S'}${tier.tier}`);
  const nameOf = (generation: number): string =>
    `${machine.nameOf(generation)}_${role}_1_${hexDigits(32, mix(place.seed, generation))}`;
  return volumeLine(
    'disk',
    'disks',
    place,
    machine.life,
    nameOf,
    (at, from, to, pages, write) => {
      write(tierMeter, 'tier', shareOfMonth(from, to, at.hoursInMonth));
      write(ACTUAL_DISK[quality], 'size', shareOfMonth(from, to, at.hoursInMonth, pages));
    },
    tier.gigabytes,
  );
}

/** A snapshot: only the size of its content counts. */
export function snapshotLine(place: Place, life: LifePlan, name: string): ResourceLine {
  const nameOf = (generation: number): string => `${name}-${generation}`;
  return volumeLine(
    'snapshot',
    'snapshots',
    place,
    life,
    nameOf,
    (at, from, to, pages, write) => {
      write(ACTUAL_SNAPSHOT, 'size', shareOfMonth(from, to, at.hoursInMonth, pages));
    },
    128,
  );
}

function volumeLine(
  kind: ResourceKind,
  type: string,
  place: Place,
  life: LifePlan,
  nameOf: (generation: number) => string,
  measure: (
    at: UsageHour,
    from: number,
    to: number,
    pages: number,
    write: ReturnType<typeof writer>,
  ) => void,
  gigabytes: number,
): ResourceLine {
  // the disk emitter writes the resource group in upper case, unlike that of the machine
  const parent =
    `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup.toUpperCase()}` +
    `/providers/Microsoft.Compute/${type}/`;
  const uriOf = keepLast((generation) => parent + nameOf(generation));
  return {
    kind,
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn(hour) {
      const now = lifeAt(life, hour);
      return now && uriOf(now.generation);
    },
    emit(at, lag, into) {
      if (lag !== 0) return;
      const now = lifeAt(life, at.hour);
      if (now === undefined) return;
      const exists = existenceIn(now, at.hour);
      const monthStart = (at.hour - at.hourOfMonth) * TICKS_PER_HOUR;
      const pages = contentPages(
        mix(place.seed, now.generation),
        gigabytes,
        at.hour - Math.floor(now.born / TICKS_PER_HOUR),
      );
      const resource = {
        uri: uriOf(now.generation),
        tags: tagsIn(place, at, ''),
        additionalInfo: '',
      };
      const write = writer(place, 'Microsoft.Compute', at, resource, into);
      measure(at, exists.from - monthStart, exists.to - monthStart, pages, write);
    },
  };
}

/** Content of a disk in pages of 4 KiB, in whole MB: a fifth to a half of it at first, then slowly more. */
function contentPages(seed: Seed, gigabytes: number, ageHours: number): number {
  const capacity = gigabytes * PAGES_PER_GB;
  const first = Math.floor((capacity * (200 + below(300, seed))) / 1000);
  const grown = ageHours * Math.floor((gigabytes * (200 + below(400, mix(seed, 1)))) / 100);
  const pages = Math.min(first + grown, Math.floor((capacity * 19) / 20));
  return pages - (pages % 256);
}
