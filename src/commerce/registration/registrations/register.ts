import { randomUUID } from 'node:crypto';
import { fail, hourOf, type DirectoryTenantId, type Instant } from '../../../kernel/index.ts';
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
import { changePeriod } from './begin.ts';
import { addStampClient, changeStampKey, heldKeys, stampKeyOf } from './credentials.ts';
import type { MoveTarget } from './move.ts';
import { checkIfMatch, type Precondition } from './precondition.ts';
import {
  resourceIdOf,
  statusOf,
  warningOf,
  type Registration,
  type RegistrationPlace,
} from './registration.ts';
import {
  findFormerRegistration,
  findRegistration,
  findRegistrationInAnyGroup,
  findRegistrationOfCloud,
  insertRegistration,
  olderToken,
  updateRegistration,
} from './store.ts';

export interface RegisteringOptions {
  /** The directory in which the client of the stamp is made. */
  readonly homeTenantId: DirectoryTenantId;
  /** Whether the caller may learn what is registered in another group or subscription; no unless given. */
  readonly mayRead?: (where: MoveTarget) => boolean;
  /** Whether the caller may register in another group or subscription; no unless given. */
  readonly mayWrite?: (where: MoveTarget) => boolean;
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
 * ahead stays. The token that is in force already changes nothing.
 *
 * @throws SubscriptionNotFound, BillingModelNotAllowed, MissingAgreementNumber, MissingMsAssetTag,
 *   CloudIdUpdateNotAllowed, CloudIdAlreadyRegistered, Conflict, InvalidProperty, PreconditionFailed, and
 *   InvalidRegistrationToken for a token that is older than the one in force or would begin to report
 *   more than a day from now
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
  const isHere =
    present !== undefined && groupKey(present.resourceGroup) === groupKey(place.resourceGroup);
  checkIfMatch(options.precondition, isHere ? present : undefined);
  if (!isHere && options.existingOnly === true) {
    throw fail('RegistrationNotFound', { ...place });
  }
  checkSubscription(await findCommerceSubscription(tx, place.subscriptionId), place, token);
  checkToken(token, now);
  if (present === undefined) await checkCloudIsFree(tx, token, place, options);
  else checkSameStamp(present, place, token, options);

  const stated: StatedByToken = {
    billingModel: token.billingModel,
    usageReporting: token.billingModel !== 'Capacity' && token.usageReporting,
    marketplaceSyndication: token.marketplaceSyndication,
    agreementNumber: token.agreementNumber,
    assetTag: token.assetTag,
    state: 'Active',
    etag: randomUUID(),
    updatedAt: now,
    tokenIssuedAt: token.issuedAt,
  };
  const work = { tx, token, options, changing, now };
  const { registration, warning } =
    present === undefined
      ? await registerNew(work, { ...place, ...stated })
      : await registerAgain(work, present, stated);
  const warnings = [warningFor(registration, token), warning].filter((one) => one !== undefined);
  return {
    registration,
    created: present === undefined,
    warning: warnings.length === 0 ? undefined : warnings.join(' '),
  };
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
  | 'tokenIssuedAt'
>;

type Done = Pick<Registered, 'registration' | 'warning'>;

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
): Promise<Done> {
  const made = await insertRegistration(tx, {
    ...wanted,
    registrationId: randomUUID(),
    cloudId: token.cloudId,
    principalId: await addStampClient(tx, token, options.homeTenantId, changing),
    createdAt: now,
    expiresAt: undefined,
    removedAt: undefined,
  });
  const { warning } = await changePeriod(tx, made, token.fromWindow, now);
  await tellRegistration(tx, changing, 'write', undefined, made);
  return { registration: made, warning };
}

/**
 * Rows first, the audit trail last: who accepts a window holds the period and may wait for the trail.
 */
async function registerAgain(
  { tx, token, options, changing, now }: Work,
  found: Registration,
  stated: StatedByToken,
): Promise<Done> {
  // A key that the stamp rotates to meanwhile brings a newer token with it.
  const present = (await findRegistration(tx, found.registrationId, { lock: true })) ?? found;
  if (Temporal.Instant.compare(token.issuedAt, present.tokenIssuedAt) < 0) throw olderToken();
  const renewed = { ...present, ...stated, expiresAt: remainingEnd(present, now) };
  const { isChanged, warning } = await changePeriod(tx, renewed, token.fromWindow, now);
  if (!isChanged && (await isInForce(tx, token, { present, renewed, now }))) {
    return { registration: present, warning };
  }
  await updateRegistration(tx, renewed);
  const { homeTenantId } = options;
  const client = await changeStampKey(tx, present.principalId, token, homeTenantId, changing);
  const after = { ...renewed, principalId: client };
  if (client !== present.principalId) await updateRegistration(tx, after);
  await tellRegistration(tx, changing, 'write', present, after);
  return { registration: after, warning };
}

