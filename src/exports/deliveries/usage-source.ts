import { dayNumber, dayOf as dayOfInstant, dayStart, Decimal, fail } from '../../kernel/index.ts';
import { decimalOf, type Tx } from '../../platform/index.ts';
import {
  findObstacle,
  readSummaryNames,
  readPages,
  SUMMARY_COLUMNS,
  toSummaryRow,
  type Reader,
} from '../../stamp/usage-api/index.ts';
import { findRootSubscription } from './root-subscription.ts';
import type { TableColumn, TableRow } from '../formats/index.ts';
import type { ExportSource } from './source.ts';

const COLUMNS: readonly TableColumn[] = SUMMARY_COLUMNS.map((name) => ({
  name,
  type: name === 'Quantity' ? 'Decimal' : 'String',
}));

const HOURS_PER_DAY = 24;

/** What was used on the stamp, by reported day; a day is there once it is closed, and never changes. */
export const usageSource: ExportSource = {
  partitions: async (db, { granularity }) => {
    const { rows } = await db.query<{ day: number }>(
      `select d.number as day from reported_window d
       where d.granularity = 'day' and d.state = 'closed' and d.expired_at is null
         and ($1 = 'daily' or not exists (
           select from reported_window h where h.granularity = 'hour'
             and h.number between d.number * ${HOURS_PER_DAY} and d.number * ${HOURS_PER_DAY} + ${HOURS_PER_DAY - 1}
             and (h.state <> 'closed' or h.expired_at is not null)))
       order by d.number`,
      [granularity],
    );
    return rows.map(({ day }) => ({ name: textOf(day), isClosed: true, mark: 'closed' }));
  },
  open: (tx, { granularity }, { name }) => {
    const windows = windowsOf(granularity === 'hourly' ? 'hour' : 'day', dayOf(name));
    const found = { rows: 0, quantity: Decimal.zero };
    return Promise.resolve({
      focusVersion: undefined,
      generator: 'Stackmeter',
      tables: [
        {
          name: 'UsageSummary',
          columns: COLUMNS,
          isQuoted: true,
          rows: () => rowsOf(tx, windows, name, found),
        },
      ],
      summary: async () => {
        await requireAll(tx, windows, found);
        return { totals: { rows: found.rows, quantity: found.quantity.toText() } };
      },
    });
  },
};

/** Closed windows of a day, half open. */
interface Windows {
  readonly granularity: 'hour' | 'day';
  readonly from: number;
  readonly to: number;
}

/** What has been read. */
interface Found {
  rows: number;
  quantity: Decimal;
}

function windowsOf(granularity: Windows['granularity'], day: number): Windows {
  const factor = granularity === 'hour' ? HOURS_PER_DAY : 1;
  return { granularity, from: day * factor, to: (day + 1) * factor };
}

function textOf(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}

function dayOf(name: string): number {
  return dayOfInstant(Temporal.Instant.from(`${name}T00:00Z`));
}

async function* rowsOf(
  tx: Tx,
  windows: Windows,
  name: string,
  found: Found,
): AsyncGenerator<TableRow> {
  const { granularity, from, to } = windows;
  const obstacle = await findObstacle(tx, granularity, from, to);
  if (obstacle !== undefined) throw fail('ExportPeriodUnknown', { period: name });
  const providerId = await findRootSubscription(tx);
  const reader: Reader = { kind: 'provider', providerId, includeIndirect: true };
  const names = await readSummaryNames(tx);
  const request = { granularity, from, to, reader, subscriptionId: undefined };
  Object.assign(found, { rows: 0, quantity: Decimal.zero });
  for await (const rows of readPages(tx, request)) {
    for (const row of rows) {
      found.rows += 1;
      found.quantity = found.quantity.add(decimalOf(row.quantity));
      const summary = toSummaryRow(granularity, row, names);
      yield SUMMARY_COLUMNS.map((column) => summary[column]);
    }
  }
}

/** What was read is what was noted when the windows were closed. @throws ExportRowsDiffer */
async function requireAll(tx: Tx, { granularity, from, to }: Windows, found: Found): Promise<void> {
  const { rows } = await tx.query<{ rows: string; quantity: string }>(
    `select coalesce(sum(rows), 0)::text as rows, coalesce(sum(quantity), 0)::text as quantity
     from reported_window where granularity = $1 and number >= $2 and number < $3`,
    [granularity, from, to],
  );
  const [noted] = rows;
  const wanted = `${noted?.rows ?? ''} rows of ${decimalOf(noted?.quantity ?? '0').toText()}`;
  const told = `${found.rows} rows of ${found.quantity.toText()}`;
  if (told !== wanted) {
    throw fail('ExportRowsDiffer', { what: 'the usage of the stamp', found: told, wanted });
  }
}
