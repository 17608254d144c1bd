import {
  deliverWebhooks,
  enqueueTest,
  findEndpoint,
  findMessage,
  listMessages,
  replayTo,
  toWireMessage,
  webhookEndpoints,
  type WebhookEndpoint,
} from '../commerce/webhooks/index.ts';
import type { Queryable } from '../platform/index.ts';
import { readWhole, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { readReplay, tellReplayed, toMessageTable } from './messages.ts';
import { toJson, write } from './output.ts';

async function requireEndpoint(db: Queryable, values: Arguments): Promise<WebhookEndpoint> {
  const found = await findEndpoint(db, values.operand(0));
  if (found === undefined) throw webhookEndpoints.notFound(values.operand(0));
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
    : toMessageTable(all, { TYPE: ({ type }) => type });
  await write(context.output.out, text);
}

/** `webhook replay` */
export async function replay(context: Context, values: Arguments): Promise<void> {
  const which = readReplay(values);
  const count = await withStamp(context, async ({ database, clock }) => {
    const endpoint = await requireEndpoint(database.pool, values);
    const changing = { clock, actor: commandLineActor() };
    return database.transaction((tx) => replayTo(tx, endpoint, which, changing));
  });
  await tellReplayed(context, count, 'message');
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
