import { hourNumber, type HourNumber } from '../../../kernel/index.ts';
import type { DirectoryTenant, Subscription } from '../../directory/index.ts';
import { simulatedDirectories } from './directories.ts';
import { buildFleet } from './fleet.ts';
import { LONGEST_LAG, type ResourceLine } from './line.ts';
import { seedOf } from './random.ts';
import type { EmittedRecord } from './record.ts';
import { usageHour } from './usage-hour.ts';

/** A stamp that does not exist: who has an account on it, and what runs there. */
export interface SimulatedStamp {
  readonly seed: string;
  readonly region: string;
  /** The first hour of which use is reported. What ran before counts as never measured. */
  readonly startHour: HourNumber;
  /** The provider's own directory first, then its customers. */
  readonly directories: readonly DirectoryTenant[];
  /** The default provider subscription first, then those of customers. */
  readonly subscriptions: readonly Subscription[];
  /** Lines of resources: in each, one resource follows another. About 400 have one at any time. */
  readonly resources: readonly ResourceLine[];
}

/**
 * The stamp of a seed. It is always the same for the same arguments; another start hour changes which hours have
 * records, not what is in them.
 *
 * @param region name of the stamp's region as it stands in URIs and locations, such as `local`
 */
export function simulatedStamp(
  seed: string,
  region: string,
  startHour: HourNumber,
): SimulatedStamp {
  const number = seedOf(seed);
  const directories = simulatedDirectories(number, startHour);
  const sourceBase = `/simulator/${encodeURIComponent(region)}/${encodeURIComponent(seed)}/`;
  return {
    seed,
    region,
    startHour,
    directories: directories.directories,
    subscriptions: directories.subscriptions,
    resources: buildFleet(number, sourceBase, region, directories),
  };
}

/**
 * The records that the emitters of the stamp hand over in one hour: each for an hour of use up to two hours before.
 * Any hour can be asked for, in any order and again: the records are always the same.
 */
export function recordsReportedIn(stamp: SimulatedStamp, hour: HourNumber): EmittedRecord[] {
  const records: EmittedRecord[] = [];
  for (let lag = LONGEST_LAG; lag >= 0; lag--) {
    const used = hourNumber(hour - lag);
    if (used < stamp.startHour) continue;
    const at = usageHour(used);
    for (const line of stamp.resources) line.emit(at, lag, records);
  }
  return records;
}

/** URIs of the resources that exist at some time in the hour, machines that are switched off included. */
export function resourcesIn(stamp: SimulatedStamp, hour: HourNumber): string[] {
  return stamp.resources.flatMap((line) => line.uriIn(hour) ?? []);
}
