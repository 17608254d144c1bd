import { listAudit, readAuditHead, verifyAudit, type AuditHead } from '../audit/index.ts';
import { toWireEvent } from '../identity/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

const PAGE = 1000;

/** `audit list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const after = parseArgument(
    '--after',
    values.optional('after') ?? '0',
    (text) => (/^[0-9]{1,18}$/.test(text) ? BigInt(text) : undefined),
    'it has to be the number of an event',
  );
  const target = values.optional('target');
  const events = await withStamp(context, async ({ database }) => {
    const all = [];
    for (let from = after; ; from = all.at(-1)!.number) {
      const page = await listAudit(database.pool, { after: from, limit: PAGE, target });
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  });
  const text = context.json
    ? toJson(events.map(toWireEvent))
    : toTable(
        ['NUMBER', 'AT', 'WHO', 'ACTION', 'TARGET', 'DETAIL'],
        events.map(({ number, at, actorName, action, target: about, detail }) => [
          String(number),
          at.toString(),
          actorName,
          action,
          about,
          detail === '{}' ? '' : detail,
        ]),
      );
  await write(context.output.out, text);
}

function headText({ number, hash }: AuditHead): string {
  return `${number}:${hash.toString('hex')}`;
}

/** `audit head` */
export async function head(context: Context): Promise<void> {
  const found = await withStamp(context, ({ database }) => readAuditHead(database.pool));
  const text = headText(found);
  await write(context.output.out, context.json ? toJson({ head: text }) : `${text}\n`);
}

/** `audit verify` */
export async function verify(context: Context, values: Arguments): Promise<ExitCode> {
  const given = values.optional('head');
  const known =
    given === undefined
      ? undefined
      : parseArgument('--head', given, parseHead, 'it has to be what audit head has printed');
  const verdict = await withStamp(context, ({ database }) => verifyAudit(database.pool, known));
  const { json, output } = context;
  if (verdict.intact) {
    const now = headText(verdict.head);
    const told = { intact: true, events: String(verdict.events), head: now };
    await write(
      output.out,
      json ? toJson(told) : `The audit trail is intact: ${verdict.events} events, head ${now}\n`,
    );
    return exitCodes.ok;
  }
  const told = { intact: false, at: String(verdict.at), problem: verdict.problem };
  const words = `The audit trail does not hold at event ${verdict.at}: ${verdict.problem}.\n`;
  await write(output.out, json ? toJson(told) : words);
  return exitCodes.differs;
}

function parseHead(text: string): AuditHead | undefined {
  const [, number, hash] = /^([0-9]{1,18}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (number === undefined || hash === undefined) return undefined;
  return { number: BigInt(number), hash: Buffer.from(hash, 'hex') };
}
