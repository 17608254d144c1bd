import { randomUUID } from 'node:crypto';
import {
  fail,
  hourOf,
  type DirectoryTenantId,
  type Instant,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { groupKey, type Changing } from '../../../identity/index.ts';
import { checkResourceName, type Queryable } from '../../../platform/index.ts';
import type { CheckedRegistrationToken } from '../../../reporting/index.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import {
  allowsBillingModel,
  type CommerceSubscription,
} from '../subscriptions/commerce-subscription.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import { tellRegistration } from './audit.ts';
import { addStampClient, changeStampKey } from './credentials.ts';
import { checkIfMatch, type Precondition } from './precondition.ts';
import { endOpenPeriod, lockOpenPeriod, openPeriod } from './periods.ts';
import {
  resourceIdOf,
  statusOf,
  warningOf,
  type Registration,
  type RegistrationPlace,
} from './registration.ts';
import {
  findRegistration,
  findRegistrationInAnyGroup,
  findRegistrationOfCloud,
  insertRegistration,
  updateRegistration,
} from './store.ts';

export interface RegisteringOptions {
  /** The directory in which the client of the stamp is made. */
  readonly homeTenantId: DirectoryTenantId;
  /** Whether the caller may learn what is registered under another subscription; nobody unless given. */
  readonly mayRead?: (subscriptionId: SubscriptionId) => boolean;
  readonly precondition?: Precondition | undefined;
  /** Refuses to make a registration that is not there, with RegistrationNotFound. */
  readonly existingOnly?: boolean;
}

export interface Registered {
  readonly registration: Registration;
  readonly created: boolean;
  /** What is odd about it and was done all the same. */
  readonly warning: string | undefined;
}

/**
 * Registers a stamp, or registers it again with what its token states by now: another billing model,
 * reporting on or off, another key. One that was reset or has expired is active again; an end that lies
 * ahead stays.
 *
 * @throws SubscriptionNotFound, BillingModelNotAllowed, MissingAgreementNumber, MissingMsAssetTag,
 *   CloudIdUpdateNotAllowed, CloudIdAlreadyRegistered, Conflict, InvalidProperty, and
 *   InvalidRegistrationToken for a token that would begin to report in a far future
 */
export async function putRegistration(
  tx: Queryable,
  place: RegistrationPlace,
  token: CheckedRegistrationToken,
  options: RegisteringOptions,
  changing: Changing,
): Promise<Registered> {
  checkResourceName('resourceGroup', place.resourceGroup);
  checkResourceName('registrationName', place.name);
  await holdRegistrations(tx);
  const now = presentOf(changing.clock);
  const present = await findRegistrationInAnyGroup(tx, place);
  checkIfMatch(options.precondition, present);
  const isHere =
    present !== undefined && groupKey(present.resourceGroup) === groupKey(place.resourceGroup);
  if (!isHere && options.existingOnly === true) {
    throw fail('RegistrationNotFound', { ...place });
  }
  checkSubscription(await findCommerceSubscription(tx, place.subscriptionId), place, token);
  checkToken(token, now);
  if (present === undefined) await checkCloudIsFree(tx, token, place, options);
  else checkSameStamp(present, place, token);

  const stated: StatedByToken = {
    billingModel: token.billingModel,
    usageReporting: token.billingModel !== 'Capacity' && token.usageReporting,
    marketplaceSyndication: token.marketplaceSyndication,
    agreementNumber: token.agreementNumber,
    assetTag: token.assetTag,
    state: 'Active',
    etag: randomUUID(),
    updatedAt: now,
  };
  const work = { tx, token, options, changing, now };
  const registration =
    present === undefined
      ? await registerNew(work, { ...place, ...stated })
      : await registerAgain(work, present, stated);
  const warning = warningFor(registration, token);
  return { registration, created: present === undefined, warning };
}

type StatedByToken = Pick<
  Registration,
  | 'billingModel'
  | 'usageReporting'
  | 'marketplaceSyndication'
  | 'agreementNumber'
  | 'assetTag'
  | 'state'
  | 'etag'
  | 'updatedAt'
>;

interface Work {
  readonly tx: Queryable;
  readonly token: CheckedRegistrationToken;
  readonly options: RegisteringOptions;
  readonly changing: Changing;
  readonly now: Instant;
}

async function registerNew(
  { tx, token, options, changing, now }: Work,
  wanted: StatedByToken & RegistrationPlace,
): Promise<Registration> {
  const made = await insertRegistration(tx, {
    ...wanted,
    registrationId: randomUUID(),
    cloudId: token.cloudId,
    principalId: await addStampClient(tx, token, options.homeTenantId, changing),
    createdAt: now,
    expiresAt: undefined,
    removedAt: undefined,
  });
  await changePeriod(tx, made, token.fromWindow, now);
  await tellRegistration(tx, changing, 'write', undefined, made);
  return made;
}

