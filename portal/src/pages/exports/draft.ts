import {
  exportDatasets,
  type ExportDataset,
  type ExportDefinition,
  type ExportTerms,
} from '../../api/types/exports.ts';

/** An export while it is written. */
export interface ExportDraft extends Omit<ExportTerms, 'accountId' | 'destination'> {
  readonly granularity: NonNullable<ExportTerms['granularity']>;
  readonly kind: 'folder' | 's3';
  readonly path: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secret: string;
}

export type TextField = 'name' | 'endpoint' | 'region' | 'bucket' | 'accessKeyId' | 'secret';

/** What the choice depends on. */
export interface Exporter {
  readonly isProvider: boolean;
  /** Whether it issues invoices, and so has books. */
  readonly isSeller: boolean;
  readonly wings: readonly string[];
}

/** What can be exported of an account: the stamp's usage is the provider's, books are those of sellers. */
export function datasetsFor({ isProvider, isSeller, wings }: Exporter): readonly ExportDataset[] {
  return exportDatasets.filter((one) => {
    if (one === 'usage-summary') return isProvider && wings.includes('stamp');
    return wings.includes('commerce') && (one !== 'journal' || isSeller);
  });
}

export function newExport(view: ExportTerms['view']): ExportDraft {
  return {
    name: '',
    view,
    dataset: 'focus-1.4',
    format: 'csv',
    layout: 'plain',
    delivery: 'overwrite',
    granularity: 'daily',
    schedule: 'daily',
    kind: 'folder',
    path: '',
    endpoint: '',
    region: 'us-east-1',
    bucket: '',
    prefix: '',
    accessKeyId: '',
    secret: '',
  };
}

export function draftOf(one: ExportDefinition): ExportDraft {
  const { name, view, dataset, format, layout, delivery, granularity, schedule } = one;
  const { kind, ...destination } = one.destination;
  const usual = newExport(view);
  return {
    ...usual,
    name,
    dataset,
    format,
    layout,
    delivery,
    schedule,
    kind,
    granularity: granularity ?? usual.granularity,
    ...destination,
  };
}

/** Whether the rows are costs in FOCUS: only of those there are hubs and two sides. */
export function isFocus({ dataset }: Pick<ExportTerms, 'dataset'>): boolean {
  return dataset.startsWith('focus');
}

/**
 * The fields that still lack something.
 *
 * @param before what it was: the key of a bucket stays with it
 */
export function missingIn(draft: ExportDraft, before?: ExportDraft): ReadonlySet<TextField> {
  const needed: readonly TextField[] =
    draft.kind === 'folder'
      ? ['name']
      : ['name', 'endpoint', 'region', 'bucket', 'accessKeyId', 'secret'];
  const keepsKey =
    before?.kind === 's3' &&
    (['endpoint', 'bucket', 'accessKeyId'] as const).every((one) => before[one] === draft[one]);
  return new Set(
    needed.filter((field) => draft[field].trim() === '' && !(keepsKey && field === 'secret')),
  );
}

/** What is sent. What does not belong to the choice is left out, or as it has to be. */
export function termsOf(draft: ExportDraft, accountId: string): ExportTerms {
  const { name, view, dataset, format, layout, delivery, granularity, schedule } = draft;
  const usedLayout = isFocus(draft) ? layout : 'plain';
  const destination = destinationOf(draft);
  return {
    accountId,
    name: name.trim(),
    view: dataset === 'journal' ? 'selling' : view,
    dataset,
    format: usedLayout === 'finops-hub' ? 'parquet' : format,
    layout: usedLayout,
    delivery,
    schedule,
    ...(dataset === 'usage-summary' && { granularity }),
    ...(destination !== undefined && { destination }),
  };
}

/** undefined: a folder of its own. */
function destinationOf(draft: ExportDraft): ExportTerms['destination'] {
  const { kind, region, secret } = draft;
  if (kind === 'folder') {
    const path = draft.path.trim();
    return path === '' ? undefined : { kind, path };
  }
  const [endpoint, bucket, prefix, accessKeyId] = [
    draft.endpoint.trim(),
    draft.bucket.trim(),
    draft.prefix.trim(),
    draft.accessKeyId.trim(),
  ];
  const address = { kind, endpoint, region, bucket, prefix, accessKeyId };
  return secret === '' ? address : { ...address, secretAccessKey: secret };
}
