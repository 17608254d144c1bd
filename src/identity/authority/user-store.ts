import {
  fail,
  parsePrincipalId,
  type DirectoryTenantId,
  type Instant,
  type PrincipalId,
} from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { Changing } from '../changing.ts';
import { insertPrincipal, tell } from '../principal-store.ts';
import { forgetSignIns } from '../sign-ins.ts';
import { checkPassword, hashPassword } from './password.ts';

const LONGEST_USER_NAME = 113;

/** A person who can sign in. */
export interface ActiveUser {
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
  /** What people call the person. */
  readonly name: string;
  /** What the person types to sign in; two that differ in case are the same. */
  readonly userName: string;
}

/** A person on record. */
export interface User extends ActiveUser {
  readonly createdAt: Instant;
  /** Since when the person is refused; undefined while it is not. */
  readonly disabledAt: Instant | undefined;
}

/** What a user is made from. */
export interface NewUser {
  readonly name: string;
  readonly userName: string;
  readonly tenantId: DirectoryTenantId;
  readonly password: string;
}

/**
 * The sign-in name in lower case, letter by letter; undefined for one that nobody has, since the
 * database may write a letter of it in another way: `İ` as one letter or as two.
 */
export function foldUserName(userName: string): string | undefined {
  const letters = Array.from(userName, (upper) => ({ upper, lower: upper.toLowerCase() }));
  if (letters.some(({ upper, lower }) => upper.length !== lower.length)) return undefined;
  return letters.map(({ lower }) => lower).join('');
}

/** @throws InvalidProperty for a sign-in name that nobody could type or that could be read as two */
function checkUserName(userName: string): void {
  const isTyped = /^[\p{L}\p{N}._@+-]+$/u.test(userName) && userName.length <= LONGEST_USER_NAME;
  if (isTyped && foldUserName(userName) !== undefined) return;
  throw fail('InvalidProperty', {
    value: userName,
    parameter: 'user-name',
    rule: `it has 1 to ${LONGEST_USER_NAME} letters, digits and . _ @ + -, and no İ`,
  });
}

/**
 * Adds a person without roles.
 *
 * @throws InvalidProperty for a name, sign-in name, tenant or password that cannot be, and for a
 * sign-in name that somebody has
 */
export async function addUser(
  tx: Queryable,
  user: NewUser,
  changing: Changing,
): Promise<PrincipalId> {
  const { name, userName, tenantId, password } = user;
  checkUserName(userName);
  checkPassword(password);
  // Before anything is locked: it takes a quarter of a second.
  const passwordHash = await hashPassword(password);
  const principalId = await insertPrincipal(tx, { kind: 'user', name, tenantId }, changing);
  const { rowCount } = await tx.query(
    `insert into user_account (principal_id, user_name, password_hash) values ($1, $2, $3)
     on conflict (lower(user_name)) do nothing`,
    [principalId, userName, passwordHash],
  );
  if (rowCount === 0) {
    throw fail('InvalidProperty', {
      value: userName,
      parameter: 'user-name',
      rule: 'somebody has this sign-in name',
    });
  }
  await tell(tx, changing, principalId, { change: 'sign-in name given', userName });
  return principalId;
}

/**
 * Gives a person another password and ends what was signed in with the old one.
 *
 * @returns whether there is such a person
 * @throws InvalidProperty for a password that cannot be
 */
export async function setPassword(
  tx: Queryable,
  principalId: PrincipalId,
  password: string,
  changing: Changing,
): Promise<boolean> {
  checkPassword(password);
  const { rows } = await tx.query(
    'update user_account set password_hash = $2 where principal_id = $1 returning principal_id',
    [principalId, await hashPassword(password)],
  );
  if (rows.length === 0) return false;
  await forgetSignIns(tx, principalId);
  await tell(tx, changing, principalId, { change: 'password set' });
  return true;
}

interface UserRow {
  readonly principal_id: PrincipalId;
  readonly tenant_id: DirectoryTenantId;
  readonly name: string;
  readonly user_name: string;
}

function fromRow(row: UserRow): ActiveUser {
  return {
    principalId: row.principal_id,
    tenantId: row.tenant_id,
    name: row.name,
    userName: row.user_name,
  };
}

const ACTIVE = `select p.principal_id, p.tenant_id, p.name, u.user_name, u.password_hash
  from user_account u join principal p using (principal_id)
  where p.kind = 'user' and p.disabled_at is null`;

/** The person with this id; undefined when there is none, or it is disabled. */
export async function findActiveUser(db: Queryable, id: string): Promise<ActiveUser | undefined> {
  const principalId = parsePrincipalId(id);
  if (principalId === undefined) return undefined;
  const { rows } = await db.query<UserRow>({
    name: 'authority-user',
    text: `${ACTIVE} and p.principal_id = $1`,
    values: [principalId],
  });
  return rows[0] && fromRow(rows[0]);
}

/** The person with this sign-in name in any case, and the hash of the password. */
export async function findUserByName(
  db: Queryable,
  userName: string,
): Promise<{ readonly user: ActiveUser; readonly passwordHash: string } | undefined> {
  if (foldUserName(userName) === undefined) return undefined;
  const { rows } = await db.query<UserRow & { readonly password_hash: string }>({
    name: 'authority-user-by-name',
    text: `${ACTIVE} and lower(u.user_name) = lower($1)`,
    values: [userName],
  });
  const [row] = rows;
  return row && { user: fromRow(row), passwordHash: row.password_hash };
}

/**
 * The hash of the password of a person who is not disabled, after every change of either that is
 * under way.
 */
export async function passwordHashOf(
  db: Queryable,
  principalId: PrincipalId,
): Promise<string | undefined> {
  const { rows } = await db.query<{ readonly password_hash: string }>({
    name: 'authority-password-hash',
    // The lock waits for whoever sets another: what they have deleted by then cannot be what comes now.
    text: `${ACTIVE} and p.principal_id = $1 for share`,
    values: [principalId],
  });
  return rows[0]?.password_hash;
}

/** A person on record, disabled or not, by id or by sign-in name in any case. */
export async function findUser(db: Queryable, idOrName: string): Promise<User | undefined> {
  const id = parsePrincipalId(idOrName);
  const name = idOrName.toLowerCase();
  const users = await listUsers(db);
  return users.find((user) => user.principalId === id || user.userName.toLowerCase() === name);
}

/** All people on record, by sign-in name. */
export async function listUsers(db: Queryable): Promise<User[]> {
  const { rows } = await db.query<
    UserRow & { readonly created_at: Instant; readonly disabled_at: Instant | null }
  >(
    `select p.principal_id, p.tenant_id, p.name, u.user_name, p.created_at, p.disabled_at
       from user_account u join principal p using (principal_id)
      order by lower(u.user_name)`,
  );
  return rows.map((row) => ({
    ...fromRow(row),
    createdAt: row.created_at,
    disabledAt: row.disabled_at ?? undefined,
  }));
}
