import {
  checkPriceList,
  parsePriceList,
  parsePriceListId,
  priceListInvalid,
  priceListVersions,
  publishVersion,
  toWireVersion,
  versionAt,
  type PriceListContent,
  type PriceListProblem,
  type PriceListVersion,
} from '../commerce/pricing/index.ts';
import { followPriceChanges, ratedUpTo } from '../commerce/rating/index.ts';
import { ensureCommerceMeters, listCommerceMeters } from '../commerce/reported-usage/index.ts';
import {
  fail,
  hourFromInstant,
  hourNumber,
  hourOf,
  hourStart,
  parseWireTime,
  type HourNumber,
} from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { readFileOrInput } from './files.ts';
import { toJson, toTable, write } from './output.ts';
import { createProgress } from './progress.ts';

/** `price publish` */
export async function publish(context: Context, values: Arguments): Promise<void> {
  const content = await readContent(values.operand(0));
  const priceListId = readId(values.required('list'));
  const from = readHour('--effective-from', values.optional('effectiveFrom'));
  await withStamp(context, async ({ database, clock }) => {
    const changing = { clock, actor: commandLineActor() };
    let rerated = 0;
    const progress = createProgress(context.output, clock);
    const publishing = {
      database,
      ratedUpTo,
      followPriceChanges: async (): Promise<void> => {
        const onProgress = (done: number, all: number): void =>
          progress.update(done / all, 'rated accounts anew');
        const reports = await followPriceChanges({ database, clock }, changing, { onProgress });
        rerated = reports.length;
        progress.end();
      },
    };
    const { version, isCorrection } = await publishVersion(
      publishing,
      {
        priceListId,
        content,
        effectiveFrom: from ?? hourNumber(hourOf(clock.now()) + 1),
        sample: values.flag('sample'),
        note: values.optional('note') ?? '',
        correctPast: values.flag('correctPast'),
      },
      changing,
    );
    const start = hourStart(version.effectiveFrom).toString();
    const told = isCorrection ? ` Usage was rated anew: ${accounts(rerated)} changed.` : '';
    const text = context.json
      ? toJson({ ...toWireVersion(version), ...(isCorrection && { accountsChanged: rerated }) })
      : `Version ${version.version} of the price list ${priceListId} is in force from ${start}.${told}\n`;
    await write(context.output.out, text);
  });
}

function accounts(count: number): string {
  return count === 1 ? '1 account' : `${count} accounts`;
}

/** `price check` */
export async function check(context: Context, values: Arguments): Promise<ExitCode> {
  const named = values.operand(0);
  const problems = await withStamp(context, async ({ database, clock }) => {
    await database.transaction((tx) => ensureCommerceMeters(tx, clock));
    const stored = await versionToCheck(database, named, hourOf(clock.now()));
    const read = stored ?? parsePriceList(await readPriceFile(named));
    if (read.content === undefined) return read.problems;
    return checkPriceList(read.content, await listCommerceMeters(database.pool));
  });
  const text = context.json ? toJson({ problems }) : tellProblems(problems);
  await write(context.output.out, text);
  const isGood = problems.every(({ severity }) => severity === 'notice');
  return isGood ? exitCodes.ok : exitCodes.differs;
}

/** A list that is there goes before a file of that name; a path or an ending makes it a file. */
async function versionToCheck(
  database: Database,
  named: string,
  hour: number,
): Promise<PriceListVersion | undefined> {
  const id = parsePriceListId(named);
  if (id === undefined) return undefined;
  const versions = await priceListVersions(database.pool, id);
  return versionAt(versions, hour) ?? versions[0];
}

function tellProblems(problems: readonly PriceListProblem[]): string {
  if (problems.length === 0) return 'Nothing is wrong with the price list.\n';
  return toTable(
    ['SEVERITY', 'PLACE', 'PROBLEM'],
    problems.map(({ severity, place, problem }) => [severity, place, problem]),
  );
}

/** @throws PriceListInvalid that names every place */
export async function readContent(path: string): Promise<PriceListContent> {
  const { content, problems } = parsePriceList(await readPriceFile(path));
  if (content === undefined) throw priceListInvalid(problems);
  return content;
}

function readPriceFile(path: string): Promise<string> {
  return readFileOrInput('FILE', path);
}

/** @throws PriceListNotFound for a text that can be the id of none */
export function readId(text: string): string {
  const id = parsePriceListId(text);
  if (id === undefined) throw fail('PriceListNotFound', { priceList: text });
  return id;
}

function readHour(parameter: string, text: string | undefined): HourNumber | undefined {
  if (text === undefined) return undefined;
  const rule = 'it is a time on a whole hour, such as 2026-11-01T00:00Z';
  return parseArgument(
    parameter,
    text,
    (value) => {
      const instant = parseWireTime(value);
      return instant && hourFromInstant(instant);
    },
    rule,
  );
}
