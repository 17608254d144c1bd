import { windowName } from '../reporting/index.ts';
import {
  disconnect,
  dryRun,
  parseHour,
  readBridgeStatus,
  releaseHours,
  rotateBridgeKey,
  sendDueWindows,
  toWireDryRun,
  type PassOutcome,
} from '../stamp/bridge/index.ts';
import { fail } from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, quietLog, withStamp, type Context, type OpenStamp } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

/** `bridge status` */
export async function status(context: Context): Promise<void> {
  const found = await withStamp(context, readBridgeStatus);
  const text = context.json ? toJson(found) : toTable(['WHAT', 'VALUE'], rowsOf('', found));
  await write(context.output.out, text);
}

/** Members of members as lines of their own, named as one writes them. */
function rowsOf(prefix: string, value: object): string[][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (Array.isArray(member)) return [[path, member.join(', ')]];
    if (typeof member === 'object' && member !== null) return rowsOf(path, member);
    return [[path, member === null ? '' : toPlain(member)]];
  });
}

function toPlain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `bridge dry-run` */
export async function showDryRun(context: Context, values: Arguments): Promise<void> {
  const text = values.optional('window');
  const window =
    text === undefined
      ? undefined
      : parseArgument('--window', text, parseHour, 'it has to be an hour like 2026-11-23T10Z');
  const run = await withStamp(context, (open) => dryRun(open, { window }));
  const { json, output } = context;
  if (json) {
    await write(output.out, toJson(toWireDryRun(run)));
    return;
  }
  const { sample } = run;
  const nothing =
    run.takesNothing && `Nothing of it would be sent now: ${run.takesNothing.message}\n`;
  const of = run.isComplete ? 'All of it:' : 'The first of it:';
  const size = `${sample.bytes} bytes, ${sample.compressedBytes} compressed`;
  await write(
    output.out,
    `${run.windows} windows with ${run.rows} rows are due, beginning with ${windowName(run.nextWindow)}.\n` +
      `${nothing ?? ''}${of} ${sample.windows} windows, ${sample.rows} rows in ${sample.batches} batches, ${size}.\n`,
  );
  const meters = sample.meters.map((sum) => [sum.meterId, String(sum.rows), sum.quantity]);
  if (meters.length > 0) await write(output.out, toTable(['METER', 'ROWS', 'QUANTITY'], meters));
}

/** `bridge send` */
export async function send(context: Context): Promise<ExitCode> {
  const outcome = await withStamp(context, (open) =>
    connected(open, () => sendDueWindows(open, { force: true, log: quietLog(context) })),
  );
  if (outcome.kind === 'not activated') throw fail('NotActivated');
  const { json, output } = context;
  const wire = 'retryAt' in outcome ? { ...outcome, retryAt: outcome.retryAt.toString() } : outcome;
  await write(output.out, json ? toJson(wire) : `${describe(outcome)}\n`);
  return outcome.kind === 'done' ? exitCodes.ok : exitCodes.differs;
}

function describe(outcome: PassOutcome): string {
  switch (outcome.kind) {
    case 'not activated':
      return 'This stamp is not activated.';
    case 'elsewhere':
      return 'Another process is reporting at this time.';
    case 'waiting':
      return `Commerce takes no usage at present (${outcome.code ?? 'it asked to wait'}).`;
    case 'changed':
      return `${outcome.windows} windows were reported, then the activation was changed.`;
    case 'done':
      return `${outcome.windows} windows were reported; nothing else is due.`;
    case 'failed':
      return `${outcome.windows} windows were reported, then: ${outcome.message}`;
    default:
      return outcome satisfies never;
  }
}

/** `bridge release` */
export async function release(context: Context, values: Arguments): Promise<void> {
  const rule = 'it has to be an hour like 2026-11-23T10Z or the time at which one begins';
  const hour = parseArgument('--through', values.required('through'), parseHour, rule);
  const released = await withStamp(context, (open) =>
    releaseHours(open, hour, { clock: open.clock, actor: commandLineActor() }),
  );
  const [from, through] = [windowName(released.from), windowName(released.through)];
  const { windows } = released;
  const { json, output } = context;
  const text =
    windows === 0
      ? `No hour up to ${through} waits for an import.\n`
      : `${windows} hours from ${from} to ${through} have no usage and are reported as empty.\n`;
  await write(output.out, json ? toJson({ from, through, windows }) : text);
}

/** `bridge rotate` */
export async function rotate(context: Context): Promise<void> {
  const rotated = await withStamp(context, (open) =>
    connected(open, () => rotateBridgeKey(open, { clock: open.clock, actor: commandLineActor() })),
  );
  const { json, output } = context;
  const text = `The key ${rotated.thumbprint} is in force.\n`;
  await write(output.out, json ? toJson(rotated) : text);
}

async function connected<T>(open: OpenStamp, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    disconnect(open);
  }
}
