import { digestOfBatches, type Manifest, type MeterSum } from '../../reporting/index.ts';
import type { StoredBatch } from './batch-store.ts';

/** What was received of a window. */
export interface ReceivedWindow {
  /** By number. */
  readonly batches: readonly StoredBatch[];
  /** As the rows add up to, in any order. */
  readonly meters: readonly MeterSum[];
}

/** Batches that are named one by one; more of them are counted. */
const MOST_NAMED = 10;

/**
 * Where a manifest says something else than what was received, or than what was accepted before: each
 * difference in words that go on from "does not add up:"; none when there is none.
 */
export function differencesOf(manifest: Manifest, received: ReceivedWindow): string[] {
  const { batches, meters } = received;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const found = [
    ...batchDifferences(manifest.batches, batches),
    ...difference('rows in batches', manifest.rows, rows),
    ...meterDifferences(manifest.meters, meters),
  ];
  const digest = digestOfBatches(batches.map((batch) => batch.digest));
  // When a batch is missing that says it all.
  if (found.length === 0) found.push(...difference('the digest', manifest.digest, digest));
  return found;
}

/** The same for a window that was accepted before. */
export function differencesFromAccepted(manifest: Manifest, accepted: Manifest): string[] {
  return [
    ...difference('batches', manifest.batches, accepted.batches),
    ...difference('rows in batches', manifest.rows, accepted.rows),
    ...meterDifferences(manifest.meters, accepted.meters),
    ...difference('the digest', manifest.digest, accepted.digest),
  ];
}

function difference(what: string, stated: string | number, received: string | number): string[] {
  if (stated === received) return [];
  return [`${what}: ${stated} stated, ${received} received`];
}

function batchDifferences(stated: number, batches: readonly StoredBatch[]): string[] {
  const there = new Set(batches.map(({ sequence }) => sequence));
  const missing: number[] = [];
  for (let sequence = 1; sequence <= stated; sequence++) {
    if (!there.has(sequence)) missing.push(sequence);
  }
  const beyond = batches.map(({ sequence }) => sequence).filter((sequence) => sequence > stated);
  return [
    ...(missing.length > 0 ? [`batches ${named(missing)} are missing`] : []),
    ...(beyond.length > 0 ? [`batches ${named(beyond)} are more than it states`] : []),
  ];
}

function named(sequences: readonly number[]): string {
  const shown = sequences.slice(0, MOST_NAMED).join(', ');
  const more = sequences.length - MOST_NAMED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function meterDifferences(stated: readonly MeterSum[], received: readonly MeterSum[]): string[] {
  const left = new Map(received.map((sum) => [sum.meterId, sum]));
  const found = stated.flatMap((one) => {
    const { meterId } = one;
    const there = left.get(meterId);
    if (there === undefined) return [`of the meter ${meterId} nothing more was received`];
    left.delete(meterId);
    return [
      ...difference(`rows of the meter ${meterId}`, one.rows, there.rows),
      ...difference(`quantity of the meter ${meterId}`, one.quantity, there.quantity),
    ];
  });
  const unstated = [...left.keys()].toSorted();
  return [...found, ...unstated.map((meterId) => `the meter ${meterId} is not in it`)];
}
