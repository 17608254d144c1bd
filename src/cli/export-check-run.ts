import { focusFacts, focusProfile } from '../exports/focus/index.ts';
import {
  checkFocus,
  describeConformance,
  readFocusFiles,
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
  const { tables, invoices, faults } = await readFocusFiles(values.operands, version);
  const before = values.list('previous');
  const previous = before === undefined ? undefined : await readFocusFiles(before, version);
  const report = await checkFocus(tables, {
    ...knownOf(values),
    ...(invoices === undefined ? {} : { invoices }),
    ...(previous === undefined ? {} : { previous: previous.tables }),
    fileFaults: faults,
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
