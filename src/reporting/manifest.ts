import { hash } from 'node:crypto';
import {
  Decimal,
  isJsonObject,
  meterKey,
  parseMeterId,
  type HourNumber,
  type MeterId,
} from '../kernel/index.ts';
import { invalid, REPORT_VERSION, type ReportedRow } from './batch.ts';
import { parseWindowName, windowName } from './window-name.ts';

/** What a window has of one meter. */
export interface MeterSum {
  /** In lower case. */
  readonly meterId: string;
  readonly rows: number;
  /** Exact; decimal text in its shortest form. */
  readonly quantity: string;
}

/** What ends a window: how much was sent, exactly. */
export interface Manifest {
  readonly window: HourNumber;
  readonly batches: number;
  readonly rows: number;
  /** SHA-256 over the digests of the batches, one a line, in hexadecimal digits. */
  readonly digest: string;
  /** By meter id. */
  readonly meters: readonly MeterSum[];
}

/** Adds up what a window has, batch by batch in order. */
export class ManifestSums {
  private readonly byMeter = new Map<string, { rows: number; quantity: Decimal }>();
  private readonly keys = new Map<MeterId, string>();
  private readonly digests: string[] = [];
  private rows = 0;

  /** @param digest of the batch that the rows are in */
  add(rows: readonly ReportedRow[], digest: string): void {
    this.digests.push(digest);
    this.rows += rows.length;
    for (const { meterId, quantity } of rows) {
      const key = this.keyOf(meterId);
      const sum = this.byMeter.get(key) ?? { rows: 0, quantity: Decimal.zero };
      sum.rows += 1;
      sum.quantity = sum.quantity.add(Decimal.parse(quantity) ?? Decimal.zero);
      this.byMeter.set(key, sum);
    }
  }

  manifestOf(window: HourNumber): Manifest {
    return {
      window,
      batches: this.digests.length,
      rows: this.rows,
      digest: digestOfBatches(this.digests),
      meters: sortMeters(
        [...this.byMeter].map(([meterId, { rows, quantity }]) => ({
          meterId,
          rows,
          quantity: quantity.toText(),
        })),
      ),
    };
  }

  private keyOf(meterId: MeterId): string {
    let key = this.keys.get(meterId);
    if (key === undefined) {
      key = meterKey(meterId);
      this.keys.set(meterId, key);
    }
    return key;
  }
}

/** SHA-256 over the digests of all batches of a window, in order. */
export function digestOfBatches(digests: readonly string[]): string {
  return hash('sha256', digests.join('\n'));
}

/** In the order that every side gives them. */
export function sortMeters(meters: readonly MeterSum[]): MeterSum[] {
  return meters.toSorted((one, other) => (one.meterId < other.meterId ? -1 : 1));
}

/** The body of a manifest as it is sent. */
export function writeManifest({ window, batches, rows, digest, meters }: Manifest): string {
  return JSON.stringify({
    version: REPORT_VERSION,
    window: windowName(window),
    batches,
    rows,
    digest,
    meters: meters.map((sum) => [sum.meterId, sum.rows, sum.quantity]),
  });
}

const MOST_METERS = 100_000;
const MOST_BATCHES = 1_000_000;
const MOST_ROWS = 1_000_000_000;

/**
 * Reads the body of a manifest, parsed as JSON.
 *
 * @throws InvalidReport for anything that is not as {@link writeManifest} writes it
 */
export function readManifest(body: unknown): Manifest {
  if (!isJsonObject(body)) throw invalid('the body', 'has to be a JSON object');
  const { version, window, batches, rows, digest, meters } = body;
  if (version !== REPORT_VERSION) throw invalid('version', `has to be ${REPORT_VERSION}`);
  const hour = typeof window === 'string' ? parseWindowName(window) : undefined;
  if (hour === undefined) throw invalid('window', 'has to be an hour like 2026-11-23T10Z');
  if (!isCount(batches, MOST_BATCHES)) throw invalid('batches', 'has to be a whole number');
  if (!isCount(rows, MOST_ROWS)) throw invalid('rows', 'has to be a whole number');
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) {
    throw invalid('digest', 'has to be 64 hexadecimal digits');
  }
  const list: readonly unknown[] | undefined = Array.isArray(meters) ? meters : undefined;
  if (list === undefined || list.length > MOST_METERS) throw invalid('meters', 'has to be a list');
  return { window: hour, batches, rows, digest, meters: sortMeters(list.map(readMeter)) };
}

function readMeter(value: unknown, at: number): MeterSum {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const [meter, rows, text] = list;
  const meterId = typeof meter === 'string' ? parseMeterId(meter) : undefined;
  const quantity = typeof text === 'string' ? Decimal.parse(text) : undefined;
  if (meterId === undefined || quantity === undefined || !isCount(rows, MOST_ROWS)) {
    throw invalid(`meters[${at}]`, 'has to be a meter id, a number of rows and a quantity');
  }
  return { meterId: meterKey(meterId), rows, quantity: quantity.toText() };
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}
