import { randomUUID } from 'node:crypto';
import { exportOnce, readExportChange, type ExportSubject } from '../exports/deliveries/index.ts';
import { folderDestination } from '../exports/formats/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context, type OpenStamp } from './context.ts';
import { subjectFields } from './export.ts';
import { toJson, write } from './output.ts';
import { createProgress } from './progress.ts';

/** `export once` */
export async function once(context: Context, values: Arguments): Promise<void> {
  const folder = values.required('to');
  const progress = createProgress(context.output, context.clock);
  const written = await withStamp(context, async (open) => {
    const subject = await readSubject(open, values);
    const destination = folderDestination(folder, '');
    try {
      return await exportOnce(open, subject, values.required('period'), destination, {
        progress: (rows) => progress.update(undefined, `${rows} rows`),
      });
    } finally {
      progress.end();
    }
  });
  const { files, rows, manifestPath } = written;
  const text = context.json
    ? toJson({ folder, manifest: manifestPath, rows, files })
    : `${rows} rows in ${files.length} files are in ${folder}; ${manifestPath} names them.\n`;
  await write(context.output.out, text);
}

async function readSubject(open: OpenStamp, values: Arguments): Promise<ExportSubject> {
  const accounts = await readAccounts(open);
  const account = requireAccount(accounts, values.optional('account') ?? 'provider');
  const said = readExportChange(subjectFields(values, account.kind === 'provider'));
  const dataset = said.dataset ?? 'focus-1.4';
  return {
    exportId: randomUUID(),
    accountId: account.accountId,
    name: dataset,
    view: said.view ?? (dataset === 'journal' ? 'selling' : 'buying'),
    dataset,
    format: said.format ?? 'csv',
    layout: said.layout ?? 'plain',
    delivery: 'overwrite',
    granularity: said.granularity ?? 'daily',
  };
}
