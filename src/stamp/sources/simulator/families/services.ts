import { isOther } from '../changes.ts';
import { existenceIn, lifeAt, type Interval, type LifePlan } from '../life.ts';
import {
  meterNamed,
  tagsIn,
  usualLag,
  writer,
  type Place,
  type ResourceKind,
  type ResourceLine,
  type Writer,
} from '../line.ts';
import { scaled } from '../quantity.ts';
import { below, mix, pick } from '../random.ts';
import { activity, countInHour } from '../rhythm.ts';
import type { UsageHour } from '../usage-hour.ts';

const VAULT_REQUESTS = meterNamed('Key Vault transactions');
const ADVANCED_KEYS = meterNamed('Advanced keys transactions');
const EVENT_HUBS_CORES = meterNamed('1 Core');

const DATABASES = {
  sqlDatabase: { provider: 'Microsoft.SQLAdapter', meter: meterNamed('DatabaseSizeHourSqlMeter') },
  mySqlDatabase: {
    provider: 'Microsoft.MySQLAdapter',
    meter: meterNamed('DatabaseSizeHourMySqlMeter'),
  },
};

/** A Key Vault: its requests; one in three also does work with advanced keys. */
export function vaultLine(place: Place, life: LifePlan, name: string): ResourceLine {
  const busiest = 40 + below(2_000, place.seed);
  const advanced = mix(place.seed, 1) % 3 === 0;
  return serviceLine(
    'vault',
    'Microsoft.KeyVault',
    'vaults',
    place,
    life,
    name,
    (at, _exists, write) => {
      const seed = mix(place.seed, at.hour);
      const requests = countInHour(busiest, activity(place.rhythm, at), seed);
      if (requests > 0) write(VAULT_REQUESTS, 'requests', scaled(requests, 4));
      const keyed = advanced ? Math.floor(requests / 5) : 0;
      if (keyed > 0) write(ADVANCED_KEYS, 'advanced', scaled(keyed, 4));
    },
  );
}

/** A database: the MB reserved for it, doubled for a while now and then. */
export function databaseLine(
  place: Place,
  life: LifePlan,
  name: string,
  kind: 'sqlDatabase' | 'mySqlDatabase',
): ResourceLine {
  const { provider, meter } = DATABASES[kind];
  const megabytes = pick([256, 512, 1024, 2048, 5120, 10_240], place.seed);
  return serviceLine(kind, provider, 'databases', place, life, name, (_at, exists, write) => {
    const reserved = isOther(mix(place.seed, 1), exists.from) ? 2 * megabytes : megabytes;
    write(meter, 'size', partOf(reserved, exists));
  });
}

/** An Event Hubs cluster: ten cores for each unit of capacity. */
export function eventHubsLine(place: Place, life: LifePlan, name: string): ResourceLine {
  const cores = 10 * (1 + below(2, place.seed));
  return serviceLine(
    'eventHubsCluster',
    'Microsoft.EventHub',
    'clusters',
    place,
    life,
    name,
    (_at, exists, write) => write(EVENT_HUBS_CORES, 'cores', partOf(cores, exists)),
  );
}

/** An amount that is held for a part of an hour. */
function partOf(amount: number, exists: Interval): string {
  return scaled(amount * (exists.to - exists.from), 4);
}

function serviceLine(
  kind: ResourceKind,
  provider: string,
  type: string,
  place: Place,
  life: LifePlan,
  name: string,
  measure: (at: UsageHour, exists: Interval, write: Writer) => void,
): ResourceLine {
  const uri =
    `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}` +
    `/providers/${provider}/${type}/${name}`;
  return {
    kind,
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn: (hour) => lifeAt(life, hour) && uri,
    emit(at, lag, into) {
      if (lag !== usualLag(place.seed, at)) return;
      const now = lifeAt(life, at.hour);
      if (now === undefined) return;
      const resource = { uri, tags: tagsIn(place, at, ''), additionalInfo: '' };
      const write = writer(place, provider, at, resource, into);
      measure(at, existenceIn(now, at.hour), write);
    },
  };
}
