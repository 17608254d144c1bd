import { spawnSync } from 'node:child_process';
import { fail } from '../../../kernel/index.ts';

/** A user of the operating system. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Tried in this order when no user is named. */
const USUAL_USERS = ['stackmeter', 'postgres', 'nobody'] as const;

/**
 * The user under whom PostgreSQL has to run when that is not the user of this process: PostgreSQL
 * refuses to run as root. Undefined for everybody but root.
 *
 * A cluster keeps its owner from start to start, since a package that is installed later may add a
 * user that comes earlier in the list.
 *
 * @param requested the name that the operator gave
 * @param owner who owns the cluster's folder, if there is one
 * @throws ConfigurationInvalid when the named user does not exist or is root, or when there is none of the usual ones
 */
export function serverUser(
  requested?: string,
  owner?: { readonly uid: number; readonly gid: number },
): OsUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  if (requested !== undefined) return requireUser(requested);
  if (owner !== undefined && owner.uid !== 0) {
    return { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of USUAL_USERS) {
    const user = lookUp(name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  throw refuse(
    `PostgreSQL does not run as root, and this machine has none of the users ${USUAL_USERS.join(', ')}; ` +
      'make one (useradd --system stackmeter) or start Stackmeter as an ordinary user',
  );
}

function requireUser(name: string): OsUser {
  const user = lookUp(name);
  if (user === undefined) throw refuse(`this machine has no user '${name}'`);
  if (user.uid === 0) throw refuse(`PostgreSQL does not run as root, which '${name}' is`);
  return user;
}

function refuse(reason: string): Error {
  return fail('ConfigurationInvalid', { option: '--database-user', reason });
}

/** Asks `id` rather than reading /etc/passwd: users may come from a directory service. */
function lookUp(user: string): OsUser | undefined {
  const ask = (what: string): string | undefined => {
    const { status, stdout } = spawnSync('id', [what, '--', user], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const [uid, gid] = [ask('-u'), ask('-g')];
  if (uid === undefined || gid === undefined) return undefined;
  // macOS writes nobody's -2 as an unsigned number, which spawn takes only as a signed one.
  return { name: user, uid: Number.parseInt(uid, 10) | 0, gid: Number.parseInt(gid, 10) | 0 };
}
