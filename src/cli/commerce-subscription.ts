import { randomUUID } from 'node:crypto';
import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../kernel/index.ts';
import {
  addCommerceSubscription,
  changeCommerceSubscription,
  commerceSubscriptionKinds,
  findCommerceSubscription,
  listCommerceSubscriptions,
  listRegistrations,
  parseKind,
  resourceIdOf,
  toWireCommerceSubscription,
  type CommerceSubscription,
} from '../commerce/registration/index.ts';
import { parseArgument, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

const GUID = 'it has to be a GUID';

/** `commerce-subscription add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const partner = values.optional('partner');
  const wanted = {
    subscriptionId: readId('--id', values.optional('id') ?? randomUUID()),
    displayName: readText('--name', values.required('name')),
    kind: parseArgument(
      '--kind',
      values.required('kind'),
      parseKind,
      `it is one of ${commerceSubscriptionKinds.join(', ')}`,
    ),
    partnerId: partner === undefined ? undefined : readText('--partner', partner),
    tenantId: readTenant(values),
    multitenancyApproved: values.flag('multitenancy'),
  };
  const made = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      addCommerceSubscription(tx, wanted, { clock, actor: commandLineActor() }),
    ),
  );
  await tell(context, made, 'is there');
}

/** `commerce-subscription list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listCommerceSubscriptions(database.pool));
  const text = context.json
    ? toJson(all.map(toWireCommerceSubscription))
    : toTable(
        ['SUBSCRIPTION', 'NAME', 'KIND', 'PARTNER', 'MULTITENANCY', 'STATE'],
        all.map((one) => [
          one.subscriptionId,
          one.displayName,
          one.kind,
          one.partnerId ?? '',
          one.multitenancyApproved ? 'approved' : '',
          one.state,
        ]),
      );
  await write(context.output.out, text);
}

/** `commerce-subscription show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const subscriptionId = readId('ID', values.operand(0));
  const { one, registrations } = await withStamp(context, async ({ database }) => ({
    one: await findCommerceSubscription(database.pool, subscriptionId),
    registrations: await listRegistrations(database.pool, { subscriptionId }),
  }));
  if (one === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  const shown = {
    ...toWireCommerceSubscription(one),
    registrations: registrations.map(resourceIdOf),
  };
  const text = context.json
    ? toJson(shown)
    : Object.entries(shown)
        .map(([name, value]) => `${`${name}:`.padEnd(22)}${[value].flat().join(', ')}\n`)
        .join('');
  await write(context.output.out, text);
}

/** `commerce-subscription change` */
export async function change(context: Context, values: Arguments): Promise<void> {
  const id = readId('ID', values.operand(0));
  const name = values.optional('name');
  const multitenancy = values.optional('multitenancy');
  const state = values.optional('state');
  const wanted = {
    displayName: name === undefined ? undefined : readText('--name', name),
    tenantId: readTenant(values),
    multitenancyApproved: multitenancy === undefined ? undefined : multitenancy === 'approved',
    state: (['Enabled', 'Disabled'] as const).find((one) => one === state),
  };
  const changed = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      changeCommerceSubscription(tx, id, wanted, { clock, actor: commandLineActor() }),
    ),
  );
  await tell(context, changed, 'is changed');
}

async function tell(
  { json, output }: Context,
  one: CommerceSubscription,
  what: string,
): Promise<void> {
  const text = json
    ? toJson(toWireCommerceSubscription(one))
    : `The subscription ${one.subscriptionId} (${one.displayName}) ${what}.\n`;
  await write(output.out, text);
}

function readId(parameter: string, text: string): SubscriptionId {
  return parseArgument(parameter, text, parseSubscriptionId, GUID);
}

function readTenant(values: Arguments): DirectoryTenantId | undefined {
  const text = values.optional('tenant');
  return text === undefined
    ? undefined
    : parseArgument('--tenant', text, parseDirectoryTenantId, GUID);
}
