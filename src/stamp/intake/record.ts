import {
  Decimal,
  fail,
  parseEpochMicroseconds,
  parseResourceUri,
  parseSubscriptionId,
  type Instant,
  type StackmeterError,
} from '../../kernel/index.ts';
import { uuidOf, type UuidBytes } from '../../platform/index.ts';
import { takesUsage } from '../directory/index.ts';
import { LIMITS, type UsageEvent } from './event.ts';
import { makeResource, type Resource, type ResourceDictionary } from './resource.ts';
import type { EmitPermissions } from './permissions.ts';
import type { Snapshot } from './snapshot.ts';
import { HOUR_US } from './spread.ts';

/** A usage record that may be counted, once. */
export interface UsageRecord {
  /** 128 bits of a hash of source and id: what makes it the same record */
  readonly key: UuidBytes;
  /** 128 bits of a hash of all else in it: what makes a repeat a repeat */
  readonly content: UuidBytes;
  readonly resource: Resource;
  readonly spelling: number;
  /** microseconds since 1970-01-01T00:00Z, start inclusive, end exclusive */
  readonly startUs: number;
  readonly endUs: number;
  readonly quantity: Decimal;
}

/** Marks a record whose meter is known but was never emitted in this spelling; the caller has a number made for it. */
export interface UnnumberedSpelling {
  readonly spelled: string;
}

export interface RecordRules {
  readonly snapshot: Snapshot;
  readonly resources: ResourceDictionary;
  /** of the sender; undefined for the stamp itself, which writes history */
  readonly permissions: EmitPermissions | undefined;
  /** usage may end a little after this, and no later */
  readonly now: Instant;
}

/** Most digits a quantity may have, before and after the point together and either side alone. */
const QUANTITY_DIGITS = 30;

/** Usage may end this long after now: clocks differ. */
const FUTURE_TOLERANCE_US = 5 * 60 * 1_000_000;

const LONGEST_PERIOD_US = 31 * 24 * HOUR_US;

/**
 * Applies the rules of the intake to one record, in the order in which an emitter would want to hear of them.
 *
 * @returns the record, the fault that keeps it out, or the spelling of its meter that needs a number first
 */
export function resolveRecord(
  event: UsageEvent,
  rules: RecordRules,
): UsageRecord | StackmeterError | UnnumberedSpelling {
  const resource = resolveResource(event, rules);
  if (resource instanceof Error) return resource;
  const refusal = refuseMeter(event, rules, resource);
  if (refusal !== undefined) return refusal;
  const quantity = resolveQuantity(event.quantity);
  if (quantity instanceof Error) return quantity;
  const period = resolvePeriod(event, rules.now);
  if (period instanceof Error) return period;
  const fault = checkText('id', event.id) ?? checkText('source', event.source);
  if (fault !== undefined) return fault;
  // Asked for last: only what may be counted makes a number for a new spelling.
  const meter = rules.snapshot.meter(event.meterId);
  if (meter === undefined) return { spelled: event.meterId };
  const { startUs, endUs } = period;
  return {
    key: keyOf(event.source, event.id),
    content: contentOf(resource, meter.meter, { startUs, endUs, quantity }),
    resource,
    spelling: meter.spelling,
    startUs,
    endUs,
    quantity,
  };
}

/** What makes it the same record. Kept in databases: never to be computed otherwise. */
export function keyOf(source: string, id: string): UuidBytes {
  return uuidOf(`${source}\u0000${id}`);
}

/** All that a record says, in one value: a repeat has the same. Kept in databases, as the key is. */
export function contentOf(
  resource: Resource,
  meter: number,
  { startUs, endUs, quantity }: Pick<UsageRecord, 'startUs' | 'endUs' | 'quantity'>,
): UuidBytes {
  // The key of the resource covers its URI and with it the subscription.
  return uuidOf(`${resource.keyText}|${meter}|${startUs}|${endUs}|${quantity.toText()}`);
}

