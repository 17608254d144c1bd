import {
  fail,
  isGuid,
  parseDirectoryTenantId,
  parsePrincipalId,
  type DirectoryTenantId,
  type PrincipalId,
} from '../kernel/index.ts';
import type { Tx } from '../platform/index.ts';
import {
  actionsOfRole,
  addRoleAssignment,
  findPrincipal,
  listRoleAssignments,
  parseRole,
  parseScope,
  removeRoleAssignment,
  roleDefinitions,
  roles,
  type NewRoleAssignment,
} from '../identity/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { requireScopes } from './client.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `role show` */
export async function show(context: Context): Promise<void> {
  const all = roles.map((role) => ({
    role,
    description: roleDefinitions[role].description,
    actions: [...actionsOfRole(role)],
  }));
  const text = context.json
    ? toJson(all)
    : all
        .map(({ role, description, actions }) =>
          [role, `  ${description}`, ...actions.map((action) => `    ${action}`), ''].join('\n'),
        )
        .join('\n');
  await write(context.output.out, text);
}

/** `role list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const principal = values.optional('principal');
  const scope = values.optional('scope');
  const filter = {
    principalId: principal === undefined ? undefined : readPrincipal(principal),
    scope: scope === undefined ? undefined : parseScope(scope),
  };
  const assignments = await withStamp(context, ({ database }) =>
    listRoleAssignments(database.pool, filter),
  );
  const text = context.json
    ? toJson(assignments)
    : toTable(
        ['ASSIGNMENT', 'PRINCIPAL', 'ROLE', 'SCOPE', 'PROVIDERS'],
        assignments.map(({ assignmentId, principalId, role, scope: on, providers }) => [
          assignmentId,
          principalId,
          role,
          on,
          providers?.join(', ') ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `role assign` */
export async function assign(context: Context, values: Arguments): Promise<void> {
  const principalId = readPrincipal(values.required('principal'));
  const tenant = values.optional('tenant');
  const tenantId =
    tenant === undefined
      ? undefined
      : parseArgument('--tenant', tenant, parseDirectoryTenantId, 'it has to be a GUID');
  const wanted = {
    role: parseRole(values.required('role')),
    scope: parseScope(values.required('scope')),
    providers: values.list('provider'),
  };
  const made = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      await requireScopes(tx, [wanted.scope]);
      const whose = await principalOf(tx, principalId, tenantId);
      return addRoleAssignment(tx, { ...wanted, ...whose }, { clock, actor: commandLineActor() });
    }),
  );
  const { json, output } = context;
  const text = `${made.principalId} is ${made.role} on ${made.scope}: ${made.assignmentId}\n`;
  await write(output.out, json ? toJson(made) : text);
}

/** One of ours is known; of another directory the tenant has to be said. */
async function principalOf(
  tx: Tx,
  principalId: PrincipalId,
  tenantId: DirectoryTenantId | undefined,
): Promise<Pick<NewRoleAssignment, 'principalId' | 'principalTenantId' | 'principalType'>> {
  const known = await findPrincipal(tx, principalId);
  if (known && (tenantId === undefined || tenantId === known.tenantId)) {
    const principalType = known.kind === 'client' ? 'ServicePrincipal' : 'User';
    return { principalId, principalTenantId: known.tenantId, principalType };
  }
  if (tenantId !== undefined) {
    return { principalId, principalTenantId: tenantId, principalType: 'Unknown' };
  }
  throw fail('InvalidArguments', {
    reason: `${principalId} is no client or user of the built-in authority; give --tenant for one of another directory`,
  });
}

/** `role remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const assignmentId = parseArgument(
    'ASSIGNMENT',
    values.operand(0),
    (text) => (isGuid(text) ? text.toLowerCase() : undefined),
    'it has to be a GUID; role list shows them',
  );
  const removed = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      removeRoleAssignment(tx, assignmentId, { clock, actor: commandLineActor() }),
    ),
  );
  if (removed === undefined) throw fail('NotFound', { path: `role assignment ${assignmentId}` });
  const { json, output } = context;
  const text = json
    ? toJson(removed)
    : `${removed.principalId} is no longer ${removed.role} on ${removed.scope}.\n`;
  await write(output.out, text);
}

function readPrincipal(text: string): PrincipalId {
  return parseArgument('--principal', text, parsePrincipalId, 'it has to be a GUID');
}
