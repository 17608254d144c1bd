import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { Decimal, type HourNumber } from '../../kernel/index.ts';
import {
  digestOfBatch,
  ManifestSums,
  writeBatch,
  type Manifest,
  type ReportedRow,
} from '../../reporting/index.ts';
import type { BridgeTools } from './activating.ts';
import { batchesOf } from './batches.ts';
import type { DueWindow } from './due-store.ts';
import { pastRetention, unfit } from './trouble.ts';

/** What is sent of a window, in order: its batches, then what ends it. */
export type Prepared =
  | {
      readonly kind: 'batch';
      readonly window: HourNumber;
      readonly sequence: number;
      readonly rows: readonly ReportedRow[];
      /** Of the body as it is before it is compressed. */
      readonly digest: string;
      readonly bytes: number;
      /** Compressed with Zstandard. */
      readonly body: Buffer;
    }
  | { readonly kind: 'end'; readonly window: HourNumber; readonly manifest: Manifest };

const compress = promisify(zstdCompress);
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Prepares windows to be sent, one after the other. A window's end comes only when its rows add up to what was noted
 * when it closed.
 *
 * @throws Trouble for a window that is not fit to be sent
 */
export async function* prepareWindows(
  { database, clock }: BridgeTools,
  windows: AsyncIterable<DueWindow> | Iterable<DueWindow>,
): AsyncGenerator<Prepared> {
  for await (const due of windows) {
    const sums = new ManifestSums();
    if (due.rows > 0n) {
      if (due.isExpired) throw pastRetention(due.window);
      for await (const batch of batchesOf(database, due.window)) {
        const text = writeBatch(batch);
        const digest = digestOfBatch(text);
        sums.add(batch.rows, digest);
        const body = await compress(text, FASTEST);
        const { window, sequence, rows } = batch;
        const bytes = Buffer.byteLength(text);
        yield { kind: 'batch', window, sequence, rows, digest, bytes, body };
        // Intake and closing come in between.
        await clock.sleep(0);
      }
    }
    const manifest = sums.manifestOf(due.window);
    requireNotedSums(due, manifest);
    yield { kind: 'end', window: due.window, manifest };
  }
}

/** A report that does not add up is never sent. */
function requireNotedSums(due: DueWindow, manifest: Manifest): void {
  let quantity = Decimal.zero;
  for (const sum of manifest.meters) {
    quantity = quantity.add(Decimal.parse(sum.quantity) ?? Decimal.zero);
  }
  const noted = Decimal.parse(due.quantity) ?? Decimal.zero;
  if (BigInt(manifest.rows) === due.rows && quantity.equals(noted)) return;
  throw unfit(
    due.window,
    `${due.rows} rows and ${due.quantity} in all were noted when it closed, and now it has ` +
      `${manifest.rows} rows and ${quantity.toText()}`,
  );
}
