import { randomUUID } from 'node:crypto';
import {
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../kernel/index.ts';
import { SYSTEM } from '../audit/index.ts';
import type { Clock, Database, Tx } from '../platform/index.ts';
import {
  adoptDirectoryTenant,
  createDefaultProvider,
  findDefaultProviderSubscription,
  holdDirectoryVersion,
} from '../stamp/directory/index.ts';
import { insertMeters, referenceMeters } from '../stamp/meters/index.ts';

/** What every stamp has from its first start on. */
export interface Stamp {
  /** the directory of the stamp itself, in which its operators are */
  readonly homeTenantId: DirectoryTenantId;
  /** the root of the tree of providers; for operation, not for workloads */
  readonly defaultProviderSubscriptionId: SubscriptionId;
}

const SET_UP_LOCK = 7303;

/**
 * Finds what every stamp has, or makes it at the first start: the home directory, the default provider subscription,
 * the meters of the reference. Safe to call from several processes at once.
 */
export async function ensureStamp(database: Database, clock: Clock): Promise<Stamp> {
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1, 0)', [SET_UP_LOCK]);
    await holdDirectoryVersion(tx);
    await insertMeters(
      tx,
      referenceMeters.map((meter) => ({ ...meter, origin: 'reference' as const })),
    );
    const root = await findDefaultProviderSubscription(tx);
    if (root === undefined) return createStamp(tx, clock);
    return { homeTenantId: root.tenantId, defaultProviderSubscriptionId: root.subscriptionId };
  });
}

async function createStamp(tx: Tx, clock: Clock): Promise<Stamp> {
  const homeTenantId = parseDirectoryTenantId(randomUUID())!;
  const subscriptionId = parseSubscriptionId(randomUUID())!;
  const home = { tenantId: homeTenantId, name: 'stamp.example' };
  await adoptDirectoryTenant(tx, home, { clock, actor: SYSTEM });
  await createDefaultProvider(tx, clock, { subscriptionId, tenantId: homeTenantId });
  return { homeTenantId, defaultProviderSubscriptionId: subscriptionId };
}
