import {
  fail,
  parseClientId,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type ClientId,
} from '../kernel/index.ts';
import {
  addClient,
  addRoleAssignment,
  disableClient,
  listClients,
  parseRole,
  parseScope,
  removeClient,
  type Client,
  type Scope,
} from '../identity/index.ts';
import type { Tx } from '../platform/index.ts';
import { findSubscription } from '../stamp/directory/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `client add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const tenant = values.optional('tenant');
  const scopes = (values.list('scope') ?? []).map(parseScope);
  const assignment = {
    role: parseRole(values.required('role')),
    providers: values.list('provider'),
  };
  const client = {
    name: values.required('name'),
    tenantId:
      tenant === undefined
        ? undefined
        : parseArgument('--tenant', tenant, parseDirectoryTenantId, 'it has to be a GUID'),
  };
  const { clientId, clientSecret, tenantId } = await withStamp(
    context,
    ({ database, clock, stamp }) =>
      database.transaction(async (tx) => {
        for (const scope of scopes) await requireScope(tx, scope);
        const [scope, ...others] = scopes;
        if (scope === undefined) throw new TypeError('--scope is missing');
        const { homeTenantId } = stamp;
        const added = await addClient(
          tx,
          { ...client, ...assignment, scope },
          { clock, homeTenantId },
        );
        for (const other of others) {
          await addRoleAssignment(tx, added.clientId, { ...assignment, scope: other });
        }
        return added;
      }),
  );
  const text = context.json
    ? toJson({ clientId, clientSecret, tenantId })
    : [
        `Client id:      ${clientId}`,
        `Client secret:  ${clientSecret}`,
        `Tenant:         ${tenantId}`,
        'Keep the secret: it is not shown again.',
        '',
      ].join('\n');
  await write(context.output.out, text);
}

/** @throws SubscriptionNotFound: a role there would say nothing, and most often the id is mistyped */
async function requireScope(tx: Tx, scope: Scope): Promise<void> {
  const id = parseSubscriptionId(scope.slice('/subscriptions/'.length));
  if (id === undefined || (await findSubscription(tx, id)) !== undefined) return;
  throw fail('SubscriptionNotFound', { subscriptionId: id });
}

/** `client list` */
export async function list(context: Context): Promise<void> {
  const clients = await withStamp(context, ({ database }) => listClients(database.pool));
  const text = context.json
    ? toJson(clients)
    : toTable(['CLIENT ID', 'NAME', 'STATE', 'ROLES'], clients.map(toRow));
  await write(context.output.out, text);
}

function toRow({ clientId, name, disabledAt, assignments }: Client): string[] {
  const roles = assignments.map(({ role, scope, providers }) => {
    const held = providers === undefined ? '' : ` (${providers.join(', ')})`;
    return `${role} on ${scope}${held}`;
  });
  return [clientId, name, disabledAt === undefined ? 'active' : 'disabled', roles.join('; ')];
}

/** `client disable` */
export async function disable(context: Context, values: Arguments): Promise<void> {
  const clientId = readClientId(values);
  const done = await withStamp(context, ({ database, clock }) =>
    disableClient(database.pool, clientId, clock),
  );
  await tell(context, clientId, 'disabled', done);
}

/** `client remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const clientId = readClientId(values);
  const done = await withStamp(context, ({ database }) => removeClient(database.pool, clientId));
  await tell(context, clientId, 'removed', done);
}

function readClientId(values: Arguments): ClientId {
  return parseArgument('ID', values.operand(0), parseClientId, 'it has to be a GUID');
}

async function tell(
  { json, output }: Context,
  clientId: ClientId,
  what: 'disabled' | 'removed',
  done: boolean,
): Promise<void> {
  if (!done) throw fail('NotFound', { path: `client ${clientId}` });
  await write(output.out, json ? toJson({ clientId, state: what }) : `${clientId} is ${what}.\n`);
}
