import { basename } from 'node:path';
import { appendAudit } from '../audit/index.ts';
import type { Instant } from '../kernel/index.ts';
import {
  importFiles,
  type FileImportProgress,
  type FileImportSummary,
} from '../stamp/sources/index.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, write } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { readTime } from './usage-range.ts';

/** `usage import`: history of another stamp from files. */
export async function importUsage(context: Context, values: Arguments): Promise<ExitCode> {
  const request = {
    paths: values.operands,
    format: values.required('format') === 'azure-rows' ? 'azure-rows' : 'usage-summary',
    reportedStart: readTime('--reported-start', values.required('reportedStart')),
    reportedEnd: readTime('--reported-end', values.required('reportedEnd')),
    keepOpen: values.flag('keepOpen'),
  } as const;
  const progress = createProgress(context.output, context.clock);
  const summary = await withStamp(context, async (open) => {
    const done = await importFiles(open, {
      ...request,
      providerSubscriptionId: open.stamp.defaultProviderSubscriptionId,
      onProgress: (step) => show(progress, step),
    });
    await tellAudit(open, request, done);
    return done;
  }).finally(() => progress.end());
  const text = context.json ? toJson(summary) : inWords(summary, request.keepOpen);
  await write(context.output.out, text);
  return summary.quarantined > 0 ? exitCodes.differs : exitCodes.ok;
}

/** One that is interrupted tells nothing, and is run again to its end: then it does. */
async function tellAudit(
  { database, clock }: OpenStamp,
  request: { readonly paths: readonly string[]; reportedStart: Instant; reportedEnd: Instant },
  { accepted, duplicates, quarantined, windowsClosed }: FileImportSummary,
): Promise<void> {
  await database.transaction((tx) =>
    appendAudit(tx, clock, {
      actor: commandLineActor(),
      action: 'Stackmeter.Metering/usage/import',
      target: '/usage',
      detail: {
        files: request.paths.map((path) => basename(path)),
        reportedStart: request.reportedStart.toString(),
        reportedEnd: request.reportedEnd.toString(),
        accepted: String(accepted),
        duplicates: String(duplicates),
        quarantined: String(quarantined),
        windowsClosed: String(windowsClosed),
      },
    }),
  );
}

function show(progress: Progress, told: FileImportProgress): void {
  switch (told.step) {
    case 'checking':
      return progress.update(undefined, `checking, ${told.rows} rows so far`);
    case 'reading':
      return progress.update(
        told.records / told.rows,
        `writing ${told.records} of ${told.rows} rows`,
      );
    case 'closing':
      return progress.update(told.windows / told.of, `closing ${told.windows} of ${told.of} hours`);
    default:
      return told satisfies never;
  }
}

function inWords(summary: FileImportSummary, keepOpen: boolean): string {
  const { rows, accepted, duplicates, quarantined, windowsClosed } = summary;
  const lines = [
    `${rows} rows read: ${accepted} records counted, ${duplicates} there already, ${quarantined} in quarantine.`,
    `${summary.subscriptionsCreated} subscriptions and ${summary.metersCreated} meters were new.`,
  ];
  if (quarantined > 0) {
    lines.push(
      'The windows stay open. See why with: stackmeter quarantine list',
      'Mend the cause, most often in the file, then run the same import again: it counts what is missing and closes',
      'the windows. Then discard the entries; replaying them would report them today.',
    );
  } else if (keepOpen) {
    lines.push('The windows stay open; an import without --keep-open closes them.');
  } else {
    lines.push(`${windowsClosed} reported windows were closed.`);
  }
  if (quarantined === 0 && accepted === 0 && windowsClosed === 0) {
    lines.push('Everything was there already: nothing has changed.');
  }
  return `${lines.join('\n')}\n`;
}
