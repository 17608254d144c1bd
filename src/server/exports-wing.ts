import { join } from 'node:path';
import {
  adapterRoutes,
  createAdapterSender,
  registerAdapterMetrics,
} from '../exports/adapters/index.ts';
import {
  createExportRunner,
  exportRoutes,
  registerExportMetrics,
} from '../exports/deliveries/index.ts';
import { odataRoutes } from '../exports/odata/index.ts';
import type { Ground, Wing } from './wing.ts';

/** The way out: what other systems read of both wings, and what is sent to them. */
export function openExports(ground: Ground): Wing {
  const { config, database, identity } = ground;
  const { authenticate } = identity;
  const wings = config.roles.filter((role) => role !== 'portal');
  const sending = wings.includes('commerce') ? openSending(ground) : undefined;
  return {
    tasks: [],
    ...sending,
    addRoutes: (app) => {
      odataRoutes(app, { database, authenticate, wings, region: config.region });
      sending?.addRoutes(app);
    },
  };
}

/** What commerce sends by itself: exports when they are due, and usage to other billing systems. */
function openSending({ config, clock, database, identity, log, metrics }: Ground): Required<Wing> {
  const { authenticate } = identity;
  const exportFolder = config.exportFolder ?? join(config.data, 'exports');
  const room = { database, clock, log, exportFolder };
  const exports = createExportRunner({ ...room, quotaBytes: config.exportQuota });
  const adapters = createAdapterSender(room);
  registerExportMetrics(metrics, { database, clock });
  registerAdapterMetrics(metrics, { database });
  return {
    // Stores of others may take their time: exports wait beside the background work, and not within it.
    tasks: [],
    addRoutes: (app) => {
      exportRoutes(app, { ...room, authenticate, wake: () => exports.wake() });
      adapterRoutes(app, { database, clock, authenticate, wake: () => adapters.wake() });
    },
    start: () => {
      exports.start();
      adapters.start();
    },
    stop: async () => {
      await Promise.all([exports.stop(), adapters.stop()]);
    },
  };
}
