import type { HourNumber } from '../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../audit/index.ts';
import type { Log } from '../../platform/index.ts';
import { windowName } from '../../reporting/index.ts';
import { TARGET, WRITE } from './activating.ts';
import type { Activation } from './activation.ts';
import { callCommerce, type Connection } from './connection.ts';
import { ensureCloudId } from './key-store.ts';
import type { BridgeProgress } from './progress.ts';
import { readRegistrationStatus, type RegistrationStatus } from './registration-status.ts';
import { endReplacedKeys } from './rotate.ts';
import {
  findActivation,
  readProgress,
  requireActivation,
  setNextWindow,
  writeActivation,
} from './store.ts';
import { ActivationChanged } from './trouble.ts';

/** What commerce and this stamp agree on. */
export interface Agreed {
  readonly activation: Activation;
  readonly progress: BridgeProgress;
  readonly status: RegistrationStatus;
  readonly cloudId: string;
}

/**
 * Asks commerce how the registration stands, and takes that over: who pays and how, whether usage is reported, and which
 * window has to come next. Commerce is right about what it has. A key that it should know no more is ended there.
 *
 * @throws Trouble
 */
export async function syncWithCommerce(
  connection: Connection,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<Agreed> {
  const { tools, activation } = connection;
  const { registrationId } = activation;
  const { database, clock } = tools;
  const cloudId = await ensureCloudId(database.pool);
  const path = `/api/v1/reported-usage/${registrationId}`;
  const body = await callCommerce(connection, { path, signal });
  const status = readRegistrationStatus(body, { registrationId, cloudId });
  if (status.status !== 'Removed') await endReplacedKeys(connection, log, signal);
  return database.transaction(async (tx) => {
    const before = await findActivation(tx, { lock: true });
    if (before?.registrationId !== registrationId) throw new ActivationChanged();
    await requireActivation(tx, activation);
    const after = merge(before, status);
    const changed = changesOf(before, after);
    const progress = await readProgress(tx);
    if (progress === undefined) throw new TypeError('the activation has no progress');
    const move = moveOf(progress, status);
    if (Object.keys(changed).length > 0)
      await writeActivation(tx, { ...after, etag: crypto.randomUUID() });
    if (move !== undefined) {
      await setNextWindow(tx, registrationId, move.to, progress.lastSentAt === undefined);
      if (move.isLost) log.error({ ...move }, 'commerce wants usage again that it had received');
      else log.info({ ...move }, 'commerce said with which window to go on');
    }
    if (Object.keys(changed).length > 0 || move !== undefined) {
      await appendAudit(tx, clock, {
        actor: SYSTEM,
        action: WRITE,
        target: TARGET,
        detail: {
          fromCommerce: changed,
          ...(move && { nextWindow: windowName(move.to), before: windowName(move.from) }),
        },
      });
    }
    const agreed = move === undefined ? progress : { ...progress, nextWindow: move.to };
    return { activation: after, progress: agreed, status, cloudId };
  });
}

function merge(before: Activation, status: RegistrationStatus): Activation {
  const isOver = status.status === 'Removed' || status.status === 'Reset';
  return {
    ...before,
    registrationResourceId: status.resourceId,
    billingModel: status.billingModel,
    usageReporting: status.usageReporting,
    marketplaceSyndication: status.marketplaceSyndication,
    expiresAt: status.expiresAt,
    state: isOver ? status.status : 'Active',
  };
}

/** What is told of in the trail: names and values that are different now. */
function changesOf(before: Activation, after: Activation): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  const names = [
    'registrationResourceId',
    'billingModel',
    'usageReporting',
    'marketplaceSyndication',
    'state',
  ] as const;
  for (const name of names) if (before[name] !== after[name]) changed[name] = after[name];
  if (before.expiresAt?.toString() !== after.expiresAt?.toString()) {
    changed['expiration'] = after.expiresAt?.toString() ?? null;
  }
  return changed;
}

/** From where to where the next window moves. */
interface Move {
  readonly from: HourNumber;
  readonly to: HourNumber;
  /** Usage that had been sent has to be sent again. */
  readonly isLost: boolean;
}

function moveOf(progress: BridgeProgress, status: RegistrationStatus): Move | undefined {
  const { nextWindow: from, lastSentAt } = progress;
  const next = status.nextWindow;
  if (next === undefined || next === from || acceptedUntil(status, from) !== undefined)
    return undefined;
  const to = nextAccepted(status, from, next) ?? next;
  return { from, to, isLost: to < from && lastSentAt !== undefined };
}

/**
 * Where the first stretch of accepted windows after `from` begins. Receipts of them are missing here when this stamp was
 * restored from a copy, and can be fetched.
 */
function nextAccepted(
  { accepted }: RegistrationStatus,
  from: HourNumber,
  next: HourNumber,
): HourNumber | undefined {
  const later = accepted.filter((one) => one.from > from && one.from < one.to && one.from < next);
  return later.toSorted((one, other) => one.from - other.from)[0]?.from;
}

/**
 * Up to where (exclusive) commerce has accepted windows from this one on; undefined when it has not got it. It has some
 * that are not noted here when its answer was lost: their receipts are fetched.
 */
export function acceptedUntil(
  { accepted, nextWindow }: Pick<RegistrationStatus, 'accepted' | 'nextWindow'>,
  window: HourNumber,
): HourNumber | undefined {
  // What it wants next it is sent whole, though an earlier period may have had it.
  if (nextWindow === undefined || window >= nextWindow) return undefined;
  const to = accepted.find((stretch) => stretch.from <= window && window < stretch.to)?.to;
  return to === undefined || to < nextWindow ? to : nextWindow;
}
