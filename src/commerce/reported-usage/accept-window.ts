import { fail, type ErrorDetail, type HourNumber, type Instant } from '../../kernel/index.ts';
import type { Clock, Database, Tx } from '../../platform/index.ts';
import {
  contentOfWindow,
  GENESIS_HASH,
  hashOfWindow,
  windowName,
  type AcceptedWindow,
  type Manifest,
} from '../../reporting/index.ts';
import {
  advanceWindow,
  findRegistration,
  lockOpenPeriod,
  type Registration,
} from '../registration/index.ts';
import { admitWindow, windowGap } from './admission.ts';
import {
  deleteWindows,
  holdRegistration,
  listBatches,
  sumMeters,
  type WindowKey,
} from './batch-store.ts';
import { differencesFromAccepted, differencesOf } from './differences.ts';
import { dropUnaccepted } from './unaccepted-store.ts';
import { findReceived, insertReceived, lastReceived, toAccepted } from './window-store.ts';

/** An accepted window, and whether it was accepted just now or before. */
export interface Acceptance {
  readonly accepted: AcceptedWindow;
  readonly isNew: boolean;
}

interface Held {
  readonly registration: Registration;
  readonly key: WindowKey;
  /** The window that comes next; undefined when no period is open. */
  readonly next: number | undefined;
}

/** Holds the registration and its open period; manifests and changes of either wait until the end. */
async function hold(tx: Tx, registrationId: string, window: HourNumber): Promise<Held> {
  const found = await findRegistration(tx, registrationId);
  if (found === undefined) throw new Error('A registration is gone, and none is ever deleted.');
  await holdRegistration(tx, found.number);
  const period = await lockOpenPeriod(tx, found.number);
  const registration = (await findRegistration(tx, registrationId)) ?? found;
  const key = { registrationNumber: found.number, window };
  return { registration, key, next: period?.nextWindow };
}

/**
 * Accepts a window when what was received of it is what its manifest says, batch by batch and, summed
 * from the rows as they are kept, meter by meter. It is chained to the one before, and final from then
 * on. A window that was accepted before is compared and nothing else.
 *
 * @throws ManifestMismatch with a detail for each difference, ReportedWindowGap, ReportedWindowInFuture,
 *   RegistrationExpired, UsageReportingOff
 */
export async function acceptWindow(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  registrationId: string,
  manifest: Manifest,
): Promise<Acceptance> {
  const accept = async (tx: Tx): Promise<Acceptance> => {
    const { registration, key, next } = await hold(tx, registrationId, manifest.window);
    const before = await findReceived(tx, key);
    if (before !== undefined) {
      const accepted = toAccepted(before);
      const { acceptedAt } = accepted;
      if (contentOfWindow(registration, { manifest, acceptedAt }) === before.content) {
        return { accepted, isNew: false };
      }
      throw mismatch(manifest.window, differencesFromAccepted(manifest, accepted.manifest));
    }
    const now = clock.now();
    admitWindow(registration, manifest.window, next, now);
    // What an earlier period left unfinished is not to stand among accepted windows.
    await dropUnaccepted(tx, key.registrationNumber);
    await compareWithRows(tx, key, manifest);
    return { accepted: await chain(tx, registration, { key, manifest, now }), isNew: true };
  };
  return database.transaction(accept, { retry: true });
}

async function chain(
  tx: Tx,
  registration: Registration,
  { key, manifest, now }: { key: WindowKey; manifest: Manifest; now: Instant },
): Promise<AcceptedWindow> {
  const acceptedAt = now.round({ smallestUnit: 'millisecond', roundingMode: 'floor' });
  const content = contentOfWindow(registration, { manifest, acceptedAt });
  const previousHash = (await lastReceived(tx, key.registrationNumber))?.hash ?? GENESIS_HASH;
  const hash = hashOfWindow(previousHash, content);
  const accepted = { manifest, acceptedAt, previousHash, hash };
  await insertReceived(tx, key, accepted, content);
  await advanceWindow(tx, key.registrationNumber, key.window);
  return accepted;
}

/** @throws ManifestMismatch */
async function compareWithRows(tx: Tx, key: WindowKey, manifest: Manifest): Promise<void> {
  const batches = await listBatches(tx, key);
  const meters = await sumMeters(tx, key);
  const differences = differencesOf(manifest, { batches, meters });
  if (differences.length > 0) throw mismatch(manifest.window, differences);
}

const MOST_DETAILS = 20;

function mismatch(window: HourNumber, differences: readonly string[]): Error {
  const [first = 'it is another one than the one that was accepted'] = differences;
  const details = differences
    .slice(0, MOST_DETAILS)
    .map((message): ErrorDetail => ({ code: 'ManifestMismatch', message }));
  const more = differences.length - 1;
  const difference = more > 0 ? `${first}, and ${more} more` : first;
  return fail('ManifestMismatch', { window: windowName(window), difference }, { details });
}

/**
 * Takes away what was received of a window that is not accepted, so that it can be sent anew.
 *
 * @throws ReportedWindowGap for a window that was accepted, UsageReportingOff, RegistrationExpired,
 *   ReportedWindowInFuture
 */
export async function startOver(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  registrationId: string,
  window: HourNumber,
): Promise<void> {
  const drop = async (tx: Tx): Promise<void> => {
    const { registration, key, next } = await hold(tx, registrationId, window);
    if ((await findReceived(tx, key)) !== undefined) throw windowGap(window, next);
    admitWindow(registration, window, next, clock.now());
    await deleteWindows(tx, key.registrationNumber, [window]);
  };
  return database.transaction(drop, { retry: true });
}
