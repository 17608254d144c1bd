import { isEmpty, lifeAt, type Life, type LifePlan } from '../life.ts';
import {
  keepLast,
  meterNamed,
  tagsIn,
  usualLag,
  writer,
  type Place,
  type ResourceLine,
} from '../line.ts';
import { TICKS_PER_HOUR } from '../quantity.ts';
import type { MachineLine } from './virtual-machine.ts';

const STATIC = meterNamed('Static IP Address Usage');
const DYNAMIC = meterNamed('Dynamic IP Address Usage');

/** A dynamic address of a machine: held only while the machine is allocated. */
export function machineAddressLine(place: Place, machine: MachineLine): ResourceLine {
  const nameOf = (generation: number): string => `${machine.nameOf(generation)}-ip`;
  return addressLine(
    place,
    machine.life,
    nameOf,
    DYNAMIC,
    (life, hour) => !isEmpty(machine.allocated(life, hour)),
  );
}

/** A static address, such as that of a load balancer: held as long as it exists. */
export function staticAddressLine(place: Place, life: LifePlan, name: string): ResourceLine {
  return addressLine(
    place,
    life,
    () => name,
    STATIC,
    () => true,
  );
}

/** One address counts 1 for each hour in which it is held, however short; in the hour it is deleted, once more as Deleted. */
function addressLine(
  place: Place,
  life: LifePlan,
  nameOf: (generation: number) => string,
  meter: ReturnType<typeof meterNamed>,
  isHeld: (life: Life, hour: number) => boolean,
): ResourceLine {
  const uriOf = keepLast(
    (generation) =>
      `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}` +
      `/providers/Microsoft.Network/publicIPAddresses/${nameOf(generation)}`,
  );
  return {
    kind: 'publicIpAddress',
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn(hour) {
      const now = lifeAt(life, hour);
      return now && uriOf(now.generation);
    },
    emit(at, lag, into) {
      if (lag !== usualLag(place.seed, at)) return;
      const now = lifeAt(life, at.hour);
      if (now === undefined) return;
      const resource = { uri: uriOf(now.generation), tags: tagsIn(place, at, '') };
      const write = (additionalInfo: 'InUse' | 'Deleted'): void => {
        const one = { ...resource, additionalInfo };
        writer(place, 'Microsoft.Network', at, one, into)(meter, additionalInfo, '1');
      };
      if (isHeld(now, at.hour)) write('InUse');
      if (now.dies <= (at.hour + 1) * TICKS_PER_HOUR) write('Deleted');
    },
  };
}
