import { randomUUID } from 'node:crypto';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient } from '../../src/identity/index.ts';
import { parseDirectoryTenantId, parseSubscriptionId } from '../../src/kernel/index.ts';
import type { Clock, Database } from '../../src/platform/index.ts';
import { insertSubscription } from '../../src/stamp/directory/index.ts';
import type { ServerReady } from './server-process.ts';

/** What senders need to know of a stamp. */
export interface PreparedStamp {
  readonly subscriptions: readonly string[];
  readonly authorization: string;
}

/** Gives a new stamp subscriptions and a client that may emit their usage. */
export async function prepareStamp(
  database: Database,
  ready: ServerReady,
  clock: Clock,
): Promise<PreparedStamp> {
  const tenantId = parseDirectoryTenantId(ready.homeTenantId)!;
  const subscriptions = [1, 2, 3].map(() => parseSubscriptionId(randomUUID())!);
  for (const subscriptionId of subscriptions) {
    await insertSubscription(database.pool, {
      subscriptionId,
      displayName: 'crash',
      owner: 'tenant@crash.example',
      tenantId,
      delegatedProviderSubscriptionId: parseSubscriptionId(ready.rootSubscriptionId)!,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: clock.now(),
    });
  }
  const client = await addClient(
    database.pool,
    { name: 'crash', role: 'Emitter', scope: '/' },
    { clock, homeTenantId: tenantId, actor: SYSTEM },
  );
  const key = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  return { subscriptions, authorization: `Basic ${key}` };
}
