import { parseAccountId, findPeriod, type AccountId } from '../commerce/accounts/index.ts';
import {
  listCharges,
  periodNames,
  rateAcceptedUsage,
  ratedUpTo,
  ratingBacklog,
  toWireCharge,
  unpricedMeters,
  type Charge,
  type RatingBacklog,
  type UnpricedMeter,
} from '../commerce/rating/index.ts';
import { hourStart } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { createProgress } from './progress.ts';

/** `rating run` */
export async function run(context: Context): Promise<void> {
  const progress = createProgress(context.output, context.clock);
  const report = await withStamp(context, async ({ database, clock }) => {
    const { rows: all } = await ratingBacklog(database.pool);
    return rateAcceptedUsage(
      { database, clock },
      {
        onProgress: ({ windows, rows }) =>
          progress.update(all === 0 ? undefined : rows / all, `rated ${windows} windows`),
      },
    );
  });
  progress.end();
  const { windows, rows, runs } = report;
  const text = context.json
    ? toJson(report)
    : `Rated ${rows} rows of ${windows} windows; ${runs} runs changed something.\n`;
  await write(context.output.out, text);
}

/** `rating status` */
export async function status(context: Context): Promise<void> {
  const found = await withStamp(context, async ({ database: { pool } }) => {
    const unpriced = await unpricedMeters(pool);
    const names = await periodNames(
      pool,
      unpriced.map(({ period }) => period),
    );
    const upTo = await ratedUpTo(pool);
    return { backlog: await ratingBacklog(pool), upTo, unpriced, names };
  });
  const upTo = found.upTo === undefined ? null : hourStart(found.upTo).toString();
  const lines = found.unpriced.map((one) => toWireUnpriced(one, found.names));
  const text = context.json
    ? toJson({ ratedUpTo: upTo, ...toWireBacklog(found.backlog), unpriced: lines })
    : tellStatus(upTo, found.backlog, lines);
  await write(context.output.out, text);
}

function toWireBacklog({ windows, rows, earliest }: RatingBacklog): object {
  return {
    windowsWaiting: windows,
    rowsWaiting: rows,
    earliestWaiting: earliest === undefined ? null : hourStart(earliest).toString(),
  };
}

interface WireUnpriced {
  readonly accountId: AccountId;
  readonly period: string;
  readonly meterId: string;
  readonly meterName: string;
  readonly quantity: string;
  readonly problem: string;
}

function toWireUnpriced(one: UnpricedMeter, names: ReadonlyMap<number, string>): WireUnpriced {
  return {
    accountId: one.accountId,
    period: names.get(one.period) ?? '',
    meterId: one.meterId,
    meterName: one.meterName,
    quantity: one.quantity.toText(),
    problem: one.problem ?? `not in the price list ${one.priceListId ?? ''}`,
  };
}

function tellStatus(
  upTo: string | null,
  { windows, rows }: RatingBacklog,
  unpriced: readonly WireUnpriced[],
): string {
  const rated = upTo === null ? 'Nothing has been rated.' : `Usage has been rated up to ${upTo}.`;
  const waiting = windows === 0 ? '' : ` ${windows} windows with ${rows} rows wait.`;
  if (unpriced.length === 0) return `${rated}${waiting} All of it has a price.\n`;
  const table = toTable(
    ['ACCOUNT', 'PERIOD', 'METER', 'NAME', 'QUANTITY', 'WHY'],
    unpriced.map((one) => [
      one.accountId,
      one.period,
      one.meterId,
      one.meterName,
      one.quantity,
      one.problem,
    ]),
  );
  return `${rated}${waiting} Without a price:\n${table}`;
}

const PAGE = 1000;

/** `rating charges` */
export async function charges(context: Context, values: Arguments): Promise<void> {
  const accountId = readAccountId(values.required('account'));
  const { out } = context.output;
  const found = await withStamp(context, async ({ database }) => {
    const all = await readCharges(database, accountId, values.optional('period'));
    const names = await periodNames(
      database.pool,
      all.map(({ period }) => period),
    );
    return all.map((charge) => ({ charge, name: names.get(charge.period) ?? '' }));
  });
  const text = context.json
    ? toJson(found.map(({ charge, name }) => toWireCharge(charge, name)))
    : toTable(
        ['CHARGE', 'PERIOD', 'SUBSCRIPTION', 'METER', 'QUANTITY', 'UNIT', 'AMOUNT', 'INVOICED'],
        found.map(({ charge, name }) => [
          charge.charge.toString(),
          name,
          charge.subscriptionId,
          charge.meterName,
          charge.quantity.toText(),
          charge.unit,
          charge.amount?.toText() ?? 'no price',
          charge.invoicedAmount.toText(),
        ]),
      );
  await write(out, text);
}

async function readCharges(
  { pool }: Database,
  accountId: AccountId,
  name: string | undefined,
): Promise<Charge[]> {
  const period = name === undefined ? undefined : await findPeriod(pool, accountId, name);
  if (name !== undefined && period === undefined) return [];
  const all: Charge[] = [];
  for (;;) {
    const after = all.at(-1)?.charge;
    const page = { accountId, period: period?.period, after, limit: PAGE };
    const found = await listCharges(pool, page);
    all.push(...found);
    if (found.length < PAGE) return all;
  }
}

/** The id of a billing account. @throws InvalidProperty */
export function readAccountId(text: string): AccountId {
  return parseArgument('--account', text, parseAccountId, 'it has to be a GUID');
}
