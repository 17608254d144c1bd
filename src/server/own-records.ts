import type { RecordsOf } from '../commerce/invoicing/index.ts';
import type { Database } from '../platform/index.ts';
import { recordsOfRow } from '../stamp/aggregation/index.ts';
import { findActivation } from '../stamp/bridge/index.ts';

/**
 * Asks the stamp in the same database for the records behind a row, if it is the one that reported it. Neither wing knows
 * of the other: what one shows of the other is handed over here.
 */
export function ownRecords({ pool }: Pick<Database, 'pool'>): RecordsOf {
  return async (row) => {
    const activation = await findActivation(pool);
    if (activation?.registrationId !== row.registrationId) return { state: 'elsewhere' };
    return recordsOfRow(pool, row);
  };
}
