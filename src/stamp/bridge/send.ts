import { isJsonObject, type HourNumber } from '../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../audit/index.ts';
import type { Log } from '../../platform/index.ts';
import { checkReceipt, windowName, writeManifest, type Manifest } from '../../reporting/index.ts';
import { TARGET, WRITE } from './activating.ts';
import { readAhead } from './ahead.ts';
import { callCommerce, type Connection } from './connection.ts';
import type { DueWindow } from './due-store.ts';
import { createFlights, type Flights } from './flights.ts';
import { prepareWindows, type Prepared } from './prepare.ts';
import { holdActivation, noteSent, passWithoutReceipt, requireActivation } from './store.ts';
import { nonsense, Trouble } from './trouble.ts';

/** What commerce has of the window that is under way, so that an interrupted one goes on where it ended. */
export interface Acknowledged {
  window: HourNumber | undefined;
  /** Digests by sequence number. */
  readonly batches: Map<number, string>;
}

/** Sends windows under one agreement with commerce. */
export interface Sender {
  readonly connection: Connection;
  readonly cloudId: string;
  readonly log: Log;
  /** Batches of a window that are under way at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** No further call is begun once it is aborted. */
  readonly finishing: AbortSignal | undefined;
  readonly acknowledged: Acknowledged;
  /** Windows before this one have been accepted: of them only the receipt is wanted. */
  readonly acceptedUntil: HourNumber | undefined;
  /** Whether something else needs the machine more just now. */
  readonly givesWay: () => boolean;
  /** Told of all that commerce acknowledged. */
  readonly onProgress: (rows: number) => void;
}

/** Milliseconds between two batches while something else needs the machine more. */
const GIVE_WAY_MS = 200;

/** Batches that are ready before they can be sent, so that memory stays the same whatever the backlog. */
const AHEAD = 6;

/**
 * Sends windows in order, each as a whole. The next ones are prepared while commerce takes in the last. Ends as soon as
 * the activation is changed or removed: what commerce has of a window that is not ended then is worth nothing.
 *
 * @returns how many commerce accepted
 * @throws Trouble; ActivationChanged; the reason of the signal once that is aborted
 */
export async function sendWindows(
  sender: Sender,
  windows: AsyncGenerator<DueWindow>,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([sender.signal, stop.signal]);
  const flights = createFlights();
  const { tools, activation } = sender.connection;
  let sent = 0;
  let begun: HourNumber | undefined;
  try {
    for await (const item of readAhead(prepareWindows(tools, windows), AHEAD)) {
      sender.signal.throwIfAborted();
      if (sender.finishing?.aborted === true) await flights.room(0);
      sender.finishing?.throwIfAborted();
      await flights.room(item.kind === 'batch' ? sender.concurrency - 1 : 0);
      if (item.kind === 'end') {
        await endWindow(sender, item.manifest, signal);
        sent += 1;
      } else if (!isAcknowledged(sender, item)) {
        if (begun !== item.window) await requireActivation(tools.database.pool, activation);
        begun = item.window;
        if (sender.givesWay()) await giveWay(sender, flights);
        flights.start(putBatch(sender, item, signal));
      }
    }
    return sent;
  } finally {
    stop.abort(new Error('another call failed'));
    await flights.ended();
  }
}

/** Usage that comes in goes before usage that goes out: one batch at a time then, and a rest after each. */
async function giveWay({ connection, signal }: Sender, flights: Flights): Promise<void> {
  await flights.room(0);
  await connection.tools.clock.sleep(GIVE_WAY_MS, signal);
}

type PreparedBatch = Extract<Prepared, { kind: 'batch' }>;

function isAcknowledged({ acknowledged, acceptedUntil }: Sender, batch: PreparedBatch): boolean {
  if (acceptedUntil !== undefined && batch.window < acceptedUntil) return true;
  if (acknowledged.window !== batch.window) {
    acknowledged.window = batch.window;
    acknowledged.batches.clear();
  }
  return acknowledged.batches.get(batch.sequence) === batch.digest;
}

function pathOf({ connection }: Sender, window: HourNumber): string {
  const { registrationId } = connection.activation;
  return `/api/v1/reported-usage/${registrationId}/windows/${windowName(window)}`;
}

async function putBatch(sender: Sender, batch: PreparedBatch, signal: AbortSignal): Promise<void> {
  const { window, sequence, rows, digest, body } = batch;
  const answer = await callCommerce(sender.connection, {
    method: 'PUT',
    path: `${pathOf(sender, window)}/batches/${sequence}`,
    body,
    encoding: 'zstd',
    signal,
  });
  const isTaken =
    isJsonObject(answer) &&
    answer['window'] === windowName(window) &&
    answer['sequence'] === sequence &&
    answer['rows'] === rows.length &&
    answer['digest'] === digest;
  if (!isTaken) throw nonsense(`it acknowledges another batch than ${sequence}`);
  if (sender.acknowledged.window === window) sender.acknowledged.batches.set(sequence, digest);
  sender.onProgress(rows.length);
}

/**
 * Has commerce accept a window, and notes it. Whoever ends or replaces the activation meanwhile waits for that, so that
 * no window is told to stay behind that is then accepted.
 */
async function endWindow(sender: Sender, manifest: Manifest, signal: AbortSignal): Promise<void> {
  const { connection, cloudId } = sender;
  const { activation, tools } = connection;
  const { registrationId } = activation;
  const body = writeManifest(manifest);
  const path = pathOf(sender, manifest.window);
  await tools.database.transaction(async (tx) => {
    await holdActivation(tx, activation);
    const answer = await callCommerce(connection, { method: 'PUT', path, body, signal });
    const owner = { registrationId, cloudId };
    const receipt = checkReceipt(answer, owner, manifest, activation.statementJwk);
    if (typeof receipt === 'string') throw nonsense(`its receipt cannot be accepted, ${receipt}`);
    const noted = await noteSent(tx, registrationId, {
      window: manifest.window,
      batches: manifest.batches,
      rows: BigInt(manifest.rows),
      receipt: JSON.stringify(receipt),
      sentAt: tools.clock.now(),
    });
    if (noted) return;
    const said = `the window ${windowName(manifest.window)} is not the next any more`;
    throw new Trouble('internal', 'InternalServerError', said);
  });
  sender.acknowledged.window = undefined;
  sender.acknowledged.batches.clear();
  sender.onProgress(0);
}

/** Has commerce forget what it got of a window that it has not accepted. */
export async function startOver(sender: Sender, window: HourNumber): Promise<void> {
  sender.acknowledged.window = undefined;
  sender.acknowledged.batches.clear();
  const { connection, signal } = sender;
  await callCommerce(connection, { method: 'DELETE', path: pathOf(sender, window), signal });
}

/**
 * Goes on after a window that commerce has accepted and of which no receipt can be had any more: because its rows are
 * gone here, or because commerce has other content than would be sent now, as when a subscription changed its directory.
 */
export async function goOnWithoutReceipt(
  { connection, log, signal }: Sender,
  at: HourNumber,
  cause: Trouble,
): Promise<void> {
  signal.throwIfAborted();
  const { tools, activation } = connection;
  const withoutReceipt = { window: windowName(at), code: cause.code, reason: cause.message };
  log.error(withoutReceipt, 'commerce accepted a window whose receipt cannot be had');
  await tools.database.transaction(async (tx) => {
    await holdActivation(tx, activation);
    await passWithoutReceipt(tx, activation.registrationId, at);
    await appendAudit(tx, tools.clock, {
      actor: SYSTEM,
      action: WRITE,
      target: TARGET,
      detail: { withoutReceipt },
    });
  });
}
