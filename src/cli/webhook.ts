import { randomUUID } from 'node:crypto';
import { holdPresent } from '../commerce/accounts/index.ts';
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  readEndpointChange,
  removeEndpoint,
  rotateSecret,
  toWireEndpoint,
  webhookEndpoints,
} from '../commerce/webhooks/index.ts';
import type { Fields } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { readWhole, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { readOperandFile } from './files.ts';
import { toJson, toTable, write } from './output.ts';

/** `webhook list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listEndpoints(database.pool));
  const text = context.json
    ? toJson(all.map((one) => toWireEndpoint(one, 'whole')))
    : toTable(
        ['ENDPOINT', 'ACCOUNT', 'URL', 'EVENTS', 'STATE', 'DESCRIPTION'],
        all.map((one) => [
          one.endpointId,
          one.accountId,
          one.url,
          one.eventTypes.length === 0 ? 'all' : one.eventTypes.join(', '),
          one.state,
          one.description,
        ]),
      );
  await write(context.output.out, text);
}

/** `webhook add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const wanted = readEndpointChange({ ...(await fieldsOf(values)), url: values.operand(0) });
  const { endpoint, secret } = await withStamp(context, async (open) => {
    const accounts = await readAccounts(open);
    const { accountId } = requireAccount(accounts, values.optional('account') ?? 'provider');
    const changing = { clock: open.clock, actor: commandLineActor() };
    return open.database.transaction((tx) =>
      addEndpoint(tx, { endpointId: randomUUID(), accountId }, wanted, changing),
    );
  });
  const text = context.json
    ? toJson({ ...toWireEndpoint(endpoint, 'whole'), secret })
    : `The endpoint ${endpoint.endpointId} is there. Its key, which is not shown again:\n${secret}\n`;
  await write(context.output.out, text);
}

async function fieldsOf(values: Arguments): Promise<Fields> {
  const file = values.optional('ca');
  return {
    eventTypes: values.list('type'),
    description: values.optional('description'),
    state: values.optional('state'),
    url: values.optional('url'),
    ca: file === undefined ? undefined : await readOperandFile('--ca', file),
  };
}

/** `webhook change` */
export async function change(context: Context, values: Arguments): Promise<void> {
  const wanted = readEndpointChange(await fieldsOf(values));
  const changed = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const held = await holdPresent(tx, webhookEndpoints, { id: values.operand(0) });
      return changeEndpoint(tx, held, wanted, { clock, actor: commandLineActor() });
    }),
  );
  const text = context.json
    ? toJson(toWireEndpoint(changed, 'whole'))
    : `The endpoint ${changed.endpointId} (${changed.url}) is as you said.\n`;
  await write(context.output.out, text);
}

/** `webhook remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const endpointId = values.operand(0);
  await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const held = await holdPresent(tx, webhookEndpoints, { id: endpointId });
      await removeEndpoint(tx, held, { clock, actor: commandLineActor() });
    }),
  );
  const text = context.json
    ? toJson({ endpointId })
    : `The endpoint ${endpointId} is gone, and what waited for it.\n`;
  await write(context.output.out, text);
}

/** `webhook rotate` */
export async function rotate(context: Context, values: Arguments): Promise<void> {
  const hours = readWhole('--hours', values.required('hours'), 0, 720);
  const { endpoint, secret } = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const held = await holdPresent(tx, webhookEndpoints, { id: values.operand(0) });
      return rotateSecret(tx, held, hours, { clock, actor: commandLineActor() });
    }),
  );
  const until = endpoint.previousUntil?.toString() ?? '';
  const text = context.json
    ? toJson({ ...toWireEndpoint(endpoint, 'whole'), secret })
    : `The key before signs too until ${until}. The new one, which is not shown again:\n${secret}\n`;
  await write(context.output.out, text);
}
