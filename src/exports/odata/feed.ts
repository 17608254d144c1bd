import type { EntitySet } from './sets/set.ts';
import { costs, invoiceLines, invoices } from './sets/books.ts';
import { meters, subscriptions } from './sets/directory.ts';
import { dailyUsage, hourlyUsage } from './sets/usage.ts';

/** Where the feed is. */
export const FEED_PATH = '/odata/v1';

const OF_STAMP: readonly EntitySet[] = [dailyUsage, hourlyUsage, meters, subscriptions];
const OF_COMMERCE: readonly EntitySet[] = [costs, invoices, invoiceLines];

/** The sets of a server with these parts. */
export function setsOf(wings: readonly ('stamp' | 'commerce')[]): readonly EntitySet[] {
  return [
    ...(wings.includes('stamp') ? OF_STAMP : []),
    ...(wings.includes('commerce') ? OF_COMMERCE : []),
  ];
}
