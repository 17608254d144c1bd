import { existenceIn, lifeAt, type LifePlan } from '../life.ts';
import {
  meterNamed,
  tagsIn,
  usualLag,
  writer,
  type Place,
  type ResourceLine,
  type Writer,
} from '../line.ts';
import { scaled, siteMonthHour } from '../quantity.ts';
import { below, mix } from '../random.ts';
import { activity, countInHour } from '../rhythm.ts';
import type { UsageHour } from '../usage-hour.ts';

/** What a plan runs on: workers that all share, at no or a small charge, or workers of its own by size. */
export type PlanTier = 'free' | 'shared' | 'small' | 'medium' | 'large';

/** An App Service plan and what it takes from the operator's workers. */
export interface ServicePlanLine extends ResourceLine {
  readonly tier: PlanTier;
  readonly place: Place;
  readonly life: LifePlan;
  readonly uri: string;
  /** Workers of its own in an hour; none for shared and free plans, or while the plan does not exist. */
  instancesIn(at: UsageHour): number;
}

const PLAN_HOURS = {
  small: meterNamed('Small Standard App Service Hours'),
  medium: meterNamed('Medium Standard App Service Hours'),
  large: meterNamed('Large Standard App Service Hours'),
};
const APP_HOURS = {
  free: meterNamed('Free App Service Hours'),
  shared: meterNamed('Shared App Service Hours'),
};
const WEB_PROCESS = meterNamed('Web Process');
const EGRESS = meterNamed('External Egress Bandwidth');
const FUNCTION_REQUESTS = meterNamed('Functions Requests');
const FUNCTION_COMPUTE = meterNamed('Functions - Compute');
const WORKER_CORES = meterNamed('App Service');

const PROVIDER = 'Microsoft.Web';

/** A plan; workers of its own are added by day as the load rises. */
export function servicePlanLine(
  place: Place,
  life: LifePlan,
  name: string,
  tier: PlanTier,
): ServicePlanLine {
  const uri = webUri(place, 'serverfarms', name);
  const additionalInfo = JSON.stringify({ AppServicePlanUri: uri });
  const fewest = 1 + below(2, place.seed);
  const added = below(3, mix(place.seed, 1));
  const instancesIn = (at: UsageHour): number => {
    if (tier === 'free' || tier === 'shared' || lifeAt(life, at.hour) === undefined) return 0;
    return fewest + (activity(place.rhythm, at) >= 600 ? added : 0);
  };
  return {
    kind: 'servicePlan',
    line: place.line,
    subscriptionId: place.subscriptionId,
    tier,
    place,
    life,
    uri,
    instancesIn,
    uriIn: (hour) => lifeAt(life, hour) && uri,
    emit(at, lag, into) {
      if (tier === 'free' || tier === 'shared' || lag !== usualLag(place.seed, at)) return;
      const now = lifeAt(life, at.hour);
      if (now === undefined) return;
      const exists = existenceIn(now, at.hour);
      const resource = { uri, tags: tagsIn(place, at, ''), additionalInfo };
      const write = writer(place, PROVIDER, at, resource, into);
      write(PLAN_HOURS[tier], 'plan', scaled(instancesIn(at) * (exists.to - exists.from), 4));
    },
  };
}

/** An app of a plan; a function app also counts its executions. */
export function siteLine(
  place: Place,
  plan: ServicePlanLine,
  name: string,
  runs: 'site' | 'functions',
): ResourceLine {
  const uri = webUri(place, 'sites', name);
  const additionalInfo = JSON.stringify({ AppServicePlanUri: plan.uri });
  const busiest = 400 + below(6_000, place.seed);
  return {
    kind: 'site',
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn: (hour) => lifeAt(plan.life, hour) && uri,
    emit(at, lag, into) {
      if (lag !== usualLag(place.seed, at)) return;
      const now = lifeAt(plan.life, at.hour);
      if (now === undefined) return;
      const exists = existenceIn(now, at.hour);
      const resource = { uri, tags: tagsIn(place, at, ''), additionalInfo };
      const write = writer(place, PROVIDER, at, resource, into);
      if (plan.tier === 'free' || plan.tier === 'shared') {
        write(APP_HOURS[plan.tier], 'app', scaled(exists.to - exists.from, 4));
      }
      write(WEB_PROCESS, 'process', siteMonthHour(at.hoursInMonth));
      const seed = mix(place.seed, at.hour);
      const requests = countInHour(busiest, activity(place.rhythm, at), seed);
      // 30 to 90 KB for each request, to the millionth of a GB
      const egress = Math.floor((requests * (30 + below(61, mix(seed, 1)))) / 1_049);
      if (egress > 0) write(EGRESS, 'egress', scaled(egress, 6));
      if (runs === 'functions' && requests > 0) writeFunctions(requests, seed, write);
    },
  };
}

/** Executions in tens, and their memory in steps of 128 MB times milliseconds as GB-seconds. */
function writeFunctions(requests: number, seed: number, write: Writer): void {
  write(FUNCTION_REQUESTS, 'executions', scaled(requests, 1));
  const steps = 1 + below(4, mix(seed, 2));
  const milliseconds = 100 + below(400, mix(seed, 3));
  // 128 MB for 1 ms is 0.000125 GB-s
  write(FUNCTION_COMPUTE, 'compute', scaled(requests * steps * milliseconds * 125, 6));
}

/** The workers that the operator keeps ready for one tier, counted in cores on the provider's own subscription. */
export function workerTierLine(
  place: Place,
  name: string,
  coresPerWorker: number,
  workersIn: (at: UsageHour) => number,
): ResourceLine {
  const uri = webUri(place, 'workerTiers', name);
  return {
    kind: 'workerTier',
    line: place.line,
    subscriptionId: place.subscriptionId,
    uriIn: () => uri,
    emit(at, lag, into) {
      if (lag !== usualLag(place.seed, at)) return;
      const workers = workersIn(at);
      if (workers === 0) return;
      const resource = { uri, tags: '', additionalInfo: '' };
      const write = writer(place, PROVIDER, at, resource, into);
      write(WORKER_CORES, 'cores', scaled(workers * coresPerWorker, 0));
    },
  };
}

const webUri = (place: Place, type: string, name: string): string =>
  `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}` +
  `/providers/${PROVIDER}/${type}/${name}`;
