import { fail, parseClientId, parseDirectoryTenantId, type ClientId } from '../kernel/index.ts';
import {
  addClient,
  disableClient,
  listClients,
  parseRole,
  parseScope,
  removeClient,
  type Client,
} from '../identity/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `client add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const tenant = values.optional('tenant');
  const client = {
    name: values.required('name'),
    role: parseRole(values.required('role')),
    scope: parseScope(values.required('scope')),
    providers: values.list('provider'),
    tenantId:
      tenant === undefined
        ? undefined
        : parseArgument('--tenant', tenant, parseDirectoryTenantId, 'it has to be a GUID'),
  };
  const { clientId, clientSecret, tenantId } = await withStamp(
    context,
    ({ database, clock, stamp }) =>
      database.transaction((tx) =>
        addClient(tx, client, { clock, homeTenantId: stamp.homeTenantId }),
      ),
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
