import {
  dayFromInstant,
  dayNumber,
  dayStart,
  fail,
  formatWireTime,
  hourFromInstant,
  hourNumber,
  hourStart,
  parseSubscriptionId,
  parseWireTime,
  type Instant,
  type SubscriptionId,
} from '../kernel/index.ts';
import { findSubscription } from '../stamp/directory/index.ts';
import type { Granularity } from '../stamp/aggregation/index.ts';
import { findObstacle, type Reader } from '../stamp/usage-api/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import type { OpenStamp } from './context.ts';

/** Usage that a command is asked for. */
export interface UsageRange {
  readonly granularity: Granularity;
  /** reported windows, hours or days since 1970-01-01T00:00Z; `to` is exclusive */
  readonly from: number;
  readonly to: number;
  readonly subscriptionId: SubscriptionId | undefined;
}

/** Reads a time in any form that the interfaces take. */
export function readTime(parameter: string, text: string): Instant {
  const time = parseWireTime(text);
  if (time === undefined) throw fail('BadRequest', { parameter, value: text });
  return time;
}

/** A window of the granularity as it is written: the time at which it starts. */
export function windowText(granularity: Granularity, window: number): string {
  return formatWireTime(
    granularity === 'hour' ? hourStart(hourNumber(window)) : dayStart(dayNumber(window)),
  );
}

/** @throws BadRequest, InvalidProperty, RequestEndTimeIsInFuture, as the usage interfaces do */
export function readUsageRange(values: Arguments, now: Instant): UsageRange {
  const granularity = values.optional('granularity') === 'hourly' ? 'hour' : 'day';
  const start = values.required('start');
  const end = values.required('end');
  const from = readBoundary('--start', start, granularity);
  const to = readBoundary('--end', end, granularity);
  if (Temporal.Instant.compare(readTime('--end', end), now) > 0) {
    throw fail('RequestEndTimeIsInFuture', {
      value: end,
      now: now.toString({ smallestUnit: 'second' }),
    });
  }
  if (from >= to) {
    throw fail('InvalidProperty', {
      parameter: '--start',
      value: start,
      rule: 'it has to be before --end',
    });
  }
  const subscription = values.optional('subscription');
  const subscriptionId =
    subscription === undefined ? undefined : readSubscriptionId('--subscription', subscription);
  return { granularity, from, to, subscriptionId };
}

export function readSubscriptionId(parameter: string, text: string): SubscriptionId {
  return parseArgument(parameter, text, parseSubscriptionId, 'it has to be a GUID');
}

function readBoundary(parameter: string, value: string, granularity: Granularity): number {
  const time = readTime(parameter, value);
  const window = granularity === 'hour' ? hourFromInstant(time) : dayFromInstant(time);
  if (window !== undefined) return window;
  throw fail('InvalidProperty', {
    parameter,
    value,
    rule:
      granularity === 'hour'
        ? 'with hourly granularity it has to be a whole hour'
        : 'with daily granularity it has to be midnight UTC',
  });
}

/**
 * Who reads: with a subscription that tenant, without one the operator, who sees all below the default provider
 * subscription. The database itself shows no other rows.
 *
 * @throws SubscriptionNotFound; ProcessingNotCompleted, UsageDataExpired when an answer could still change or is gone
 */
export async function openReader(open: OpenStamp, range: UsageRange): Promise<Reader> {
  const { database, stamp } = open;
  const { subscriptionId, granularity } = range;
  if (subscriptionId !== undefined) {
    const known = await findSubscription(database.pool, subscriptionId);
    if (known === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  }
  const obstacle = await findObstacle(database.pool, granularity, range.from, range.to);
  if (obstacle?.kind === 'open') {
    const window = windowText(granularity, obstacle.window);
    throw fail('ProcessingNotCompleted', { granularity, window });
  }
  if (obstacle !== undefined) {
    throw fail('UsageDataExpired', {
      granularity: granularity === 'hour' ? 'Hourly' : 'Daily',
      keptFrom: windowText(granularity, obstacle.keptFrom),
    });
  }
  return subscriptionId === undefined
    ? { kind: 'provider', providerId: stamp.defaultProviderSubscriptionId, includeIndirect: true }
    : { kind: 'tenant', subscriptionId };
}
