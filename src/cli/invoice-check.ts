import {
  listDocumentProblems,
  listProblems,
  toWireProblem,
  verifyInvoices,
} from '../commerce/invoicing/index.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

/** `invoice problems`: ends with 3 when there are some. */
export async function problems(context: Context): Promise<ExitCode> {
  const { periods, documents } = await withStamp(context, async ({ database: { pool } }) => ({
    periods: await listProblems(pool),
    documents: await listDocumentProblems(pool),
  }));
  if (context.json) {
    const wire = { periods: periods.map(toWireProblem), documents: documents.map(tellDocument) };
    await write(context.output.out, toJson(wire));
  } else {
    const rows = [
      ...periods.map((one) => [
        one.accountId,
        one.periodName ?? '',
        String(one.attempts),
        one.nextAttemptAt.toString(),
        one.message,
      ]),
      ...documents.map((one) => [
        one.accountId,
        one.number,
        String(one.attempts),
        one.nextAttemptAt.toString(),
        one.problem,
      ]),
    ];
    const table = toTable(['ACCOUNT', 'PERIOD', 'ATTEMPTS', 'NEXT ATTEMPT', 'PROBLEM'], rows);
    await write(context.output.out, rows.length === 0 ? 'There are no problems.\n' : table);
  }
  return periods.length + documents.length === 0 ? exitCodes.ok : exitCodes.differs;
}

function tellDocument(
  one: Awaited<ReturnType<typeof listDocumentProblems>>[number],
): Readonly<Record<string, unknown>> {
  return { ...one, nextAttemptAt: one.nextAttemptAt.toString() };
}

/** `invoice verify`: ends with 3 when something does not hold. */
export async function verify(context: Context): Promise<ExitCode> {
  const verdict = await withStamp(context, ({ database }) =>
    database.transaction((tx) => verifyInvoices(tx), {
      readOnly: true,
      isolation: 'repeatable read',
    }),
  );
  const { invoices, holds, differences } = verdict;
  const text = context.json
    ? toJson(verdict)
    : holds
      ? `${invoices} invoices hold.\n`
      : toTable(
          ['ABOUT', 'PROBLEM'],
          differences.map(({ subject, problem }) => [subject, problem]),
        );
  await write(context.output.out, text);
  return holds ? exitCodes.ok : exitCodes.differs;
}
