import { changeWithin, isOther } from '../changes.ts';
import {
  allocatedIn,
  isEmpty,
  lifeAt,
  type Interval,
  type Life,
  type LifePlan,
  type Schedule,
} from '../life.ts';
import { keepLast, meterNamed, writer, type Place, type ResourceLine } from '../line.ts';
import { scaled } from '../quantity.ts';
import { mix, type Seed } from '../random.ts';
import type { MachineImage, MachineSize } from './machine-types.ts';

/** A line of virtual machines, which its disks and addresses follow. */
export interface MachineLine extends ResourceLine {
  readonly place: Place;
  readonly life: LifePlan;
  nameOf(generation: number): string;
  /** The part of an hour in which the machine is allocated. */
  allocated(life: Life, hour: number): Interval;
}

export interface MachinePlan {
  readonly name: string;
  /** Later machines of the line get a number after the name. */
  readonly numbered: boolean;
  readonly life: LifePlan;
  readonly schedule: Schedule;
  readonly image: MachineImage;
  /** The size that the machine usually has, and the one that it has for a while now and then. */
  readonly sizes: readonly [MachineSize, MachineSize];
}

const HOURS = meterNamed('VM size hours');
const WINDOWS_CORES = meterNamed('Windows VM Size Hours');
const BASE_CORES = meterNamed('Base VM Size Hours');

export function machineLine(place: Place, plan: MachinePlan): MachineLine {
  const seeds = {
    schedule: mix(place.seed, 1),
    size: mix(place.seed, 2),
    tags: mix(place.seed, 3),
    lag: mix(place.seed, 4),
  };
  const coresMeter = plan.image.meter === 'windows' ? WINDOWS_CORES : BASE_CORES;
  const [usual, other] = plan.sizes;
  const sizes = [sized(plan.image, usual), sized(plan.image, other)] as const;
  // without tags there is nothing to change, and an hour is not cut
  const changing = place.tags.usual === undefined ? [seeds.size] : [seeds.size, seeds.tags];
  const nameOf = (generation: number): string =>
    plan.numbered ? `${plan.name}-${generation}` : plan.name;
  const uriOf = keepLast(
    (generation) =>
      `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}` +
      `/providers/Microsoft.Compute/virtualMachines/${nameOf(generation)}`,
  );
  const allocated = (life: Life, hour: number): Interval =>
    allocatedIn(life, plan.schedule, seeds.schedule, hour);

  return {
    kind: 'virtualMachine',
    line: place.line,
    subscriptionId: place.subscriptionId,
    place,
    life: plan.life,
    nameOf,
    allocated,
    uriIn(hour) {
      const life = lifeAt(plan.life, hour);
      return life && uriOf(life.generation);
    },
    emit(at, lag, into) {
      if (lag !== machineLag(seeds.lag, at.hour)) return;
      const life = lifeAt(plan.life, at.hour);
      if (life === undefined) return;
      const interval = allocated(life, at.hour);
      if (isEmpty(interval)) return;
      const uri = uriOf(life.generation);
      for (const [index, piece] of pieces(interval, changing).entries()) {
        const { cores, additionalInfo } = sizes[isOther(seeds.size, piece.from) ? 1 : 0];
        const tags =
          (isOther(seeds.tags, piece.from) ? place.tags.other : place.tags.usual) ?? 'null';
        const write = writer(place, 'Microsoft.Compute', at, { uri, tags, additionalInfo }, into);
        const ticks = piece.to - piece.from;
        write(HOURS, `hours${index}`, scaled(ticks, 4));
        write(coresMeter, `cores${index}`, scaled(ticks * cores, 4));
      }
    },
  };
}

/** About one machine hour in six comes two hours late, the others one. */
function machineLag(seed: number, hour: number): number {
  return mix(seed, hour) % 6 === 0 ? 2 : 1;
}

/** The interval cut where size or tags change: each piece has records of its own. */
function pieces(interval: Interval, seeds: readonly Seed[]): Interval[] {
  const cuts = seeds.flatMap((seed) => changeWithin(seed, interval) ?? []);
  if (cuts.length === 0) return [interval];
  const edges = [...new Set([interval.from, ...cuts, interval.to])].toSorted((a, b) => a - b);
  return edges.slice(1).map((to, index) => ({ from: edges[index] ?? interval.from, to }));
}

/** A size with the text that its records carry. */
function sized(image: MachineImage, size: MachineSize): { cores: number; additionalInfo: string } {
  const additionalInfo = JSON.stringify({
    ServiceType: size.name,
    ImageType: image.imageType,
    Publisher: image.publisher,
    Offer: image.offer,
    Sku: image.sku,
  });
  return { cores: size.cores, additionalInfo };
}
