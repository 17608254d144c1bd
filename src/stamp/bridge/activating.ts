import { fail, hourNumber, hourOf, type HourNumber } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import type { Clock, Database, Queryable, Tx } from '../../platform/index.ts';
import {
  parseWindowName,
  readActivationKey,
  reportsByDefault,
  windowName,
  writeRegistrationToken,
  type BillingModel,
  type CheckedActivationKey,
} from '../../reporting/index.ts';
import { readStampState } from '../aggregation/index.ts';
import type { Activation } from './activation.ts';
import {
  activateKey,
  addPendingKey,
  ensureCloudId,
  findKeyByThumbprint,
  listUsableKeys,
  lockKeys,
} from './key-store.ts';
import {
  beginProgress,
  deleteActivation,
  findActivation,
  lockActivation,
  readProgress,
  writeActivation,
} from './store.ts';
import { readBacklog } from './due-store.ts';

/** What the bridge works with. */
export interface BridgeTools {
  readonly database: Database;
  readonly clock: Clock;
}

/** What the operator states of the stamp when it is registered. */
export interface RegistrationWish {
  readonly billingModel: BillingModel;
  /** By the billing model unless given; never under the capacity model. */
  readonly usageReporting?: boolean | undefined;
  readonly marketplaceSyndication?: boolean | undefined;
  readonly agreementNumber?: string | undefined;
  readonly assetTag?: string | undefined;
  /** The first window to report; the hour that is open now unless given. */
  readonly from?: HourNumber | undefined;
}

/** What changes of the activation are told about in the audit trail. */
export const TARGET = '/providers/Microsoft.AzureBridge.Admin/activations/default';
export const WRITE = 'Microsoft.AzureBridge.Admin/activations/write';

/**
 * Makes the token that registers this stamp with commerce, signed with the key that the stamp will report with: the
 * one it has, or a new one. It holds no secret, is good for 30 days, and may be used more than once.
 */
export async function makeRegistrationToken(
  { database, clock }: BridgeTools,
  wish: RegistrationWish,
  changing: Changing,
): Promise<string> {
  const { billingModel } = wish;
  const isCapacity = billingModel === 'Capacity';
  const usageReporting = !isCapacity && (wish.usageReporting ?? reportsByDefault(billingModel));
  return database.transaction(async (tx) => {
    await lockKeys(tx);
    const cloudId = await ensureCloudId(tx);
    const [usable] = await listUsableKeys(tx);
    const key = usable ?? (await addPendingKey(tx, clock.now()));
    const fromWindow = wish.from ?? (await openHour(tx, clock));
    const token = {
      cloudId,
      billingModel,
      usageReporting,
      marketplaceSyndication: wish.marketplaceSyndication ?? false,
      agreementNumber: wish.agreementNumber,
      assetTag: wish.assetTag,
      fromWindow,
    };
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: WRITE,
      target: TARGET,
      detail: {
        registrationToken: { billingModel, usageReporting, from: windowName(fromWindow) },
        thumbprint: key.kid,
      },
    });
    return writeRegistrationToken(token, key, clock.now());
  });
}

async function openHour(db: Queryable, clock: Clock): Promise<HourNumber> {
  const state = await readStampState(db);
  return state === undefined ? hourOf(clock.now()) : hourNumber(state.openHour);
}

/** An activation that was applied. */
export interface Applied extends Activation {
  /** There was none before. */
  readonly created: boolean;
  /** The registration that was in its place, with what it leaves behind; undefined for none, or the same. */
  readonly replaced: Replaced | undefined;
}

/** A registration that another took the place of. */
export interface Replaced extends LeftBehind {
  readonly registrationId: string;
  readonly registrationResourceId: string;
}

/**
 * Activates the stamp with the key that commerce gave for its registration, in place of the activation that it may
 * have had. Reporting begins with the window that the key names, or goes on where it was under the same registration. The
 * same key once more changes nothing but that reporting is tried at once. What is being sent under the activation before
 * comes to its end first, and nothing more is sent under it.
 *
 * @throws InvalidActivationKey when it is for another stamp, for a key that is not ours or no more in use, or nothing
 *   commerce signed
 */
