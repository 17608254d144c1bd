import { fail, type Instant } from '../../kernel/index.ts';
import type { Clock, Database, Tx } from '../../platform/index.ts';
import { digestOfBatch, readBatch, windowName, type Batch } from '../../reporting/index.ts';
import { findRegistration, mappingsInForce, type Registration } from '../registration/index.ts';
import { admitWindow } from './admission.ts';
import {
  ensurePartition,
  findBatch,
  insertBatch,
  insertResources,
  insertRows,
  joinOpenPeriod,
  type BookedResource,
  type StoredBatch,
  type WindowKey,
} from './batch-store.ts';
import { bookResources, bookRows, checkTexts, spellingsOf } from './booking.ts';
import { metersInForce } from './meter-store.ts';
import { RememberedResources } from './remembered-resources.ts';
import { findReceived } from './window-store.ts';

/** What the address of a batch says, and its body. */
export interface SentBatch {
  readonly registrationId: string;
  readonly window: number;
  readonly sequence: number;
  /** Not compressed. */
  readonly body: Buffer;
}

/** How a batch was taken. */
export interface ReceivedBatch extends StoredBatch {
  readonly window: number;
  /** False: it had been taken before. */
  readonly isNew: boolean;
}

/** Takes batches; remembers what it has put into the database, and nothing else. */
export interface BatchReceiver {
  /**
   * Takes a batch of the window that comes next, all of it or nothing, in one transaction. Several
   * batches of a window may come at a time. One that was taken before is compared and nothing else,
   * also when its window was accepted long ago.
   *
   * @throws InvalidReport, ReportedWindowGap, ReportedWindowInFuture, ReportedBatchAltered,
   *   RegistrationExpired, UsageReportingOff
   */
  receive(sent: SentBatch): Promise<ReceivedBatch>;
}

export function createBatchReceiver({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): BatchReceiver {
  const remembered = new RememberedResources();
  return {
    receive: async (sent) => {
      const batch = readSent(sent);
      const digest = digestOfBatch(sent.body);
      const stored: StoredBatch = { sequence: sent.sequence, rows: batch.rows.length, digest };
      const work = (tx: Tx): Promise<Taken> =>
        takeBatch(tx, { clock, remembered }, sent, { batch, stored });
      const { isNew, resources } = await database.transaction(work, { retry: true });
      // Only now is it certain that they are there.
      remembered.add(resources);
      return { ...stored, window: sent.window, isNew };
    },
  };
}

/** @throws InvalidReport also when the body is of another window or number than its address */
function readSent({ window, sequence, body }: SentBatch): Batch {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw fail('InvalidReport', { place: 'the body', rule: 'has to be JSON' }, { cause });
  }
  const batch = readBatch(parsed);
  if (batch.window !== window || batch.sequence !== sequence) {
    const place = batch.window === window ? 'sequence' : 'window';
    throw fail('InvalidReport', { place, rule: 'has to be that of the address' });
  }
  checkTexts(batch.resources);
  return batch;
}

interface Taken {
  readonly isNew: boolean;
  /** Those that were put down. */
  readonly resources: readonly BookedResource[];
}

interface Tools {
  readonly clock: Clock;
  readonly remembered: RememberedResources;
}

async function takeBatch(
  tx: Tx,
  tools: Tools,
  sent: SentBatch,
  { batch, stored }: { readonly batch: Batch; readonly stored: StoredBatch },
): Promise<Taken> {
  const { registrationId, window } = sent;
  const held = await findRegistration(tx, registrationId);
  if (held === undefined) throw new Error('A registration is gone, and none is ever deleted.');
  const key: WindowKey = { registrationNumber: held.number, window };
  const next = await joinOpenPeriod(tx, held.number);
  if (next !== window && (await findReceived(tx, key)) !== undefined) {
    await compareWithTaken(tx, key, stored);
    return { isNew: false, resources: [] };
  }
  // Read once more under the lock: whoever changes a registration ends or begins its period with it.
  const registration = (await findRegistration(tx, registrationId)) ?? held;
  const now = tools.clock.now();
  admitWindow(registration, window, next, now);
  if (!(await insertBatch(tx, key, stored, now.toString()))) {
    await compareWithTaken(tx, key, stored);
    return { isNew: false, resources: [] };
  }
  return { isNew: true, resources: await bookBatch(tx, tools, { registration, key, batch, now }) };
}

/** @throws ReportedBatchAltered also when the window was accepted without such a batch */
async function compareWithTaken(
  tx: Tx,
  key: WindowKey,
  { sequence, digest }: StoredBatch,
): Promise<void> {
  const taken = await findBatch(tx, key, sequence);
  if (taken?.digest === digest) return;
  throw fail('ReportedBatchAltered', { sequence, window: windowName(key.window) });
}

interface AdmittedBatch {
  readonly registration: Registration;
  readonly key: WindowKey;
  readonly batch: Batch;
  readonly now: Instant;
}

/** Meters before resources before rows: all batches take their locks in this order. */
async function bookBatch(
  tx: Tx,
  { clock, remembered }: Tools,
  { registration, key, batch, now }: AdmittedBatch,
): Promise<readonly BookedResource[]> {
  const meters = await metersInForce(tx, clock, spellingsOf(batch.rows));
  const mappings = await mappingsInForce(tx, registration, now);
  const resources = bookResources(batch.resources, registration, mappings);
  const rows = bookRows(batch.rows, resources, meters, registration.billingModel);
  const unknown = resources.filter((resource) => !remembered.has(resource));
  await ensurePartition(tx, key.window);
  await insertResources(tx, unknown);
  await insertRows(tx, key, batch.sequence, rows);
  return unknown;
}
