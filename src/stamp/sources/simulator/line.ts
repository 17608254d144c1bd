import type { MeterId, SubscriptionId } from '../../../kernel/index.ts';
import { referenceMeters } from '../../meters/index.ts';
import { isOther } from './changes.ts';
import { mix, type Seed } from './random.ts';
import type { EmittedRecord } from './record.ts';
import type { Rhythm } from './rhythm.ts';
import { TICKS_PER_HOUR } from './quantity.ts';
import type { UsageHour } from './usage-hour.ts';

/** What kinds of resources the stamp has. */
export type ResourceKind =
  | 'virtualMachine'
  | 'disk'
  | 'snapshot'
  | 'storageAccount'
  | 'publicIpAddress'
  | 'vault'
  | 'site'
  | 'servicePlan'
  | 'sqlDatabase'
  | 'mySqlDatabase'
  | 'eventHubsCluster'
  | 'workerTier';

/**
 * A line of resources of which at most one exists at a time: when it is deleted, the next one comes some time later.
 * Nothing in it changes from call to call.
 */
export interface ResourceLine {
  readonly kind: ResourceKind;
  /** Unique within the stamp. */
  readonly line: string;
  readonly subscriptionId: SubscriptionId;
  /** The resource that exists at some time in the hour. */
  uriIn(hour: number): string | undefined;
  /** Adds the records of one hour of use that their emitter hands over so many hours later. */
  emit(at: UsageHour, lag: number, into: EmittedRecord[]): void;
}

/** Where a line of resources stands. */
export interface Place {
  readonly line: string;
  readonly seed: Seed;
  /** Sources of all emitters of this stamp begin with it. */
  readonly sourceBase: string;
  readonly subscriptionId: SubscriptionId;
  readonly resourceGroup: string;
  readonly region: string;
  readonly rhythm: Rhythm;
  readonly tags: TagTexts;
}

/** Tags of a resource as JSON text, now and then replaced by another text; undefined for no tags. */
export interface TagTexts {
  readonly usual: string | undefined;
  readonly other: string | undefined;
}

/** The longest that a record stays with its emitter after its hour of use. */
export const LONGEST_LAG = 2;

/** Hours after which emitters other than those of machines, disks and capacity hand over: mostly one, else none. */
export function usualLag(seed: Seed, at: UsageHour): number {
  return mix(mix(seed, 0x1a6), at.hour) % 4 === 0 ? 0 : 1;
}

/** The tags of a resource for which only whole hours count, in the text that its emitter uses for none. */
export function tagsIn(place: Place, at: UsageHour, none: '' | 'null'): string {
  const other = isOther(mix(place.seed, 0x7a6), at.hour * TICKS_PER_HOUR);
  return (other ? place.tags.other : place.tags.usual) ?? none;
}

/** Keeps the last value made, because hour after hour asks for the same resource. */
export function keepLast<T>(make: (generation: number) => T): (generation: number) => T {
  let last: { readonly generation: number; readonly value: T } | undefined;
  return (generation) => {
    if (last?.generation !== generation) last = { generation, value: make(generation) };
    return last.value;
  };
}

const idsByName = new Map(
  referenceMeters.filter((meter) => !meter.deprecated).map((meter) => [meter.name, meter.id]),
);

/** The current meter with this name. */
export function meterNamed(name: string): MeterId {
  const id = idsByName.get(name);
  if (id === undefined) throw new RangeError(`The reference list has no current meter ${name}.`);
  return id;
}

/** Adds the records of one resource in one hour; `part` tells two records of one hour apart. */
export type Writer = (meterId: MeterId, part: string, quantity: string) => void;

/** A writer of records that share everything but meter and quantity. */
export function writer(
  place: Place,
  provider: string,
  at: UsageHour,
  resource: { readonly uri: string; readonly tags: string; readonly additionalInfo: string },
  into: EmittedRecord[],
): Writer {
  const source = place.sourceBase + provider;
  const id = `${place.line}/${at.hour}/`;
  return (meterId, part, quantity) => {
    into.push({
      id: id + part,
      source,
      subscriptionId: place.subscriptionId,
      resourceUri: resource.uri,
      meterId,
      quantity,
      usageStartTime: at.start,
      usageEndTime: at.end,
      location: place.region,
      tags: resource.tags,
      additionalInfo: resource.additionalInfo,
    });
  };
}