/** Whether the registration is what the token states, and its key the only one. */
async function isInForce(
  tx: Queryable,
  token: CheckedRegistrationToken,
  {
    present,
    renewed,
    now,
  }: { readonly present: Registration; readonly renewed: Registration; readonly now: Instant },
): Promise<boolean> {
  const isStated =
    statusOf(present, now) === 'Registered' &&
    present.tokenIssuedAt.equals(token.issuedAt) &&
    present.billingModel === renewed.billingModel &&
    present.usageReporting === renewed.usageReporting &&
    present.marketplaceSyndication === renewed.marketplaceSyndication &&
    present.agreementNumber === renewed.agreementNumber &&
    present.assetTag === renewed.assetTag;
  if (!isStated) return false;
  const [key, ...others] = await heldKeys(tx, present.principalId);
  return key === stampKeyOf(token).thumbprint && others.length === 0;
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

/** Later than this the stamp's clock is likely wrong, and windows so far ahead are not taken. */
const MOST_HOURS_AHEAD = 24;

function checkToken(token: CheckedRegistrationToken, now: Instant): void {
  if (token.billingModel === 'Capacity' && token.agreementNumber === undefined) {
    throw fail('MissingAgreementNumber');
  }
  if (token.billingModel === 'Custom' && token.assetTag === undefined) {
    throw fail('MissingMsAssetTag');
  }
  if (token.fromWindow > hourOf(now) + MOST_HOURS_AHEAD) {
    const reason = 'it would begin to report more than 24 hours from now';
    throw fail('InvalidRegistrationToken', { reason });
  }
}

/**
 * A name is that of one stamp in the whole subscription, and a registration stays in its group unless
 * moved. Who has no role in that group learns that the name is taken and no more.
 */
function checkSameStamp(
  present: Registration,
  place: RegistrationPlace,
  { cloudId }: CheckedRegistrationToken,
  options: RegisteringOptions,
): void {
  const { name } = present;
  if (!maySee(present, place, options)) {
    const reason = `the subscription ${place.subscriptionId} has a registration ${name} already`;
    throw fail('Conflict', { reason });
  }
  if (present.cloudId !== cloudId) {
    throw fail('CloudIdUpdateNotAllowed', { name, cloudId: present.cloudId });
  }
  if (groupKey(present.resourceGroup) !== groupKey(place.resourceGroup)) {
    throw fail('CloudIdAlreadyRegistered', { cloudId, resourceId: resourceIdOf(present) });
  }
}

/** Who has no role where a stamp is registered does not learn where that is. */
function maySee(
  holder: Registration,
  place: RegistrationPlace,
  { mayRead = () => false }: RegisteringOptions,
): boolean {
  return isSameGroup(holder, place) || mayRead(holder);
}

function isSameGroup(one: RegistrationPlace, other: RegistrationPlace): boolean {
  return (
    one.subscriptionId === other.subscriptionId &&
    groupKey(one.resourceGroup) === groupKey(other.resourceGroup)
  );
}

/**
 * A cloud identifier is no secret. After its registration was removed it can be registered by those who
 * were in charge of that one, and by whoever has the key of the stamp.
 */
async function checkCloudIsFree(
  tx: Queryable,
  token: CheckedRegistrationToken,
  place: RegistrationPlace,
  options: RegisteringOptions,
): Promise<void> {
  const { cloudId } = token;
  const hidden = 'a registration that is not yours to see';
  const holder = await findRegistrationOfCloud(tx, cloudId);
  if (holder !== undefined) {
    const resourceId = maySee(holder, place, options) ? resourceIdOf(holder) : hidden;
    throw fail('CloudIdAlreadyRegistered', { cloudId, resourceId });
  }
  const former = await findFormerRegistration(tx, cloudId);
  if (former === undefined || isSameGroup(former, place)) return;
  if (options.mayWrite?.(former) === true) return;
  const keys = await heldKeys(tx, former.principalId);
  if (keys.includes(stampKeyOf(token).thumbprint)) return;
  throw fail('CloudIdAlreadyRegistered', { cloudId, resourceId: hidden });
}

/** An end that has come is lifted by registering again; one that was set for later is not. */
function remainingEnd(present: Registration, now: Instant): Instant | undefined {
  return statusOf({ ...present, state: 'Active' }, now) === 'Expired'
    ? undefined
    : present.expiresAt;
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
