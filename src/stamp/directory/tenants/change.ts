import { fail } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { holdTreeAlone } from '../tree/tree.ts';
import type { DirectoryTenant } from './directory-tenant.ts';
import {
  deleteDirectoryTenant,
  ensureDirectoryTenant,
  findDirectoryTenant,
  findInDirectoryTenant,
  upsertDirectoryTenant,
} from './store.ts';

/**
 * Makes a directory known, or gives one that is known another name or place, in the caller's transaction. What is left
 * out stays as it is.
 *
 * @returns the directory as it is then, and whether it was not known
 * @throws Conflict when another directory has the name
 */
export async function putDirectoryTenant(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
): Promise<{ readonly tenant: DirectoryTenant; readonly created: boolean }> {
  const holder = await findDirectoryTenant(tx, { name: tenant.name });
  if (holder !== undefined && holder.tenantId !== tenant.tenantId) {
    throw fail('Conflict', { reason: `another directory tenant is called ${tenant.name}` });
  }
  const before = await findDirectoryTenant(tx, { tenantId: tenant.tenantId });
  const wanted = { ...before, ...tenant };
  await upsertDirectoryTenant(tx, wanted);
  const { tenantId, name } = wanted;
  await tell(tx, 'write', wanted, { tenantId, name, before: before?.name ?? null }, changing);
  return { tenant: wanted, created: before === undefined };
}

/** Makes a directory known unless it is, as happens with the first subscription of somebody from there. */
export async function adoptDirectoryTenant(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
): Promise<void> {
  await inDirectoryTenant(tx, tenant, changing, () => Promise.resolve());
}

/**
 * Makes a directory known unless it is, then does what needs it. The audit trail is told after that: whoever writes to
 * it holds it, and must not wait for the directory any more.
 */
export async function inDirectoryTenant<T>(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
  work: () => Promise<T>,
): Promise<T> {
  const isNew = await ensureDirectoryTenant(tx, tenant);
  const done = await work();
  if (isNew) {
    const { tenantId, name } = tenant;
    await tell(tx, 'write', tenant, { tenantId, name, before: null }, changing);
  }
  return done;
}

/**
 * Forgets a directory, in the caller's transaction.
 *
 * @throws Conflict when a subscription, a client or a user is of it
 */
export async function removeDirectoryTenant(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
): Promise<void> {
  await holdTreeAlone(tx);
  const kind = await findInDirectoryTenant(tx, tenant.tenantId);
  if (kind !== undefined) {
    throw fail('Conflict', { reason: `a ${kind} is of the directory tenant ${tenant.name}` });
  }
  await deleteDirectoryTenant(tx, tenant.tenantId);
  await tell(tx, 'delete', tenant, { tenantId: tenant.tenantId }, changing);
}

async function tell(
  tx: Queryable,
  verb: 'write' | 'delete',
  { name }: DirectoryTenant,
  detail: Record<string, unknown>,
  { clock, actor }: Changing,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.Subscriptions.Admin/directoryTenants/${verb}`,
    target: `/providers/Microsoft.Subscriptions.Admin/directoryTenants/${name}`,
    detail,
  });
}
