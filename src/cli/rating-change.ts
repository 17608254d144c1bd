import {
  periodNames,
  rerate,
  toWireDifference,
  toWireReport,
  toWireWhatIf,
  verifyRating,
  whatIf,
  type AccountDifference,
  type ReratingReport,
  type WhatIfLine,
} from '../commerce/rating/index.ts';
import { hourFromInstant, parseWireTime, type HourNumber } from '../kernel/index.ts';
import { parseArgument, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';
import { readContent, readId } from './price-list.ts';
import { createProgress } from './progress.ts';
import { readAccountId } from './rating.ts';

/** `rating verify` */
export async function verify(context: Context, values: Arguments): Promise<ExitCode> {
  const account = values.optional('account');
  const progress = createProgress(context.output, context.clock);
  const { checked, differences } = await withStamp(context, ({ database }) =>
    verifyRating(
      { database },
      {
        accountId: account === undefined ? undefined : readAccountId(account),
        periodName: values.optional('period'),
        onProgress: (done, all) => progress.update(done / all, 'verified accounts'),
      },
    ),
  );
  progress.end();
  const text = context.json
    ? toJson({ checked, differences: differences.map(toWireDifference) })
    : tellDifferences(checked, differences);
  await write(context.output.out, text);
  return differences.length > 0 ? exitCodes.differs : exitCodes.ok;
}

function tellDifferences(checked: number, differences: readonly AccountDifference[]): string {
  const summary = `${checked} periods were compared, ${differences.length} differences.\n`;
  if (differences.length === 0) return summary;
  const table = toTable(
    ['ACCOUNT', 'PERIOD', 'CHARGE', 'WHAT', 'KEPT', 'FOUND'],
    differences.map((one) => [
      one.accountId,
      one.periodName,
      one.charge?.toString() ?? 'none',
      one.what,
      one.kept ?? 'none',
      one.found ?? 'none',
    ]),
  );
  return `${table}${summary}`;
}

/** `rating rerate` */
export async function rerateUsage(context: Context, values: Arguments): Promise<void> {
  const account = values.optional('account');
  const wanted = {
    accountId: account === undefined ? undefined : readAccountId(account),
    from: readHour('--from', values.required('from')),
    to: readHour('--to', values.required('to')),
    reason: readText('--reason', values.required('reason')),
  };
  const progress = createProgress(context.output, context.clock);
  const { reports, names } = await withStamp(context, async ({ database, clock }) => {
    const changing = { clock, actor: commandLineActor() };
    const done = await rerate({ database, clock }, wanted, changing, (count, all) =>
      progress.update(count / all, 'rated accounts anew'),
    );
    const periods = done.flatMap(({ changes }) => changes.map(({ period }) => period));
    return { reports: done, names: await periodNames(database.pool, periods) };
  });
  progress.end();
  const text = context.json
    ? toJson(reports.map((report) => toWireReport(report, names)))
    : tellReports(reports, names);
  await write(context.output.out, text);
}

function tellReports(
  reports: readonly ReratingReport[],
  names: ReadonlyMap<number, string>,
): string {
  if (reports.length === 0) return 'Nothing changed.\n';
  return toTable(
    ['RUN', 'ACCOUNT', 'PERIOD', 'BEFORE', 'AFTER', 'DIFFERENCE'],
    reports.flatMap(({ run, changes }) =>
      changes.map((one) => [
        run.toString(),
        one.accountId,
        names.get(one.period) ?? '',
        one.before.toText(),
        one.after.toText(),
        one.difference.toText(),
      ]),
    ),
  );
}

/** `rating what-if` */
export async function whatIfPrices(context: Context, values: Arguments): Promise<void> {
  const account = values.optional('account');
  const list = values.optional('priceList');
  const wanted = {
    periodName: values.required('period'),
    accountId: account === undefined ? undefined : readAccountId(account),
    priceListId: list === undefined ? undefined : readId(list),
    content: await readContent(values.operand(0)),
  };
  const lines = await withStamp(context, ({ database }) => whatIf({ database }, wanted));
  const text = context.json ? toJson(lines.map(toWireWhatIf)) : tellWhatIf(lines);
  await write(context.output.out, text);
}

function tellWhatIf(lines: readonly WhatIfLine[]): string {
  if (lines.length === 0) return 'Nothing was charged in the period.\n';
  return toTable(
    ['ACCOUNT', 'METER', 'QUANTITY', 'BEFORE', 'AFTER', 'DIFFERENCE', 'CURRENCY', 'WITHOUT PRICE'],
    lines.map((line) => [
      line.accountId,
      line.meterId,
      line.quantity.toText(),
      line.before.toText(),
      line.after.toText(),
      line.difference.toText(),
      line.currency,
      line.unpriced.isZero() ? '' : line.unpriced.toText(),
    ]),
  );
}

function readHour(parameter: string, text: string): HourNumber {
  const rule = 'it is a time on a whole hour, such as 2026-11-01T00:00Z';
  const parse = (value: string): HourNumber | undefined => {
    const time = parseWireTime(value);
    return time && hourFromInstant(time);
  };
  return parseArgument(parameter, text, parse, rule);
}
