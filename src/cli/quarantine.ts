import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fail, parseDirectoryTenantId, parsePrincipalId } from '../kernel/index.ts';
import type { PrincipalRef } from '../identity/index.ts';
import { ensureOperatorClient } from '../server/index.ts';
import {
  discardQuarantined,
  findQuarantined,
  IntakeEngine,
  listQuarantine,
  replayQuarantined,
  toWireEntry,
  type QuarantineEntry,
  type QuarantineState,
} from '../stamp/intake/index.ts';
import { openPresentHour } from '../stamp/aggregation/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

/** Entries read at a time. */
const PAGE = 1000;

/** `quarantine list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const wanted = values.optional('state');
  const state = STATES.find((known) => known === wanted);
  const entries = await withStamp(context, ({ database }) =>
    readAll((after) =>
      listQuarantine(database.pool, { state, code: values.optional('code'), after, limit: PAGE }),
    ),
  );
  const { json, output } = context;
  if (json) return write(output.out, toJson(entries.map(toWireEntry)));
  if (entries.length === 0) return write(output.out, 'There are no such entries.\n');
  const headings = ['ID', 'STATE', 'LAST RECEIVED', 'TIMES', 'CODE', 'MESSAGE'];
  await write(output.out, toTable(headings, entries.map(toRow)));
}

const STATES: readonly QuarantineState[] = ['held', 'replayed', 'discarded'];

async function readAll(
  readPage: (after: bigint | undefined) => Promise<QuarantineEntry[]>,
): Promise<QuarantineEntry[]> {
  const all: QuarantineEntry[] = [];
  for (;;) {
    const page = await readPage(all.at(-1)?.quarantineId);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

function toRow(entry: QuarantineEntry): string[] {
  return [
    String(entry.quarantineId),
    entry.state,
    entry.lastReceivedAt.toString({ smallestUnit: 'second' }),
    String(entry.occurrences),
    entry.code,
    entry.message,
  ];
}

/** `quarantine show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const id = readId(values);
  const entry = await withStamp(context, ({ database }) => findQuarantined(database.pool, id));
  if (entry === undefined) throw fail('NotFound', { path: `quarantine entry ${String(id)}` });
  const { json, output } = context;
  if (json) return write(output.out, toJson(toWireEntry(entry)));
  const { body: _body, ...rest } = toWireEntry(entry);
  const lines = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${`${name}:`.padEnd(18)}${String(value)}\n`);
  await write(output.out, `${lines.join('')}\n${entry.body.toString('utf8')}\n`);
}

/** `quarantine replay` */
export async function replay(context: Context, values: Arguments): Promise<ExitCode> {
  const id = readId(values);
  const path = values.optional('body');
  const mended = path === undefined ? undefined : await readBody(path);
  const result = await withStamp(context, async (open) => {
    // A record is reported in the hour of the present, also when no server has opened it.
    await openPresentHour(open);
    const { operator, tools } = await operate(context, open);
    return replayQuarantined(tools, id, operator, mended);
  });
  const { json, output } = context;
  if (json) await write(output.out, toJson({ quarantineId: String(id), ...result }));
  else if (result.state === 'held') {
    await write(output.out, `${String(id)} stays in quarantine: ${result.message}\n`);
  } else {
    const how = result.counted ? 'is counted' : 'had been counted already';
    await write(output.out, `${String(id)} ${how}.\n`);
  }
  return result.state === 'held' ? exitCodes.differs : exitCodes.ok;
}

async function readBody(path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail(
      'InvalidProperty',
      { parameter: '--body', value: path, rule: `the file cannot be read (${reason})` },
      { cause: error },
    );
  }
}

/** `quarantine discard` */
export async function discard(context: Context, values: Arguments): Promise<void> {
  const id = readId(values);
  await withStamp(context, async (open) => {
    const { operator, tools } = await operate(context, open);
    await discardQuarantined(tools, id, operator.principalId, values.required('reason'));
  });
  const { json, output } = context;
  await write(
    output.out,
    json
      ? toJson({ quarantineId: String(id), state: 'discarded' })
      : `${String(id)} is given up.\n`,
  );
}

/** What is done here is on record as done by the operator. */
async function operate(
  { config }: Context,
  open: OpenStamp,
): Promise<{ operator: PrincipalRef; tools: Parameters<typeof replayQuarantined>[0] }> {
  const { database, clock, stamp } = open;
  const client = await ensureOperatorClient({ data: config.data, database, clock }, stamp);
  const operator: PrincipalRef = {
    kind: 'client',
    principalId: parsePrincipalId(client.clientId)!,
    tenantId: parseDirectoryTenantId(client.tenantId)!,
  };
  const engine = new IntakeEngine({
    database,
    clock,
    connections: 1,
    batchRecords: 1,
    queueBytes: config.ingestQueueBytes,
  });
  return { operator, tools: { database, clock, engine, actor: commandLineActor() } };
}

function readId(values: Arguments): bigint {
  return parseArgument(
    'ID',
    values.operand(0),
    (text) => (/^[0-9]{1,18}$/.test(text) ? BigInt(text) : undefined),
    'it has to be the number of an entry; quarantine list shows them',
  );
}
