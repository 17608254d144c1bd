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
 * Makes a directory known, or gives one that is known another name or place, in the caller's transaction.
 *
 * @returns whether it was not known
 * @throws Conflict when another directory has the name
 */
export async function putDirectoryTenant(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
): Promise<boolean> {
  const holder = await findDirectoryTenant(tx, { name: tenant.name });
  if (holder !== undefined && holder.tenantId !== tenant.tenantId) {
    throw fail('Conflict', { reason: `another directory tenant is called ${tenant.name}` });
  }
  const before = await findDirectoryTenant(tx, { tenantId: tenant.tenantId });
  await upsertDirectoryTenant(tx, tenant);
  const { tenantId, name } = tenant;
  await tell(tx, 'write', tenant, { tenantId, name, before: before?.name ?? null }, changing);
  return before === undefined;
}

/** Makes a directory known unless it is, as happens with the first subscription of somebody from there. */
export async function adoptDirectoryTenant(
  tx: Queryable,
  tenant: DirectoryTenant,
  changing: Changing,
): Promise<void> {
  if (!(await ensureDirectoryTenant(tx, tenant))) return;
  const { tenantId, name } = tenant;
  await tell(tx, 'write', tenant, { tenantId, name, before: null }, changing);
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
