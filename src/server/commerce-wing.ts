import { readFile } from 'node:fs/promises';
import {
  httpsSubscriptionResolver,
  listCommerceSubscriptionPage,
  findCommerceSubscription,
  registrationRoutes,
  type SubscriptionResolver,
} from '../commerce/registration/index.ts';
import {
  dropEndedPeriods,
  ensureCommerceMeters,
  registerReportedUsageMetrics,
  reportedUsageRoutes,
} from '../commerce/reported-usage/index.ts';
import { commerceUsage, commerceUsageRoutes } from '../commerce/usage-api/index.ts';
import type { OtherSubscriptions } from '../stamp/resource-manager/index.ts';
import type { OtherUsage } from '../stamp/usage-api/index.ts';
import { openBilling } from './billing.ts';
import { EVERY_MINUTE } from './jobs.ts';
import type { Ground, Wing } from './wing.ts';

/** Where reported usage is booked: what it shows to the rest of a server that runs both wings. */
export interface CommerceWing extends Wing {
  readonly subscriptions: OtherSubscriptions;
  readonly usage: OtherUsage;
}

/**
 * Builds the wing of commerce.
 *
 * @param alone whether no stamp is in this process, so that the path that both wings have is this one's own
 */
export async function openCommerceWing(
  ground: Ground,
  { alone }: { readonly alone: boolean },
): Promise<CommerceWing> {
  const { clock, database, identity, metrics, ca, stamp } = ground;
  await database.transaction((tx) => ensureCommerceMeters(tx, clock));
  registerReportedUsageMetrics(metrics, { database, clock });
  const room = { database, clock, authenticate: identity.authenticate };
  const usage = commerceUsage(room);
  const resolveSubscription = await openDirectory(ground);
  const billing = await openBilling(ground);
  return {
    start: () => billing.start(),
    stop: () => billing.stop(),
    subscriptions: otherSubscriptions(ground),
    usage,
    tasks: [
      {
        name: 'drop-unaccepted-batches',
        when: EVERY_MINUTE,
        run: async () => {
          await dropEndedPeriods(database);
        },
      },
      ...billing.tasks,
    ],
    addRoutes: (app) => {
      registrationRoutes(app, {
        ...room,
        homeTenantId: stamp.homeTenantId,
        ca,
        ...(resolveSubscription && { resolveSubscription }),
      });
      reportedUsageRoutes(app, { ...room, metrics });
      commerceUsageRoutes(app, room, { usageAggregates: alone });
      billing.addRoutes(app);
    },
  };
}

/** The directory that commerce asks for subscriptions that it does not know, if there is one. */
async function openDirectory({ config, clock }: Ground): Promise<SubscriptionResolver | undefined> {
  const { subscriptionDirectory: url, subscriptionDirectoryCa: file } = config;
  if (url === undefined) return undefined;
  return httpsSubscriptionResolver({ url, clock, ca: file && (await readFile(file, 'utf8')) });
}

function otherSubscriptions({ database }: Ground): OtherSubscriptions {
  return {
    find: (id) => findCommerceSubscription(database.pool, id),
    list: (wanted) => listCommerceSubscriptionPage(database.pool, wanted),
  };
}
