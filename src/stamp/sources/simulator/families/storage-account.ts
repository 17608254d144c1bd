import type { MeterId } from '../../../../kernel/index.ts';
import { lifeAt, type LifePlan } from '../life.ts';
import {
  keepLast,
  meterNamed,
  tagsIn,
  usualLag,
  writer,
  type Place,
  type ResourceLine,
  type Writer,
} from '../line.ts';
import { gigabytes, PAGES_PER_GB, scaled, TICKS_PER_HOUR } from '../quantity.ts';
import { below, mix, type Seed } from '../random.ts';
import { activity, countInHour } from '../rhythm.ts';
import type { UsageHour } from '../usage-hour.ts';

/** What an account is used for: disks of machines without managed disks, files, an application, or logs. */
export type AccountUse = 'machineDisks' | 'files' | 'application' | 'diagnostics';

interface Content {
  readonly meter: MeterId;
  readonly part: string;
  /** Content of an average account at first, in GB, and what a day adds, in MB. */
  readonly gigabytes: number;
  readonly megabytesPerDay: number;
}

interface Service {
  readonly part: string;
  readonly transactions: MeterId;
  readonly ingress: MeterId;
  readonly egress: MeterId;
  /** Requests of an average account in its busiest hour. */
  readonly requests: number;
  /** Pages of 4 KiB in and out for each ten thousand requests. */
  readonly pagesIn: number;
  readonly pagesOut: number;
}

const capacity = (
  kind: 'PageBlob' | 'BlockBlob' | 'Table' | 'Queue',
  gb: number,
  mbPerDay: number,
): Content => ({
  meter: meterNamed(`${kind}Capacity`),
  part: kind,
  gigabytes: gb,
  megabytesPerDay: mbPerDay,
});

const service = (
  kind: 'Blob' | 'Table' | 'Queue',
  requests: number,
  pagesIn: number,
  pagesOut: number,
): Service => ({
  part: kind,
  transactions: meterNamed(`${kind}Transactions`),
  ingress: meterNamed(`${kind}DataTransIn`),
  egress: meterNamed(`${kind}DataTransOut`),
  requests,
  pagesIn,
  pagesOut,
});

const USES: Readonly<
  Record<
    AccountUse,
    { readonly contents: readonly Content[]; readonly services: readonly Service[] }
  >
> = {
  machineDisks: {
    contents: [capacity('PageBlob', 380, 900), capacity('BlockBlob', 2, 4)],
    services: [service('Blob', 90_000, 52_000, 61_000)],
  },
  files: {
    contents: [capacity('BlockBlob', 240, 2_600), capacity('Table', 1, 2)],
    services: [service('Blob', 14_000, 210_000, 640_000), service('Table', 900, 800, 2_400)],
  },
  application: {
    contents: [capacity('BlockBlob', 45, 700), capacity('Table', 6, 90), capacity('Queue', 1, 0)],
    services: [
      service('Blob', 22_000, 48_000, 160_000),
      service('Table', 61_000, 9_000, 26_000),
      service('Queue', 38_000, 3_000, 3_400),
    ],
  },
  diagnostics: {
    contents: [capacity('BlockBlob', 12, 160), capacity('Table', 30, 420), capacity('Queue', 1, 0)],
    services: [
      service('Blob', 2_400, 30_000, 4_000),
      service('Table', 26_000, 22_000, 1_500),
      service('Queue', 700, 2_600, 2_800),
    ],
  },
};

/** A storage account: what it holds, an hour late; requests and transfers of the hours in which there were any. */
export function storageAccountLine(
  place: Place,
  life: LifePlan,
  name: string,
  use: AccountUse,
): ResourceLine {
  const { contents, services } = USES[use];
  const uriOf = keepLast(
    (generation) =>
      // the storage emitter writes resourcegroups without a capital
      `/subscriptions/${place.subscriptionId}/resourcegroups/${place.resourceGroup}` +
      `/providers/Microsoft.Storage/storageAccounts/${name}${generation}`,
  );
  return {
    kind: 'storageAccount',
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn(hour) {
      const now = lifeAt(life, hour);
      return now && uriOf(now.generation);
    },
    emit(at, lag, into) {
      const holds = lag === 1;
      const serves = lag === usualLag(place.seed, at);
      if (!holds && !serves) return;
      const now = lifeAt(life, at.hour);
      if (now === undefined) return;
      const tags = tagsIn(place, at, '');
      const resource = { uri: uriOf(now.generation), tags, additionalInfo: '' };
      const write = writer(place, 'Microsoft.Storage', at, resource, into);
      const seed = mix(place.seed, now.generation);
      const age = at.hour - Math.floor(now.born / TICKS_PER_HOUR);
      for (const [index, content] of holds ? contents.entries() : []) {
        const pages = contentPages(content, mix(seed, index), age, at);
        write(content.meter, `${content.part}Capacity`, gigabytes(pages));
      }
      const busy = activity(place.rhythm, at);
      for (const [index, served] of serves ? services.entries() : []) {
        writeService(served, mix(seed, 0x100 + index), busy, at, write);
      }
    },
  };
}

/**
 * Content in pages of 4 KiB: it grows day by day, more in the week's course, and a part of that is cleared away each
 * Monday. Blobs come in whole pages of 64 KiB.
 */
function contentPages(content: Content, seed: Seed, age: number, at: UsageHour): number {
  const scale = 300 + below(1_500, seed);
  const first = Math.floor((content.gigabytes * PAGES_PER_GB * scale) / 1_000);
  const pagesPerDay = Math.floor((content.megabytesPerDay * 256 * scale) / 1_000);
  const hourOfWeek = at.weekday * 24 + at.hourOfDay;
  // most of what is added goes again on Monday; what stays slows down after half a year
  const kept = Math.floor((pagesPerDay * Math.min(age, 4_400)) / 96);
  const pages =
    first + kept + Math.floor((pagesPerDay * hourOfWeek) / 32) + below(64, mix(seed, at.hour));
  const grain = content.gigabytes > 10 ? 16 : 1;
  return pages - (pages % grain);
}

function writeService(
  served: Service,
  seed: Seed,
  busy: number,
  at: UsageHour,
  write: Writer,
): void {
  const scale = 80 + below(1_600, seed);
  const seedOfHour = mix(seed, at.hour);
  const requests = countInHour(Math.floor((served.requests * scale) / 1_000), busy, seedOfHour);
  if (requests === 0) return;
  write(served.transactions, `${served.part}Transactions`, scaled(requests, 4));
  const pagesIn = transfer(requests, served.pagesIn, mix(seedOfHour, 1));
  if (pagesIn > 0) write(served.ingress, `${served.part}In`, gigabytes(pagesIn));
  const pagesOut = transfer(requests, served.pagesOut, mix(seedOfHour, 2));
  if (pagesOut > 0) write(served.egress, `${served.part}Out`, gigabytes(pagesOut));
}

/** Pages moved by so many requests, give or take a fifth. */
function transfer(requests: number, pagesPerTenThousand: number, seed: Seed): number {
  const spread = 800 + below(401, seed);
  return Math.floor((Math.floor((requests * pagesPerTenThousand) / 10_000) * spread) / 1_000);
}
