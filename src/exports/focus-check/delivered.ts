/** What a manifest of Stackmeter says of the files beside it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Decimal, isJsonObject } from '../../kernel/index.ts';
import type { ConformanceFinding } from './report.ts';
import type { KnownInvoice } from './site.ts';

/** Of a file that is not what its manifest says. */
export interface FileFault {
  readonly file: string;
  readonly problem: string;
}

/** Rule of ours: files are what their manifest says. */
export function fileFindings(faults: readonly FileFault[]): ConformanceFinding[] {
  if (faults.length === 0) return [];
  return [
    {
      ruleId: 'SM-DLV-01',
      source: 'Stackmeter',
      severity: 'error',
      dataset: 'CostAndUsage',
      message: 'Files are there as their manifest says, byte for byte',
      advice: 'Fetch the delivery again, all of it, and change nothing in its files.',
      count: faults.length,
      examples: faults.map(({ file, problem }) => ({ file, row: undefined, value: problem })),
    },
  ];
}

interface Delivered {
  /** Paths of the data below the folder. */
  readonly files: readonly string[];
  readonly faults: readonly FileFault[];
  readonly invoices: ReadonlyMap<string, KnownInvoice>;
}

interface NamedFile {
  readonly path: string;
  readonly isData: boolean;
  readonly sha256: string;
}

/**
 * Compares the files below a folder with the manifests there: files that are missing or were changed after they had been
 * written. Of files that no manifest names, as of earlier versions, nothing is said.
 *
 * @returns undefined where there is no manifest
 */
export async function readDelivered(
  folder: string,
  below: readonly string[],
): Promise<Delivered | undefined> {
  const manifests: Manifest[] = [];
  for (const path of below.filter((one) => /(?:^|\/)manifest\.json$/.test(one))) {
    const manifest = manifestOf(await readFile(join(folder, path), 'utf8'));
    if (manifest !== undefined) manifests.push(manifest);
  }
  if (manifests.length === 0) return undefined;
  const files: string[] = [];
  const faults: FileFault[] = [];
  for (const { path, isData, sha256 } of manifests.flatMap((one) => one.files)) {
    // Paths are those below the place of the export, of which the folder may be a part.
    const there = below.find((one) => path === one || path.endsWith(`/${one}`));
    if (there === undefined) {
      faults.push({ file: path, problem: 'its manifest names it, and it is not there' });
      continue;
    }
    if (isData) files.push(there);
    const hash = await hashOf(join(folder, there));
    if (hash === sha256) continue;
    const problem = `its SHA-256 is ${hash}, and ${sha256} in its manifest: it was changed or damaged after it had been written`;
    faults.push({ file: join(folder, there), problem });
  }
  return { files, faults, invoices: new Map(manifests.flatMap((one) => [...one.invoices])) };
}

interface Manifest {
  readonly files: readonly NamedFile[];
  readonly invoices: ReadonlyMap<string, KnownInvoice>;
}

/** Undefined for a file of that name that is something else. */
function manifestOf(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value['manifestVersion'] !== 1) return undefined;
  const { files, invoices } = value;
  if (!Array.isArray(files)) return undefined;
  return {
    files: files.flatMap((file): NamedFile[] => {
      if (!isJsonObject(file)) return [];
      const { path, table, sha256 } = file;
      if (typeof path !== 'string' || typeof sha256 !== 'string') return [];
      return [{ path, sha256, isData: typeof table === 'string' }];
    }),
    invoices: new Map(Array.isArray(invoices) ? invoices.flatMap(invoiceOf) : []),
  };
}

function invoiceOf(value: unknown): [string, KnownInvoice][] {
  if (!isJsonObject(value)) return [];
  const { InvoiceId: id, BilledCost: cost } = value;
  const payableAmount = typeof cost === 'string' ? Decimal.parse(cost) : undefined;
  if (typeof id !== 'string' || payableAmount === undefined) return [];
  return [[id, { payableAmount, isIssued: true }]];
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
