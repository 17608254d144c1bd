import assert from 'node:assert/strict';
import {
  Decimal,
  hourFromInstant,
  hourNumber,
  parseResourceUri,
  type HourNumber,
} from '../../../kernel/index.ts';
import { referenceMeters } from '../../meters/index.ts';
import type { EmittedRecord } from './record.ts';
import { recordsReportedIn, simulatedStamp } from './simulator.ts';

/** What the tests of the simulator have in common: one stamp, and a fortnight of its records. */

export function hourAt(text: string): HourNumber {
  const hour = hourFromInstant(Temporal.Instant.from(text));
  assert.ok(hour !== undefined);
  return hour;
}

export function amount(record: EmittedRecord): Decimal {
  const value = Decimal.parse(record.quantity);
  assert.ok(value, `${record.quantity} is no decimal`);
  return value;
}

const namesById = new Map(referenceMeters.map((meter) => [meter.id, meter.name]));

/** The name of the record's meter, whose id must be spelled as in the reference list. */
export function nameOf(record: EmittedRecord): string {
  const name = namesById.get(record.meterId);
  assert.ok(name, `the reference list has no meter ${record.meterId}`);
  return name;
}

export function typeOf(record: EmittedRecord): string {
  const uri = parseResourceUri(record.resourceUri);
  assert.ok(uri, record.resourceUri);
  return `${uri.provider}/${uri.type}`;
}

/** A Monday. */
export const start = hourAt('2026-03-02T00:00Z');

export const stamp = simulatedStamp('demo', 'local', start);

export function fortnightOfRecords(): EmittedRecord[] {
  return Array.from({ length: 14 * 24 }, (_, hour) =>
    recordsReportedIn(stamp, hourNumber(start + hour)),
  ).flat();
}
