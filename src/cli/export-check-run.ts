import { fail } from '../kernel/index.ts';
import {
  focusFacts,
  focusProfile,
  type FocusTable,
  type FocusVersion,
} from '../exports/focus/index.ts';
import {
  checkFocus,
  describeConformance,
  readFocusCsv,
  type CheckOptions,
} from '../exports/focus-check/index.ts';
import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, write } from './output.ts';

/** Checks files and writes what was found; ends with 3 when a rule that must hold does not. */
export async function checkFiles(context: Context, values: Arguments): Promise<ExitCode> {
  const given = values.optional('focusVersion');
  const version = given === '1.2' || given === '1.4' ? given : undefined;
  const tables = await readAll(values.operands, version);
  const before = values.list('previous');
  const previous = before === undefined ? undefined : await readAll(before, version);
  const report = await checkFocus(tables, {
    ...knownOf(values),
    ...(previous === undefined ? {} : { previous }),
  });
  const text = context.json ? toJson(report) : describeConformance(report);
  await write(context.output.out, text);
  return report.conforms ? exitCodes.ok : exitCodes.differs;
}

function knownOf(values: Arguments): CheckOptions {
  const isOwn = values.flag('own');
  const named = (option: string, has: boolean): [string, boolean][] =>
    (values.list(option) ?? []).map((name) => [name.replace(/_SUPPORTED$/, ''), has]);
  return {
    profile: {
      ...(isOwn ? focusProfile : {}),
      ...Object.fromEntries([...named('supports', true), ...named('lacks', false)]),
    },
    facts: isOwn ? focusFacts : {},
  };
}

/** @throws FocusFileInvalid for a file that is none, or that does not belong with the others */
async function readAll(
  files: readonly string[],
  version: FocusVersion | undefined,
): Promise<FocusTable[]> {
  const tables: FocusTable[] = [];
  for (const file of files) {
    const table = await readFocusCsv(file, version === undefined ? {} : { version });
    const reason = misfit(table, tables);
    if (reason !== undefined) throw fail('FocusFileInvalid', { file, reason });
    tables.push(table);
  }
  return tables;
}

function misfit(table: FocusTable, others: readonly FocusTable[]): string | undefined {
  const other = others.find(({ version }) => version !== table.version);
  if (other !== undefined) {
    return `it is of FOCUS ${table.version}, and a file before it of ${other.version}`;
  }
  const part = others.find(({ dataset }) => dataset === table.dataset);
  const isPart = part === undefined || part.columns.join('\n') === table.columns.join('\n');
  return isPart ? undefined : `it has other columns than the file of ${table.dataset} before it`;
}
