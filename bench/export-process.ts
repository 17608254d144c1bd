/** The streamed export of everything, in a process of its own so that its memory is its own. */
import { createWriteStream } from 'node:fs';
import { parseSubscriptionId } from '../src/kernel/index.ts';
import { createLog, openDatabase } from '../src/platform/index.ts';
import {
  readSummaryNames,
  streamRows,
  toSummaryCsv,
  toSummaryRow,
} from '../src/stamp/usage-api/index.ts';
import type { ExportOrder, ExportResult } from './messages.ts';

async function run(order: ExportOrder): Promise<ExportResult> {
  const database = await openDatabase({ data: order.data }, createLog({ level: 'warn' }));
  const names = await readSummaryNames(database.pool);
  const output = createWriteStream('/dev/null');
  let rows = 0;
  const started = performance.now();
  for await (const batch of streamRows(database, {
    granularity: 'hour',
    from: order.from,
    to: order.to,
    reader: {
      kind: 'provider',
      providerId: parseSubscriptionId(order.operatorSubscription)!,
      includeIndirect: true,
    },
    subscriptionId: undefined,
  })) {
    let text = '';
    for (const row of batch) text += toSummaryCsv(toSummaryRow('hour', row, names));
    rows += batch.length;
    if (!output.write(text)) await new Promise((resolve) => output.once('drain', resolve));
  }
  const seconds = (performance.now() - started) / 1000;
  output.end();
  await database.close();
  return { rows, seconds, peakRss: process.resourceUsage().maxRSS * 1024 };
}

process.on('message', (order: ExportOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.disconnect?.()));
});
