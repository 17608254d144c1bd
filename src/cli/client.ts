import {
  fail,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
} from '../kernel/index.ts';
import {
  addClient,
  addRoleAssignment,
  disablePrincipal,
  enablePrincipal,
  findPrincipal,
  listPrincipals,
  parseRole,
  parseScope,
  partsOf,
  removePrincipal,
  type Changing,
  type NewRoleAssignment,
  type Scope,
  type StoredPrincipal,
} from '../identity/index.ts';
import type { PrincipalId } from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import { findSubscription } from '../stamp/directory/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `client add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const tenant = values.optional('tenant');
  const [scope, ...others] = (values.list('scope') ?? []).map(parseScope);
  if (scope === undefined) throw new TypeError('--scope is missing');
  const role = parseRole(values.required('role'));
  const providers = values.list('provider');
  const client = {
    name: values.required('name'),
    tenantId:
      tenant === undefined
        ? undefined
        : parseArgument('--tenant', tenant, parseDirectoryTenantId, 'it has to be a GUID'),
    role,
    scope,
    providers,
  };
  const added = await withStamp(context, ({ database, clock, stamp }) =>
    database.transaction(async (tx) => {
      await requireScopes(tx, [scope, ...others]);
      const changing = { clock, actor: commandLineActor(), homeTenantId: stamp.homeTenantId };
      const made = await addClient(tx, client, changing);
      const assignment = {
        principalId: made.clientId,
        principalTenantId: made.tenantId,
        principalType: 'ServicePrincipal',
        role,
        providers,
      } as const;
      await addOnScopes(tx, assignment, others, changing);
      return made;
    }),
  );
  const { clientId, clientSecret, tenantId } = added;
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

/** Assigns one role on several scopes. */
export async function addOnScopes(
  tx: Tx,
  assignment: Omit<NewRoleAssignment, 'scope'>,
  scopes: readonly Scope[],
  changing: Changing,
): Promise<void> {
  for (const scope of scopes) await addRoleAssignment(tx, { ...assignment, scope }, changing);
}

/** @throws SubscriptionNotFound: a role there would say nothing, and most often the id is mistyped */
export async function requireScopes(tx: Tx, scopes: readonly Scope[]): Promise<void> {
  for (const scope of scopes) {
    const { subscriptionId } = partsOf(scope);
    const id = subscriptionId === undefined ? undefined : parseSubscriptionId(subscriptionId);
    if (id === undefined || (await findSubscription(tx, id)) !== undefined) continue;
    throw fail('SubscriptionNotFound', { subscriptionId: id });
  }
}

/** `client list` */
export async function list(context: Context): Promise<void> {
  const clients = await withStamp(context, ({ database }) =>
    listPrincipals(database.pool, 'client'),
  );
  const text = context.json
    ? toJson(clients.map(toWire))
    : toTable(['CLIENT ID', 'NAME', 'STATE', 'ROLES'], clients.map(toRow));
  await write(context.output.out, text);
}

function toWire(client: StoredPrincipal): object {
  const { principalId: clientId, name, tenantId, createdAt, disabledAt, assignments } = client;
  return { clientId, name, tenantId, createdAt, disabledAt, assignments };
}

/** A principal as one row of a table. */
export function toRow({ principalId, name, disabledAt, assignments }: StoredPrincipal): string[] {
  const roles = assignments.map(({ role, scope, providers }) => {
    const held = providers === undefined ? '' : ` (${providers.join(', ')})`;
    return `${role} on ${scope}${held}`;
  });
  return [principalId, name, disabledAt === undefined ? 'active' : 'disabled', roles.join('; ')];
}

/** `client disable` */
export async function disable(context: Context, values: Arguments): Promise<void> {
  await change(context, values, 'disabled', disablePrincipal);
}

/** `client enable` */
export async function enable(context: Context, values: Arguments): Promise<void> {
  await change(context, values, 'enabled', enablePrincipal);
}

/** `client remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  await change(context, values, 'removed', removePrincipal);
}

async function change(
  context: Context,
  values: Arguments,
  what: 'disabled' | 'enabled' | 'removed',
  make: (tx: Tx, id: PrincipalId, changing: Changing) => Promise<boolean>,
): Promise<void> {
  const clientId = parseArgument('ID', values.operand(0), parsePrincipalId, 'it has to be a GUID');
  const done = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      await requireClient(tx, clientId);
      return make(tx, clientId, { clock, actor: commandLineActor() });
    }),
  );
  if (!done) throw fail('NotFound', { path: `client ${clientId}` });
  const { json, output } = context;
  await write(output.out, json ? toJson({ clientId, state: what }) : `${clientId} is ${what}.\n`);
}

/** @throws NotFound for an id that is none, and for one of a user, whose sign-ins have to be ended as well */
export async function requireClient(db: Pick<Tx, 'query'>, id: PrincipalId): Promise<void> {
  const found = await findPrincipal(db, id);
  if (found?.kind !== 'client') throw fail('NotFound', { path: `client ${id}` });
}
