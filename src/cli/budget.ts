import {
  budgetNotFound,
  findBudget,
  listBudgets,
  listFirings,
  MOST_BUDGETS,
  putBudget,
  readBudgetChange,
  readStatus,
  removeBudget,
  toWireBudget,
  toWireFiring,
  type Budget,
  type BudgetStatus,
} from '../commerce/budgets/index.ts';
import type { BillingAccount } from '../commerce/accounts/index.ts';
import { hourStart } from '../kernel/index.ts';
import { invalidProperty, type Fields } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { toJson, toTable, write } from './output.ts';

const MOST_LISTED = 10 * MOST_BUDGETS;
const MOST_FIRINGS = 100;

async function accountOf(open: OpenStamp, values: Arguments): Promise<BillingAccount> {
  return requireAccount(await readAccounts(open), values.optional('account') ?? 'provider');
}

/** `budget list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const who = values.optional('account');
  const all = await withStamp(context, async (open) => {
    const accounts = await readAccounts(open);
    const accountId = who === undefined ? undefined : requireAccount(accounts, who).accountId;
    const found = await listBudgets(open.database.pool, { accountId, limit: MOST_LISTED });
    return found.map((one) => ({
      ...one,
      account: requireAccount(accounts, one.budget.accountId),
    }));
  });
  const text = context.json
    ? toJson(all.map(({ budget, account, status: last }) => toWireBudget(budget, account, last)))
    : toTable(
        [
          'ACCOUNT',
          'BUDGET',
          'GRAIN',
          'VIEW',
          'AMOUNT',
          'CURRENCY',
          'SPENT',
          'FORECAST',
          'PROBLEM',
        ],
        all.map(({ budget, account, status: last }) => [
          account.name,
          budget.name,
          budget.grain,
          budget.view,
          budget.amount.toText(),
          account.currency,
          last?.figures?.spent.toText() ?? '',
          last?.figures?.forecast?.amount.toText() ?? '',
          last?.problem ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `budget add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const change = readBudgetChange(fieldsOf(values));
  const name = values.operand(0);
  const { budget, created, account } = await withStamp(context, async (open) => {
    const found = await accountOf(open, values);
    const changing = { clock: open.clock, actor: commandLineActor() };
    const put = await open.database.transaction((tx) =>
      putBudget(tx, found, name, change, changing),
    );
    return { ...put, account: found };
  });
  const what = created ? 'is there' : 'is as you said';
  const text = context.json
    ? toJson(toWireBudget(budget, account, undefined))
    : `The budget ${budget.name} of ${account.name} ${what}: ${budget.amount.toText()} ${account.currency}, ${budget.alerts.length} alerts.\n`;
  await write(context.output.out, text);
}

function fieldsOf(values: Arguments): Fields {
  return {
    amount: values.optional('amount'),
    grain: values.optional('grain'),
    view: values.optional('view'),
    filters: readFilters(values.list('filter')),
    alerts: readAlerts(values),
  };
}

function readFilters(given: readonly string[] | undefined): object | undefined {
  if (given === undefined) return undefined;
  const filters = new Map<string, string[]>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw invalidProperty('--filter', text, 'write it as NAME=VALUE');
    const name = text.slice(0, at);
    filters.set(name, [...(filters.get(name) ?? []), text.slice(at + 1)]);
  }
  return Object.fromEntries(filters);
}

/** `80%`, `1200`, `forecast:100%`. */
const ALERT = /^(?:(actual|forecast):)?([0-9.]+)(%?)$/;

function readAlerts(values: Arguments): object[] | undefined {
  const given = values.list('alert');
  const notify = { emails: values.list('email') ?? [], webhook: values.flag('webhook') };
  if (given === undefined) {
    if (notify.emails.length === 0 && !notify.webhook) return undefined;
    throw invalidProperty('--alert', '', 'say at which threshold somebody is told, such as 80%');
  }
  return given.map((text) => {
    const [all, of = 'actual', threshold = '', percent] = ALERT.exec(text) ?? [];
    if (all === undefined) {
      throw invalidProperty('--alert', text, 'write it as 80%, 1200 or forecast:100%');
    }
    return { of, unit: percent === '%' ? 'percent' : 'amount', threshold, notify };
  });
}

/** `budget remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const name = values.operand(0);
  const account = await withStamp(context, async (open) => {
    const found = await accountOf(open, values);
    const changing = { clock: open.clock, actor: commandLineActor() };
    await open.database.transaction((tx) => removeBudget(tx, found, name, changing));
    return found;
  });
  const text = context.json
    ? toJson({ accountId: account.accountId, name })
    : `The budget ${name} of ${account.name} is gone, and what it told.\n`;
  await write(context.output.out, text);
}

/** `budget status` */
export async function status(context: Context, values: Arguments): Promise<void> {
  const name = values.operand(0);
  const { budget, account, now, firings } = await withStamp(context, async (open) => {
    const found = await accountOf(open, values);
    const { pool } = open.database;
    const stored = await findBudget(pool, found.accountId, name);
    if (stored === undefined) throw budgetNotFound(name);
    return {
      budget: stored.budget,
      account: found,
      now: await readStatus(open, stored.budget, found),
      firings: await listFirings(pool, stored.budget.budgetId, MOST_FIRINGS),
    };
  });
  const wire = { ...toWireBudget(budget, account, now), history: firings.map(toWireFiring) };
  const table = toTable(
    ['WENT OUT', 'STRETCH FROM', 'OF', 'THRESHOLD', 'BUDGET', 'SPENT', 'FORECAST', 'MAILS'],
    firings.map((one) => [
      one.firedAt.toString(),
      hourStart(one.fromHour).toString(),
      one.of,
      `${one.threshold.toText()}${one.unit === 'percent' ? '%' : ''}`,
      one.amount.toText(),
      one.spent.toText(),
      one.forecast?.toText() ?? '',
      String(one.mails),
    ]),
  );
  const text = context.json ? toJson(wire) : `${tellStatus(budget, account, now)}\n${table}`;
  await write(context.output.out, text);
}

function tellStatus(budget: Budget, { name, currency }: BillingAccount, now: BudgetStatus): string {
  const { span, figures } = now;
  const lines: (readonly [string, string])[] = [
    ['budget', `${budget.name} of ${name}, ${budget.view}, ${budget.grain}`],
    ['amount', `${budget.amount.toText()} ${currency}`],
  ];
  if (span !== undefined) {
    lines.push(['from', hourStart(span.fromHour).toString()]);
    lines.push(['to', hourStart(span.toHour).toString()]);
  }
  if (figures !== undefined) {
    const { forecast } = figures;
    lines.push(['spent', figures.spent.toText()]);
    lines.push([
      'forecast',
      forecast === undefined
        ? 'none yet'
        : `${forecast.amount.toText()} (${forecast.low.toText()} to ${forecast.high.toText()})`,
    ]);
  }
  return lines.map(([label, value]) => `${`${label}:`.padEnd(10)}${value}\n`).join('');
}
