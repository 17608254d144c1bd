import { text as readAll } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fail, parseDirectoryTenantId } from '../kernel/index.ts';
import {
  addUser,
  disablePrincipal,
  enablePrincipal,
  findUser,
  listPrincipals,
  listUsers,
  newPassword,
  parseRole,
  parseScope,
  removePrincipal,
  setPassword,
  type Changing,
  type User,
} from '../identity/index.ts';
import type { Tx } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { addOnScopes, requireScopes, toRow } from './client.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `user add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const tenant = values.optional('tenant');
  const tenantId =
    tenant === undefined
      ? undefined
      : parseArgument('--tenant', tenant, parseDirectoryTenantId, 'it has to be a GUID');
  const role = values.optional('role');
  const scopes = (values.list('scope') ?? []).map(parseScope);
  if ((role === undefined) !== (scopes.length === 0)) {
    const rule = '--role and --scope are given together, or neither of them';
    throw fail('InvalidProperty', { parameter: '--role', value: role ?? '', rule });
  }
  const password = await passwordFor(values);
  const person = { name: values.required('name'), userName: values.required('userName') };
  const added = await withStamp(context, ({ database, clock, stamp }) =>
    database.transaction(async (tx) => {
      await requireScopes(tx, scopes);
      const changing = { clock, actor: commandLineActor() };
      const home = tenantId ?? stamp.homeTenantId;
      const user = { ...person, tenantId: home, password: password.text };
      const userId = await addUser(tx, user, changing);
      if (role !== undefined) {
        const assignment = {
          principalId: userId,
          principalTenantId: home,
          principalType: 'User',
          role: parseRole(role),
        } as const;
        await addOnScopes(tx, assignment, scopes, changing);
      }
      return { userId, userName: person.userName, tenantId: home };
    }),
  );
  await tellPassword(context, added, password);
}

interface Password {
  readonly text: string;
  /** Whether somebody has to be told of it. */
  readonly isNew: boolean;
}

async function passwordFor(values: Arguments): Promise<Password> {
  if (!values.flag('passwordStdin')) return { text: newPassword(), isNew: true };
  return { text: await readPassword(process.stdin), isNew: false };
}

/** The first line of what is piped in. */
export async function readPassword(input: Readable): Promise<string> {
  const [line = ''] = (await readAll(input)).split(/\r?\n/, 1);
  return line;
}

async function tellPassword(
  { json, output }: Context,
  user: { readonly userId: string; readonly userName: string; readonly tenantId: string },
  { text, isNew }: Password,
): Promise<void> {
  const { userId, userName, tenantId } = user;
  const lines = [
    `User id:        ${userId}`,
    `Sign-in name:   ${userName}`,
    `Tenant:         ${tenantId}`,
    ...(isNew
      ? [`Password:       ${text}`, 'Pass it on and keep it secret: it is not shown again.']
      : []),
    '',
  ];
  const told = { userId, userName, tenantId, ...(isNew && { password: text }) };
  await write(output.out, json ? toJson(told) : lines.join('\n'));
}

/** `user list` */
export async function list(context: Context): Promise<void> {
  const users = await withStamp(context, async ({ database: { pool } }) => {
    const principals = await listPrincipals(pool, 'user');
    const byId = new Map(principals.map((each) => [each.principalId, each]));
    const people = await listUsers(pool);
    return people.flatMap((user) => {
      const principal = byId.get(user.principalId);
      return principal === undefined ? [] : { user, principal };
    });
  });
  const text = context.json
    ? toJson(
        users.map(({ user: { principalId, ...user }, principal: { assignments } }) => ({
          userId: principalId,
          ...user,
          assignments,
        })),
      )
    : toTable(
        ['SIGN-IN NAME', 'USER ID', 'NAME', 'STATE', 'ROLES'],
        users.map(({ user, principal }) => [user.userName, ...toRow(principal)]),
      );
  await write(context.output.out, text);
}

/** `user set-password` */
export async function changePassword(context: Context, values: Arguments): Promise<void> {
  const password = await passwordFor(values);
  const user = await changeUser(context, values, (tx, { principalId }, changing) =>
    setPassword(tx, principalId, password.text, changing),
  );
  const { principalId: userId, userName, tenantId } = user;
  await tellPassword(context, { userId, userName, tenantId }, password);
}

/** `user disable` */
export async function disable(context: Context, values: Arguments): Promise<void> {
  const user = await changeUser(context, values, (tx, { principalId }, changing) =>
    disablePrincipal(tx, principalId, changing),
  );
  await tell(context, user, 'disabled');
}

/** `user enable` */
export async function enable(context: Context, values: Arguments): Promise<void> {
  const user = await changeUser(context, values, (tx, { principalId }, changing) =>
    enablePrincipal(tx, principalId, changing),
  );
  await tell(context, user, 'active');
}

/** `user remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const user = await changeUser(context, values, (tx, { principalId }, changing) =>
    removePrincipal(tx, principalId, changing),
  );
  await tell(context, user, 'removed');
}

/** @throws NotFound when there is no such person, or nothing to change */
async function changeUser(
  context: Context,
  values: Arguments,
  change: (tx: Tx, user: User, changing: Changing) => Promise<boolean>,
): Promise<User> {
  const named = values.operand(0);
  return withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const user = await findUser(tx, named);
      const changing = { clock, actor: commandLineActor() };
      if (user !== undefined && (await change(tx, user, changing))) return user;
      throw fail('NotFound', { path: `user ${named}` });
    }),
  );
}

async function tell(
  { json, output }: Context,
  { principalId, userName }: User,
  state: 'disabled' | 'active' | 'removed',
): Promise<void> {
  const text = json
    ? toJson({ userId: principalId, userName, state })
    : `${userName} is ${state}.\n`;
  await write(output.out, text);
}
