import type { Adapter, AdapterFactory } from 'oidc-provider';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { Clock, Queryable } from '../../platform/index.ts';
import { findActiveClient } from '../client-store.ts';
import { createArtifactStore } from './artifact-store.ts';
import { clientMetadata } from './clients.ts';
import type { Issuer } from './layout.ts';

/** The library's view of the database: clients from our tables, everything else from its own. */
export function createAdapters(options: {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly issuer: Issuer;
}): AdapterFactory {
  const { db, clock } = options;
  return (model) =>
    model === 'Client' ? clientAdapter(options) : createArtifactStore(db, clock, model);
}

/** Reads a client for each request, so that one who is disabled or removed gets nothing more. */
function clientAdapter({
  db,
  clock,
  issuer,
}: {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly issuer: Issuer;
}): Adapter {
  const nothing = async (): Promise<undefined> => undefined;
  return {
    find: async (id) => {
      const client = await findActiveClient(db, id, clock.now());
      if (client === undefined) return undefined;
      if (issuer.tenantId !== undefined && issuer.tenantId !== client.tenantId) return undefined;
      const assertion = Provider.ctx?.oidc.params?.['client_assertion'];
      return clientMetadata(client, typeof assertion === 'string');
    },
    upsert: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}
