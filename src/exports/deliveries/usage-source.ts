import { dayNumber, dayOf as dayOfInstant, dayStart, fail } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import {
  findObstacle,
  readSummaryNames,
  streamRows,
  toSummaryRow,
  type Reader,
  type SummaryRow,
} from '../../stamp/usage-api/index.ts';
import { findRootSubscription } from './root-subscription.ts';
import type { TableColumn, TableRow } from '../formats/index.ts';
import type { ExportSource } from './source.ts';

/** The columns of the export script, in its order. */
const NAMES: readonly (keyof SummaryRow)[] = [
  'UsageStartTime',
  'UsageEndTime',
  'MeterName',
  'Quantity',
  'resourceType',
  'location',
  'resourceGroup',
  'resourceName',
  'subowner',
  'tags',
  'MeterId',
  'additionalInfo',
  'subscription',
  'resourceUri',
];
const COLUMNS: readonly TableColumn[] = NAMES.map((name) => ({
  name,
  type: name === 'Quantity' ? 'Decimal' : 'String',
}));

const HOURS_PER_DAY = 24;

/** What was used on the stamp, by reported day; a day is there once it is closed, and never changes. */
export const usageSource: ExportSource = {
  partitions: async ({ pool }, { granularity }) => {
    const { rows } = await pool.query<{ day: number }>(
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
  open: (_tx, database, { granularity }, { name }) =>
    Promise.resolve({
      focusVersion: undefined,
      generator: 'Stackmeter',
      tables: [
        {
          name: 'UsageSummary',
          columns: COLUMNS,
          isQuoted: true,
          rows: () => rowsOf(database, granularity === 'hourly' ? 'hour' : 'day', dayOf(name)),
        },
      ],
      summary: () => Promise.resolve({}),
    }),
};

function textOf(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}

function dayOf(name: string): number {
  return dayOfInstant(Temporal.Instant.from(`${name}T00:00Z`));
}

async function* rowsOf(
  database: Database,
  granularity: 'hour' | 'day',
  day: number,
): AsyncGenerator<TableRow> {
  const factor = granularity === 'hour' ? HOURS_PER_DAY : 1;
  const [from, to] = [day * factor, (day + 1) * factor];
  const obstacle = await findObstacle(database.pool, granularity, from, to);
  if (obstacle !== undefined) throw fail('ExportPeriodUnknown', { period: textOf(day) });
  const providerId = await findRootSubscription(database.pool);
  const reader: Reader = { kind: 'provider', providerId, includeIndirect: true };
  const names = await readSummaryNames(database);
  const request = { granularity, from, to, reader, subscriptionId: undefined };
  for await (const rows of streamRows(database, request)) {
    for (const row of rows) {
      const summary = toSummaryRow(granularity, row, names);
      yield NAMES.map((name) => summary[name]);
    }
  }
}
