import { randomUUID } from 'node:crypto';
import { holdOwned, holdPresent } from '../commerce/accounts/index.ts';
import {
  billingAdapters,
  dryRun as showDryRun,
  findAdapter,
  listAdapters,
  listDeadLetters,
  putAdapter,
  readAdapterChange,
  readProgress,
  removeAdapter,
  replayDeadLetters,
  toWireAdapter,
  toWireDeadLetter,
  type AdapterDefinition,
} from '../exports/adapters/index.ts';
import type { Changing } from '../identity/index.ts';
import { hourOf, isGuid, isWholeHour, parseWireTime } from '../kernel/index.ts';
import { invalidProperty, type Fields } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { parseArgument, readWhole, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { readFileOrInput } from './files.ts';
import { toJson, toTable, write } from './output.ts';

/** `adapter list` */
export async function list(context: Context): Promise<void> {
  const { all, progress } = await withStamp(context, async ({ database }) => {
    const adapters = await listAdapters(database.pool);
    const ids = adapters.map(({ adapterId }) => adapterId);
    return { all: adapters, progress: await readProgress(database.pool, ids) };
  });
  const text = context.json
    ? toJson(all.map((one) => toWireAdapter(one, 'whole', progress.get(one.adapterId))))
    : toTable(
        ['ADAPTER', 'NAME', 'KIND', 'ACCOUNT', 'STATE', 'BEHIND', 'HELD', 'REFUSED', 'PROBLEM'],
        all.map((one) => {
          const {
            lagHours = 0,
            held = 0,
            deadLetters: dead = 0,
          } = progress.get(one.adapterId) ?? {};
          return [
            one.adapterId,
            one.name,
            one.kind,
            one.accountId,
            one.state,
            `${lagHours} h`,
            String(held),
            String(dead),
            one.problem ?? '',
          ];
        }),
      );
  await write(context.output.out, text);
}

/** `adapter add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const change = readAdapterChange(await fieldsOf(values));
  const adapterId = values.optional('adapter') ?? randomUUID();
  const { adapter, madeSecret } = await withStamp(context, async (open) => {
    const present = await findAdapter(open.database.pool, adapterId);
    if (values.optional('adapter') !== undefined && present === undefined) {
      throw billingAdapters.notFound(adapterId);
    }
    const who = values.optional('account') ?? present?.accountId ?? 'provider';
    const { accountId } = requireAccount(await readAccounts(open), who);
    if (present !== undefined && present.accountId !== accountId) {
      throw invalidProperty('--account', who, 'an adapter stays with its account');
    }
    return open.database.transaction(async (tx) => {
      const held = await holdOwned(tx, billingAdapters, { id: adapterId, accountId });
      return putAdapter(tx, { adapterId, accountId }, held, change, changingOf(open));
    });
  });
  const told = madeSecret === undefined ? '' : ` Its key, not shown again:\n${madeSecret}`;
  const text = context.json
    ? toJson({ ...toWireAdapter(adapter, 'whole'), ...(madeSecret && { secret: madeSecret }) })
    : `The adapter ${adapter.adapterId} is as you said.${told}\n`;
  await write(context.output.out, text);
}

async function fieldsOf(values: Arguments): Promise<Fields> {
  const settings = values.optional('settings');
  const secret = values.optional('secret');
  if (settings === '-' && secret === '-') {
    throw invalidProperty('--secret', '-', 'standard input can be one of the files');
  }
  return {
    kind: values.operand(0),
    name: values.optional('name'),
    startWindow: values.optional('start'),
    settings: settings === undefined ? undefined : await readSettings(settings),
    secret: secret === undefined ? undefined : (await readFileOrInput('--secret', secret)).trim(),
  };
}

async function readSettings(path: string): Promise<unknown> {
  const text = await readFileOrInput('--settings', path);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidProperty('--settings', path, 'the file has to hold JSON');
  }
}

/** `adapter dry-run` */
export async function dryRun(context: Context, values: Arguments): Promise<void> {
  const window = parseArgument('WINDOW', values.operand(1), parseHour, 'it is a full hour in UTC');
  const shown = await withStamp(context, async (open) =>
    showDryRun(open, await requireAdapter(open, values.operand(0)), window),
  );
  await write(context.output.out, toJson(shown));
}

function parseHour(text: string): number | undefined {
  const time = parseWireTime(text);
  return time !== undefined && isWholeHour(time) ? hourOf(time) : undefined;
}

/** `adapter dead-letters` */
export async function deadLetters(context: Context, values: Arguments): Promise<void> {
  const limit = readWhole('--limit', values.required('limit'), 1, 1000);
  const all = await withStamp(context, async (open) => {
    const { adapterId } = await requireAdapter(open, values.operand(0));
    return listDeadLetters(open.database.pool, adapterId, { after: undefined, limit });
  });
  const text = context.json
    ? toJson(all.map(toWireDeadLetter))
    : toTable(
        ['EVENT', 'CUSTOMER SUBSCRIPTION', 'METER', 'QUANTITY', 'FAILED', 'STATUS', 'ANSWER'],
        all.map((one) => [
          one.eventId,
          one.customerSubscriptionId,
          one.meterName,
          one.quantity,
          one.failedAt?.toString() ?? '',
          one.status?.toString() ?? '',
          one.answer ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `adapter replay` */
export async function replay(context: Context, values: Arguments): Promise<void> {
  const event = values.optional('event');
  const rule = 'it has to be a GUID';
  const parse = (text: string): string | undefined => (isGuid(text) ? text : undefined);
  const eventId = event === undefined ? undefined : parseArgument('--event', event, parse, rule);
  const events = await withStamp(context, (open) =>
    open.database.transaction(async (tx) => {
      const held = await holdPresent(tx, billingAdapters, { id: values.operand(0) });
      return replayDeadLetters(tx, held, eventId, changingOf(open));
    }),
  );
  const said = `${events} ${events === 1 ? 'event is' : 'events are'} due again; the server sends what is due.\n`;
  await write(context.output.out, context.json ? toJson({ events }) : said);
}

/** `adapter pause` */
export async function pause(context: Context, values: Arguments): Promise<void> {
  await setState(context, values, 'Disabled', 'is paused; nothing is lost');
}

/** `adapter resume` */
export async function resume(context: Context, values: Arguments): Promise<void> {
  await setState(context, values, 'Enabled', 'goes on where it was');
}

async function setState(
  context: Context,
  values: Arguments,
  state: 'Enabled' | 'Disabled',
  said: string,
): Promise<void> {
  const { adapter } = await withStamp(context, (open) =>
    open.database.transaction(async (tx) => {
      const held = await holdPresent(tx, billingAdapters, { id: values.operand(0) });
      return putAdapter(tx, held, held, { state }, changingOf(open));
    }),
  );
  const text = `The adapter ${adapter.adapterId} ${said}.\n`;
  await write(context.output.out, context.json ? toJson(toWireAdapter(adapter, 'whole')) : text);
}

/** `adapter remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const adapterId = values.operand(0);
  await withStamp(context, (open) =>
    open.database.transaction(async (tx) => {
      const held = await holdPresent(tx, billingAdapters, { id: adapterId });
      await removeAdapter(tx, held, changingOf(open));
    }),
  );
  const text = `The adapter ${adapterId} is gone, and what waited for it.\n`;
  await write(context.output.out, context.json ? toJson({ adapterId }) : text);
}

async function requireAdapter({ database }: OpenStamp, text: string): Promise<AdapterDefinition> {
  const found = await findAdapter(database.pool, text);
  if (found === undefined) throw billingAdapters.notFound(text);
  return found;
}

function changingOf({ clock }: OpenStamp): Changing {
  return { clock, actor: commandLineActor() };
}
