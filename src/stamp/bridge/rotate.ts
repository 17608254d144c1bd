import { fail, isJsonObject, type HourNumber } from '../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import type { Log } from '../../platform/index.ts';
import { writeRegistrationToken, type RegistrationToken } from '../../reporting/index.ts';
import { TARGET, WRITE, type BridgeTools } from './activating.ts';
import type { Activation } from './activation.ts';
import { callCommerce, connect, forgetToken, type Connection } from './connection.ts';
import {
  activateKey,
  addPendingKey,
  ensureCloudId,
  forgetRetiredKeys,
  hasRetiredKeys,
  listUsableKeys,
  lockKeys,
  type BridgeKey,
} from './key-store.ts';
import { withBridgeLock } from './lock.ts';
import { readProgress } from './store.ts';
import { ActivationChanged, nonsense, toStackmeterError, Trouble } from './trouble.ts';

/** A key that is in force. */
export interface Rotated {
  readonly thumbprint: string;
}

/**
 * Gives the stamp another key, which commerce is told of over a call that the old one vouches for; once the new one has
 * signed in, commerce is told to end the old one. Interrupted anywhere, the next call ends what was begun and begins
 * nothing else: the new key is kept here before commerce hears of it, and the old one there until the new one is in use.
 *
 * @throws NotActivated, CommerceUnreachable, Conflict (another process rotates)
 */
export async function rotateBridgeKey(tools: BridgeTools, changing: Changing): Promise<Rotated> {
  const connection = await connect(tools);
  try {
    const held = await withBridgeLock(tools.database, 'bridge rotation', () =>
      rotate(connection, changing),
    );
    if (held !== undefined) return held.done;
  } catch (error) {
    throw toStackmeterError(error, connection.activation.commerceUrl);
  }
  throw fail('Conflict', { reason: 'another process changes the key at this time' });
}

async function rotate(connection: Connection, changing: Changing): Promise<Rotated> {
  const { database } = connection.tools;
  const present = await signInAnew(connection);
  if (await hasRetiredKeys(database.pool)) {
    // An earlier rotation had arrived, and was not ended.
    await endOthers(connection, present, changing);
    return { thumbprint: present.kid };
  }
  const next = await nextKey(connection.tools);
  await stateKey(connection, next);
  await database.transaction(async (tx) => {
    await activateKey(tx, next.keyId);
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: WRITE,
      target: TARGET,
      detail: { thumbprint: next.kid, before: present.kid },
    });
  });
  const used = await signInAnew(connection);
  await endOthers(connection, used, changing);
  return { thumbprint: used.kid };
}

/**
 * Has commerce end the keys that were replaced here, if a rotation did not come to that. Nothing waits for it: when it
 * cannot be done, or a rotation is under way, there is a next time.
 *
 * @throws the reason of `signal` once that is aborted
 */
export async function endReplacedKeys(
  connection: Connection,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database, clock } = connection.tools;
  if (!(await hasRetiredKeys(database.pool))) return;
  try {
    await withBridgeLock(database, 'bridge rotation', async () => {
      const used = await signInAnew(connection, signal);
      await endOthers(connection, used, { clock, actor: SYSTEM }, signal);
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Trouble) && !(error instanceof ActivationChanged)) throw error;
    log.warn({ err: error }, 'commerce takes the key that was replaced still; told again later');
  }
}

/** Proves that commerce knows the active key; it finds out, too, whether an earlier rotation had arrived. */
async function signInAnew(connection: Connection, signal?: AbortSignal): Promise<BridgeKey> {
  const { activation, tools } = connection;
  forgetToken(connection);
  await callCommerce(connection, {
    path: `/api/v1/reported-usage/${activation.registrationId}`,
    signal,
  });
  const [key] = await listUsableKeys(tools.database.pool);
  if (key?.state === 'active') return key;
  throw new ActivationChanged();
}

/** Has commerce end all keys but the one that is in use, and forgets them here. */
async function endOthers(
  connection: Connection,
  used: BridgeKey,
  changing: Changing,
  signal?: AbortSignal,
): Promise<void> {
  // For a key that commerce knows already this is what it means.
  await stateKey(connection, used, signal);
  await connection.tools.database.transaction(async (tx) => {
    if (!(await forgetRetiredKeys(tx, used.keyId))) return;
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: WRITE,
      target: TARGET,
      detail: { thumbprint: used.kid, rotation: 'the key before was ended' },
    });
  });
}

/** Tells commerce of a key: the first time it is added to those that it knows, from then on it is the only one. */
async function stateKey(
  connection: Connection,
  key: BridgeKey,
  signal?: AbortSignal,
): Promise<void> {
  const { tools, activation } = connection;
  const statement = await statementOf(tools, activation);
  const registrationToken = await writeRegistrationToken(statement, key, tools.clock.now());
  const answer = await callCommerce(connection, {
    method: 'PUT',
    path: `/api/v1/reported-usage/${activation.registrationId}/credential`,
    body: JSON.stringify({ registrationToken }),
    signal,
  });
  if (!isJsonObject(answer) || answer['thumbprint'] !== key.kid) {
    throw nonsense('it names another key than the one it was given');
  }
}

/** The one that an earlier rotation left, or a new one. */
async function nextKey({ database, clock }: BridgeTools): Promise<BridgeKey> {
  return database.transaction(async (tx) => {
    await lockKeys(tx);
    const pending = (await listUsableKeys(tx)).find(({ state }) => state === 'pending');
    return pending ?? addPendingKey(tx, clock.now());
  });
}

async function statementOf(
  { database }: BridgeTools,
  activation: Activation,
): Promise<RegistrationToken> {
  const progress = await readProgress(database.pool);
  if (progress === undefined) throw fail('NotActivated');
  const fromWindow: HourNumber = progress.nextWindow;
  return {
    cloudId: await ensureCloudId(database.pool),
    billingModel: activation.billingModel,
    usageReporting: activation.usageReporting,
    marketplaceSyndication: activation.marketplaceSyndication,
    agreementNumber: undefined,
    assetTag: undefined,
    fromWindow,
  };
}
