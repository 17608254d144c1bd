import { readFileSync } from 'node:fs';
import type { Server } from '../../src/server/index.ts';
import { send } from '../conformance/client.ts';

/** The status with which the stamp answers whoever asks for the operator's own usage with this token. */
export async function usageStatus(
  { baseUrl, caFile, stamp }: Server,
  token: string,
): Promise<number> {
  const { status } = await send(readFileSync(caFile, 'utf8'), {
    method: 'GET',
    address:
      `${baseUrl}/subscriptions/${stamp.defaultProviderSubscriptionId}/providers/Microsoft.Commerce/usageAggregates` +
      '?api-version=2015-06-01-preview&reportedStartTime=2018-06-01&reportedEndTime=2018-06-02',
    headers: { authorization: `Bearer ${token}` },
  });
  return status;
}