export async function applyActivationKey(
  tools: BridgeTools,
  text: string,
  changing: Changing,
): Promise<Applied> {
  const key = await readActivationKey(text);
  return tools.database.transaction(async (tx) => {
    await lockActivation(tx);
    await lockKeys(tx);
    const own = await findKeyByThumbprint(tx, key.thumbprint);
    if (key.cloudId !== (await ensureCloudId(tx))) {
      throw unusable(`it is for the stamp ${key.cloudId}`);
    }
    if (own === undefined) throw unusable('it is for a key that this stamp does not have');
    if (own.state === 'retired') throw unusable('it is for a key that this stamp has replaced');
    const before = await findActivation(tx, { lock: true });
    const activation = activationOf(key, tools.clock);
    const replaced = before && (await replacedBy(tx, before, activation));
    await activateKey(tx, own.keyId);
    await writeActivation(tx, activation);
    // Without a window nothing is to be reported; where that begins, commerce says when it does.
    const first = key.nextWindow === undefined ? undefined : parseWindowName(key.nextWindow);
    await beginProgress(tx, activation, first ?? (await openHour(tx, tools.clock)));
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: WRITE,
      target: TARGET,
      detail: {
        registration: key.resourceId,
        registrationId: key.registrationId,
        before: before?.registrationId ?? null,
        ...(replaced && { leftBehind: toDetail(replaced) }),
        commerce: key.commerceUrl,
        usageReporting: key.usageReporting,
        thumbprint: key.thumbprint,
      },
    });
    return { ...activation, created: before === undefined, replaced };
  });
}

async function replacedBy(
  tx: Tx,
  before: Activation,
  { registrationId }: Activation,
): Promise<Replaced | undefined> {
  if (before.registrationId === registrationId) return undefined;
  return {
    registrationId: before.registrationId,
    registrationResourceId: before.registrationResourceId,
    ...(await leftBehind(tx, before)),
  };
}

function activationOf(key: CheckedActivationKey, clock: Clock): Activation {
  return {
    registrationId: key.registrationId,
    registrationResourceId: key.resourceId,
    commerceUrl: key.commerceUrl,
    ca: key.ca,
    tokenEndpoint: key.tokenEndpoint,
    clientId: key.clientId,
    statementJwk: key.statementJwk,
    billingModel: key.billingModel,
    usageReporting: key.usageReporting,
    marketplaceSyndication: key.marketplaceSyndication,
    expiresAt: key.expiration === undefined ? undefined : Temporal.Instant.from(key.expiration),
    state: 'Active',
    etag: crypto.randomUUID(),
    // As the database keeps it.
    activatedAt: clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' }),
  };
}

function unusable(reason: string): Error {
  return fail('InvalidActivationKey', { reason });
}

/** Closed windows that were to be reported and stay on the stamp; undefined for none. */
export interface LeftBehind {
  readonly unsentFrom: HourNumber | undefined;
  readonly unsentThrough: HourNumber | undefined;
  readonly windows: number;
}

/**
 * Ends the activation: from now on nothing is sent, and usage stays on the stamp. What was sent stays noted. A window
 * that commerce is accepting just now is waited for, a minute at most.
 *
 * @returns undefined when the stamp was not activated
 */
export async function removeActivation(
  { database }: BridgeTools,
  changing: Changing,
): Promise<LeftBehind | undefined> {
  return database.transaction(async (tx) => {
    await lockActivation(tx);
    const activation = await findActivation(tx, { lock: true });
    if (activation === undefined) return undefined;
    const left = await leftBehind(tx, activation);
    await deleteActivation(tx);
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: 'Microsoft.AzureBridge.Admin/activations/delete',
      target: TARGET,
      detail: {
        registrationId: activation.registrationId,
        ...toDetail(left),
      },
    });
    return left;
  });
}

function toDetail({ windows, unsentFrom, unsentThrough }: LeftBehind): Record<string, unknown> {
  return {
    windowsLeftBehind: windows,
    from: unsentFrom === undefined ? null : windowName(unsentFrom),
    through: unsentThrough === undefined ? null : windowName(unsentThrough),
  };
}

async function leftBehind(tx: Tx, activation: Activation): Promise<LeftBehind> {
  const progress = activation.usageReporting ? await readProgress(tx) : undefined;
  const backlog = progress && (await readBacklog(tx, progress.nextWindow));
  return {
    unsentFrom: backlog?.oldest,
    unsentThrough: backlog?.newest,
    windows: backlog?.windows ?? 0,
  };
}
