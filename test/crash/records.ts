import { randomUUID } from 'node:crypto';
import { referenceMeters } from '../../src/stamp/meters/index.ts';
import type { SeededRandom } from './random.ts';

/** A record as the test keeps it: enough to know what it adds to which sum. */
export interface SentRecord {
  readonly id: string;
  readonly subscriptionId: string;
  readonly meterId: string;
  /** in millionths */
  readonly quantity: bigint;
  readonly startMs: number;
  readonly endMs: number;
  readonly resource: number;
}

export interface SentBatch {
  readonly records: readonly SentRecord[];
  readonly body: string;
  /** whether each record has the id of a counted one and other content */
  readonly conflicting: boolean;
}

const SOURCE = 'test://crash';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const METERS = referenceMeters.slice(0, 5).map((meter) => meter.id);

/** A batch of new records whose usage was before `nowMs`; some of them cross hours. */
export function newBatch(
  random: SeededRandom,
  subscriptions: readonly string[],
  nowMs: number,
): SentBatch {
  const records = Array.from({ length: random.between(1, 60) }, (): SentRecord => {
    const hour = Math.floor(nowMs / HOUR_MS) - random.between(2, 30);
    const crossing = random.next() < 0.1;
    const startMs = hour * HOUR_MS + (crossing ? 30 * MINUTE_MS : 0);
    const meterId = random.pick(METERS);
    return {
      id: randomUUID(),
      subscriptionId: random.pick(subscriptions),
      meterId: random.next() < 0.2 ? meterId.toUpperCase() : meterId,
      quantity: BigInt(random.between(1, 99_999_999)),
      startMs,
      endMs: startMs + (crossing ? 90 : 60) * MINUTE_MS,
      resource: random.between(1, 40),
    };
  });
  return batchOf(records, false);
}

/** The same ids with something else changed: a quantity, a time, or whose usage it is. */
export function alteredBatch(
  random: SeededRandom,
  subscriptions: readonly string[],
  counted: SentBatch,
): SentBatch {
  const altered = counted.records.slice(0, 5).map((record): SentRecord => {
    const way = random.between(1, 3);
    if (way === 1) return { ...record, quantity: record.quantity + 1n };
    if (way === 2) return { ...record, startMs: record.startMs + MINUTE_MS };
    const other = subscriptions.find((id) => id !== record.subscriptionId)!;
    return { ...record, subscriptionId: other };
  });
  return batchOf(altered, true);
}

function batchOf(records: readonly SentRecord[], conflicting: boolean): SentBatch {
  return { records, conflicting, body: `[${records.map(toEvent).join(',')}]` };
}

function toEvent(record: SentRecord): string {
  const { subscriptionId, meterId } = record;
  const data = {
    subscriptionId,
    resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/crash/providers/Microsoft.Compute/virtualMachines/vm${record.resource}`,
    location: 'local',
    meterId,
    quantity: millionths(record.quantity),
    usageStartTime: new Date(record.startMs).toISOString(),
    usageEndTime: new Date(record.endMs).toISOString(),
  };
  const { id } = record;
  return JSON.stringify({ specversion: '1.0', type: 'stackmeter.usage', source: SOURCE, id, data });
}

function millionths(quantity: bigint): string {
  const digits = quantity.toString().padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** What a sum is made for: subscription and meter, however it was spelled. */
export function sumKey(record: Pick<SentRecord, 'subscriptionId' | 'meterId'>): string {
  return `${record.subscriptionId} ${record.meterId.toLowerCase()}`;
}

/** The sum of the records for each subscription and meter, in millionths. */
export function sumRecords(records: Iterable<SentRecord>): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const record of records) {
    const key = sumKey(record);
    sums.set(key, (sums.get(key) ?? 0n) + record.quantity);
  }
  return sums;
}