function resolveResource(event: UsageEvent, rules: RecordRules): Resource | StackmeterError {
  const known = rules.resources.find(event);
  if (known?.subscriptionId === event.subscriptionId) {
    return refuseSubscription(known.subscriptionId, rules) ?? known;
  }
  const subscriptionId = parseSubscriptionId(event.subscriptionId);
  if (subscriptionId === undefined) {
    return fail('UnknownSubscription', { subscriptionId: event.subscriptionId });
  }
  const refusal = refuseSubscription(subscriptionId, rules);
  if (refusal !== undefined) return refusal;
  if (known?.subscriptionId === subscriptionId) return known;
  const fault = checkTexts(event);
  if (fault !== undefined) return fault;
  const uri = parseResourceUri(event.resourceUri);
  if (uri === undefined) {
    return fail('InvalidResourceUri', { value: event.resourceUri });
  }
  if (uri.subscriptionId !== subscriptionId) {
    return fail('ResourceOutsideSubscription', {
      resourceUri: event.resourceUri,
      subscriptionId,
    });
  }
  const resource = makeResource(subscriptionId, event);
  rules.resources.add(resource);
  return resource;
}

/**
 * Who may not emit for a subscription learns nothing of it, not even whether it exists. The history of a subscription
 * may come in whatever its state is now; what an emitter sends may not.
 */
function refuseSubscription(
  id: string,
  { snapshot, permissions }: RecordRules,
): StackmeterError | undefined {
  if (permissions !== undefined && !permissions.mayEmitFor(id)) {
    return notPermitted(permissions, id, 'any resource provider');
  }
  const state = snapshot.subscriptionState(id);
  if (state === undefined) return fail('UnknownSubscription', { subscriptionId: id });
  if (permissions !== undefined && !takesUsage(state))
    return fail('SubscriptionNotActive', { subscriptionId: id, state });
  return undefined;
}

const KEPT_TEXTS = ['resourceUri', 'location', 'tags', 'additionalInfo'] as const;

/** Texts are kept byte for byte, so a text that the store cannot hold as it is must not come in. */
function checkTexts(event: UsageEvent): StackmeterError | undefined {
  for (const property of KEPT_TEXTS) {
    const fault = checkText(property, event[property]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function checkText(field: keyof typeof LIMITS, text: string): StackmeterError | undefined {
  const limit = LIMITS[field];
  if (text.length > limit) return fail('PropertyTooLong', { field, length: text.length, limit });
  if (text.includes('\u0000') || !text.isWellFormed()) {
    return fail('InvalidEvent', {
      field,
      rule: 'may hold neither U+0000 nor half of a surrogate pair',
    });
  }
  return undefined;
}

function refuseMeter(
  event: UsageEvent,
  { permissions, snapshot }: RecordRules,
  resource: Resource,
): StackmeterError | undefined {
  const provider = snapshot.meter(event.meterId)?.provider ?? snapshot.providerOf(event.meterId);
  if (provider === undefined) return fail('UnknownMeter', { meterId: event.meterId });
  if (permissions === undefined || permissions.mayEmit(resource, provider)) return undefined;
  return notPermitted(permissions, resource.subscriptionId, provider);
}

function notPermitted(
  { principalId }: EmitPermissions,
  subscriptionId: string,
  provider: string,
): StackmeterError {
  return fail('NotPermittedToEmit', { client: principalId, subscriptionId, provider });
}

function resolveQuantity(text: string): Decimal | StackmeterError {
  const quantity = text.length <= 120 ? Decimal.parse(text) : undefined;
  if (quantity === undefined) return fail('InvalidQuantity', { value: text });
  if (quantity.isNegative()) return fail('NegativeQuantity', { value: text });
  if (quantity.digits() > QUANTITY_DIGITS || quantity.scale > QUANTITY_DIGITS) {
    return fail('QuantityTooLong', {
      digits: Math.max(quantity.digits(), quantity.scale),
      limit: QUANTITY_DIGITS,
    });
  }
  return quantity;
}

function resolvePeriod(
  event: UsageEvent,
  now: Instant,
): { startUs: number; endUs: number } | StackmeterError {
  const startUs = parseEpochMicroseconds(event.usageStartTime);
  if (startUs === undefined || startUs < 0) return badTime('usageStartTime', event.usageStartTime);
  const endUs = parseEpochMicroseconds(event.usageEndTime);
  if (endUs === undefined) return badTime('usageEndTime', event.usageEndTime);
  const { usageStartTime: start, usageEndTime: end } = event;
  if (startUs >= endUs) return fail('StartNotBeforeEnd', { start, end });
  if (endUs - startUs > LONGEST_PERIOD_US)
    return fail('PeriodTooLong', { start, end, limit: '31 days' });
  if (endUs > now.epochMilliseconds * 1000 + FUTURE_TOLERANCE_US)
    return fail('UsageInFuture', { end, now: now.toString() });
  return { startUs, endUs };
}

function badTime(field: string, value: string): StackmeterError {
  return fail('InvalidTime', { field, value });
}
