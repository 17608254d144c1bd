import type { NamesOf } from '../commerce/cost-analysis/index.ts';
import { readDisplayNames } from '../stamp/directory/index.ts';

/**
 * Names of subscriptions from the directory of the stamp in the same database. Neither wing knows of the other: what one
 * shows of the other is handed over here.
 */
export const ownSubscriptionNames: NamesOf = readDisplayNames;
