import { usageBucket } from '../kernel/index.ts';
import { PAGE_ROWS, streamRows, toWireRow, type UsageRow } from '../stamp/usage-api/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toTable, write } from './output.ts';
import { openReader, readUsageRange, type UsageRange } from './usage-range.ts';

/** `usage list`: rows as a table, or as the usage interfaces answer them. */
export async function list(context: Context, values: Arguments): Promise<void> {
  const range = readUsageRange(values, context.clock.now());
  const most = values.flag('all') ? Infinity : PAGE_ROWS;
  await withStamp(context, async (open) => {
    const reader = await openReader(open, range);
    const callerId = range.subscriptionId ?? open.stamp.defaultProviderSubscriptionId;
    const batches = streamRows(open.database, { ...range, reader });
    const printer = context.json ? jsonPrinter(range, callerId) : tablePrinter(range);
    await print(context, batches, most, printer);
  });
}

interface Printer {
  batch(rows: readonly UsageRow[], isFirst: boolean): string;
  end(isEmpty: boolean): string;
}

async function print(
  { output }: Context,
  batches: AsyncIterable<readonly UsageRow[]>,
  most: number,
  printer: Printer,
): Promise<void> {
  let printed = 0;
  for await (const batch of batches) {
    const rows = batch.slice(0, most - printed);
    await write(output.out, printer.batch(rows, printed === 0));
    printed += rows.length;
    if (rows.length < batch.length) {
      output.err.write(`stackmeter: only the first ${most} rows; --all lists the others too\n`);
      break;
    }
  }
  await write(output.out, printer.end(printed === 0));
}

function jsonPrinter(
  { granularity }: UsageRange,
  callerId: Parameters<typeof toWireRow>[2],
): Printer {
  const query = { granularity, showRecordId: false };
  return {
    batch: (rows, isFirst) =>
      `${isFirst ? '[\n' : ',\n'}${rows.map((row) => toWireRow(row, query, callerId)).join(',\n')}`,
    end: (isEmpty) => (isEmpty ? '[]\n' : '\n]\n'),
  };
}

/** Widths are those of the batch: the whole list may be too long to wait for. */
function tablePrinter({ granularity }: UsageRange): Printer {
  const headings = ['USAGE', 'SUBSCRIPTION', 'METER', 'QUANTITY', 'RESOURCE'];
  return {
    batch: (rows, isFirst) => {
      const table = toTable(
        headings,
        rows.map((row) => [
          usageBucket(granularity, row.usage).start,
          row.subscriptionId,
          row.meterId,
          row.quantity,
          row.resourceUri,
        ]),
      );
      return isFirst ? table : table.slice(table.indexOf('\n') + 1);
    },
    end: (isEmpty) => (isEmpty ? 'No usage was reported in this range.\n' : ''),
  };
}
