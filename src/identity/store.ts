import {
  fail,
  parseClientId,
  type ClientId,
  type DirectoryTenantId,
  type Instant,
} from '../kernel/index.ts';
import type { Clock, Queryable } from '../platform/index.ts';
import {
  checkAssignment,
  checkName,
  hashSecret,
  newClientId,
  newSecret,
  type Client,
  type RoleAssignment,
} from './client.ts';
import { parseRole, parseScope, subscriptionOf, type Grant, type Grants } from './role.ts';

/** What is asked of a client that is not disabled, in one query. */
export interface ActiveClient {
  readonly clientId: ClientId;
  readonly tenantId: DirectoryTenantId;
  readonly secretHash: Buffer;
  readonly grants: Grants;
}

interface AssignmentRow {
  readonly role: string;
  readonly scope: string;
  readonly providers: string[] | null;
}

/** Columns of an assignment are null for a client that has none. */
type Joined<Row> = { readonly [Column in keyof Row]: Row[Column] | null };

function fromAssignmentRow(row: Joined<AssignmentRow>): RoleAssignment[] {
  if (row.role === null || row.scope === null) return [];
  const { role, scope, providers } = row;
  return [
    { role: parseRole(role), scope: parseScope(scope), ...(providers !== null && { providers }) },
  ];
}

function toGrant({ role, scope, providers }: RoleAssignment): Grant {
  return {
    role,
    subscriptionId: subscriptionOf(scope),
    providers: providers && new Set(providers.map((provider) => provider.toLowerCase())),
  };
}

/** The client with its hashed secret and its grants; undefined when it is unknown or disabled. */
export async function findActiveClient(
  db: Queryable,
  clientId: ClientId,
): Promise<ActiveClient | undefined> {
  // Read for every request rather than remembered: who is removed is out with the next request.
  const { rows } = await db.query<
    Joined<AssignmentRow> & { tenant_id: DirectoryTenantId; secret_hash: Buffer }
  >({
    name: 'identity-active-client',
    text: `select c.tenant_id, c.secret_hash, r.role, r.scope, r.providers
             from client c
             left join role_assignment r on r.principal_id = c.client_id
            where c.client_id = $1 and c.disabled_at is null`,
    values: [clientId],
  });
  const [first] = rows;
  if (first === undefined) return undefined;
  const grants = rows.flatMap(fromAssignmentRow).map(toGrant);
  return { clientId, tenantId: first.tenant_id, secretHash: first.secret_hash, grants };
}

/** What the client may do; nothing when it is unknown, disabled or no client id at all. */
export async function loadGrants(db: Queryable, clientId: string): Promise<Grants> {
  const id = parseClientId(clientId);
  const client = id === undefined ? undefined : await findActiveClient(db, id);
  return client?.grants ?? [];
}

/** What a client is made from. */
export interface NewClient extends RoleAssignment {
  readonly name: string;
  /** Directory tenant that it belongs to; the stamp's home tenant unless given. */
  readonly tenantId?: DirectoryTenantId | undefined;
}

/**
 * Makes a client with one role. The secret is in the answer and nowhere else.
 *
 * @throws InvalidProperty for a name, providers or tenant that cannot be
 */
export async function addClient(
  db: Queryable,
  client: NewClient,
  stamp: { readonly clock: Clock; readonly homeTenantId: DirectoryTenantId },
): Promise<{
  readonly clientId: ClientId;
  readonly clientSecret: string;
  readonly tenantId: DirectoryTenantId;
}> {
  checkName(client.name);
  const { tenantId = stamp.homeTenantId } = client;
  const [clientId, clientSecret] = [newClientId(), newSecret()];
  const { rows } = await db.query(
    `insert into client (client_id, name, secret_hash, tenant_id, created_at)
     select $1, $2, $3, tenant_id, $5 from directory_tenant where tenant_id = $4
     returning client_id`,
    [clientId, client.name, hashSecret(clientSecret), tenantId, stamp.clock.now().toString()],
  );
  if (rows.length === 0) {
    throw fail('InvalidProperty', {
      value: tenantId,
      parameter: 'tenantId',
      rule: 'there is no such directory tenant',
    });
  }
  await addRoleAssignment(db, clientId, client);
  return { clientId, clientSecret, tenantId };
}

/**
 * Assigns a role, or replaces the resource providers of one assigned on the same scope before.
 *
 * @throws InvalidProperty for providers that cannot be
 */
export async function addRoleAssignment(
  db: Queryable,
  clientId: ClientId,
  assignment: RoleAssignment,
): Promise<void> {
  checkAssignment(assignment);
  await db.query(
    `insert into role_assignment (principal_id, role, scope, providers) values ($1, $2, $3, $4)
     on conflict (principal_id, role, scope) do update set providers = excluded.providers`,
    [clientId, assignment.role, assignment.scope, assignment.providers ?? null],
  );
}

/** Takes a role away; whether it was there. */
export async function removeRoleAssignment(
  db: Queryable,
  clientId: ClientId,
  { role, scope }: RoleAssignment,
): Promise<boolean> {
  const { rows } = await db.query(
    `delete from role_assignment where principal_id = $1 and role = $2 and scope = $3
     returning principal_id`,
    [clientId, role, scope],
  );
  return rows.length > 0;
}

/** All clients with their roles, by name. */
export async function listClients(db: Queryable): Promise<Client[]> {
  const { rows } = await db.query<
    Joined<AssignmentRow> & {
      client_id: ClientId;
      name: string;
      tenant_id: DirectoryTenantId;
      created_at: Instant;
      disabled_at: Instant | null;
    }
  >(
    `select c.client_id, c.name, c.tenant_id, c.created_at, c.disabled_at,
            r.role, r.scope, r.providers
       from client c
       left join role_assignment r on r.principal_id = c.client_id
      order by c.name, c.client_id, r.role, r.scope`,
  );
  const byId = Map.groupBy(rows, (row) => row.client_id);
  return [...byId.values()].flatMap((group) => {
    const [row] = group;
    if (row === undefined) return [];
    return {
      clientId: row.client_id,
      name: row.name,
      tenantId: row.tenant_id,
      createdAt: row.created_at,
      disabledAt: row.disabled_at ?? undefined,
      assignments: group.flatMap(fromAssignmentRow),
    };
  });
}

/**
 * Refuses the client from now on, and keeps it on record; whether there was such a client to
 * refuse.
 */
export async function disableClient(
  db: Queryable,
  clientId: ClientId,
  clock: Clock,
): Promise<boolean> {
  const { rows } = await db.query(
    `update client set disabled_at = $2 where client_id = $1 and disabled_at is null
     returning client_id`,
    [clientId, clock.now().toString()],
  );
  return rows.length > 0;
}

/** Forgets the client and its roles; whether there was such a client. */
export async function removeClient(db: Queryable, clientId: ClientId): Promise<boolean> {
  const { rows } = await db.query(
    `with roles as (delete from role_assignment where principal_id = $1)
     delete from client where client_id = $1 returning client_id`,
    [clientId],
  );
  return rows.length > 0;
}
