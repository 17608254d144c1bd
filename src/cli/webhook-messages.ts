import {
  deliverWebhooks,
  enqueueTest,
  findEndpoint,
  findMessage,
  listMessages,
  replayMessages,
  toWireMessage,
  type Replay,
  type WebhookEndpoint,
} from '../commerce/webhooks/index.ts';
import { fail, parseWireTime } from '../kernel/index.ts';
import { invalidProperty, type Queryable } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';
import { readWhole } from './webhook.ts';

async function requireEndpoint(db: Queryable, values: Arguments): Promise<WebhookEndpoint> {
  const found = await findEndpoint(db, values.operand(0));
  if (found === undefined) throw fail('WebhookEndpointNotFound', { endpoint: values.operand(0) });
  return found;
}

/** `webhook messages` */
export async function messages(context: Context, values: Arguments): Promise<void> {
  const limit = readWhole('--limit', values.required('limit'), 1, 1000);
  const wanted = values.optional('state');
  const state = (['Pending', 'Delivered', 'Dead'] as const).find((one) => one === wanted);
  const all = await withStamp(context, async ({ database }) => {
    const { endpointId } = await requireEndpoint(database.pool, values);
    return listMessages(database.pool, endpointId, { state, limit });
  });
  const text = context.json
    ? toJson(all.map(toWireMessage))
    : toTable(
        ['MESSAGE', 'TYPE', 'HAPPENED', 'STATE', 'ATTEMPTS', 'NEXT ATTEMPT', 'LAST PROBLEM'],
        all.map((one) => [
          one.messageId,
          one.type,
          one.occurredAt.toString(),
          one.state,
          String(one.attempts),
          one.nextAttemptAt?.toString() ?? '',
          one.lastProblem ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `webhook replay` */
export async function replay(context: Context, values: Arguments): Promise<void> {
  const which = readReplay(values);
  const count = await withStamp(context, async ({ database, clock }) => {
    const { endpointId } = await requireEndpoint(database.pool, values);
    return database.transaction((tx) => replayMessages(tx, endpointId, which, clock.now()));
  });
  const text = context.json
    ? toJson({ messages: count })
    : `${count} ${count === 1 ? 'message is' : 'messages are'} due again; the server sends what is due.\n`;
  await write(context.output.out, text);
}

function readReplay(values: Arguments): Replay {
  const messageId = values.optional('message');
  const since = values.optional('since');
  const ways: Replay[] = [];
  if (messageId !== undefined) ways.push({ messageId });
  if (since !== undefined) {
    const rule = 'it is a time in UTC, like 2026-11-01T00:00:00Z';
    ways.push({ since: parseArgument('--since', since, parseWireTime, rule) });
  }
  if (values.flag('dead')) ways.push({ dead: true });
  const [only, ...others] = ways;
  if (only !== undefined && others.length === 0) return only;
  throw invalidProperty('replay', '', 'give one of --message, --since and --dead');
}

/** `webhook test`: ends with 3 when the endpoint did not take the message. */
export async function test(context: Context, values: Arguments): Promise<ExitCode> {
  const message = await withStamp(context, async ({ database, clock }) => {
    const endpoint = await requireEndpoint(database.pool, values);
    const messageId = await database.transaction((tx) => enqueueTest(tx, endpoint, clock.now()));
    // Beside a server whoever comes first sends it.
    await deliverWebhooks({ database, clock });
    return findMessage(database.pool, endpoint.endpointId, messageId);
  });
  if (message === undefined) throw new Error('the message of the test is gone');
  const isTaken = message.state === 'Delivered';
  const told = isTaken
    ? `it answered with ${message.lastStatus ?? ''}`
    : (message.lastProblem ?? 'the server is sending it');
  const text = context.json
    ? toJson(toWireMessage(message))
    : `The message ${message.messageId} was ${isTaken ? 'taken' : 'not taken yet'}: ${told}.\n`;
  await write(context.output.out, text);
  const isFailed = !isTaken && message.attempts > 0;
  return isFailed ? exitCodes.differs : exitCodes.ok;
}