/**
 * Rows first, the audit trail last: who accepts a window holds the period and may wait for the trail.
 */
async function registerAgain(
  { tx, token, options, changing, now }: Work,
  present: Registration,
  stated: StatedByToken,
): Promise<Registration> {
  await findRegistration(tx, present.registrationId, { lock: true });
  const renewed = { ...present, ...stated, expiresAt: remainingEnd(present, now) };
  await changePeriod(tx, renewed, token.fromWindow, now);
  await updateRegistration(tx, renewed);
  const { homeTenantId } = options;
  const client = await changeStampKey(tx, present.principalId, token, homeTenantId, changing);
  const after = { ...renewed, principalId: client };
  if (client !== present.principalId) await updateRegistration(tx, after);
  await tellRegistration(tx, changing, 'write', present, after);
  return after;
}

function checkSubscription(
  subscription: CommerceSubscription | undefined,
  { subscriptionId }: RegistrationPlace,
  { billingModel }: CheckedRegistrationToken,
): void {
  if (subscription === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  if (subscription.state === 'Disabled') {
    throw fail('Conflict', { reason: `the subscription ${subscriptionId} is disabled` });
  }
  const { kind } = subscription;
  if (!allowsBillingModel(kind, billingModel)) {
    throw fail('BillingModelNotAllowed', { billingModel, kind });
  }
}

/** Later than this nothing could be reported for so long that the stamp's clock is likely wrong. */
const MOST_HOURS_AHEAD = 366 * 24;

function checkToken(token: CheckedRegistrationToken, now: Instant): void {
  if (token.billingModel === 'Capacity' && token.agreementNumber === undefined) {
    throw fail('MissingAgreementNumber');
  }
  if (token.billingModel === 'Custom' && token.assetTag === undefined) {
    throw fail('MissingMsAssetTag');
  }
  if (token.fromWindow > hourOf(now) + MOST_HOURS_AHEAD) {
    const reason = 'it would begin to report more than a year from now';
    throw fail('InvalidRegistrationToken', { reason });
  }
}

/** A name is that of one stamp in the whole subscription, and a registration stays in its group unless moved. */
function checkSameStamp(
  present: Registration,
  { resourceGroup }: RegistrationPlace,
  { cloudId }: CheckedRegistrationToken,
): void {
  if (present.cloudId !== cloudId) {
    throw fail('CloudIdUpdateNotAllowed', { name: present.name, cloudId: present.cloudId });
  }
  if (groupKey(present.resourceGroup) !== groupKey(resourceGroup)) {
    throw fail('CloudIdAlreadyRegistered', { cloudId, resourceId: resourceIdOf(present) });
  }
}

async function checkCloudIsFree(
  tx: Queryable,
  { cloudId }: CheckedRegistrationToken,
  { subscriptionId }: RegistrationPlace,
  { mayRead = () => false }: RegisteringOptions,
): Promise<void> {
  const holder = await findRegistrationOfCloud(tx, cloudId);
  if (holder === undefined) return;
  // Who has no role on the other subscription does not learn which it is.
  const isVisible = holder.subscriptionId === subscriptionId || mayRead(holder.subscriptionId);
  const resourceId = isVisible ? resourceIdOf(holder) : 'a registration of another subscription';
  throw fail('CloudIdAlreadyRegistered', { cloudId, resourceId });
}

/** An end that has come is lifted by registering again; one that was set for later is not. */
function remainingEnd(present: Registration, now: Instant): Instant | undefined {
  return statusOf({ ...present, state: 'Active' }, now) === 'Expired'
    ? undefined
    : present.expiresAt;
}

async function changePeriod(
  tx: Queryable,
  registration: Registration,
  fromWindow: number,
  now: Instant,
): Promise<void> {
  if (!registration.usageReporting) {
    await endOpenPeriod(tx, registration.number, 'ReportingOff', now);
    return;
  }
  const open = await lockOpenPeriod(tx, registration.number);
  if (open === undefined) await openPeriod(tx, registration, fromWindow, now);
}

function warningFor(
  registration: Registration,
  token: CheckedRegistrationToken,
): string | undefined {
  if (token.usageReporting && !registration.usageReporting) {
    return 'The billing model Capacity reports no usage: reporting was asked for and stays off.';
  }
  return warningOf(registration);
}
