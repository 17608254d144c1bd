import {
  addTerm,
  changePricing,
  endTerm,
  listPeriods,
  listTerms,
  nextHour,
  readBasis,
  readHour,
  toWirePeriod,
  toWirePricing,
  toWireTerm,
  type BillingAccount,
  type StoredTerm,
} from '../commerce/accounts/index.ts';
import { parseTerm, termToWire } from '../commerce/pricing/index.ts';
import { followPriceChanges, ratedUpTo } from '../commerce/rating/index.ts';
import { hourStart, type HourNumber } from '../kernel/index.ts';
import { invalidProperty, type Fields } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { createProgress } from './progress.ts';

/** The account that the first operand names. */
async function accountOf(open: OpenStamp, values: Arguments): Promise<BillingAccount> {
  return requireAccount(await readAccounts(open), values.operand(0));
}

/** `account price` */
export async function price(context: Context, values: Arguments): Promise<void> {
  const basis = readBasis({
    priceListId: values.optional('priceList'),
    markupPercent: values.optional('markup'),
  });
  const from = hourOf(values, 'effectiveFrom', '--effective-from');
  const correctPast = values.flag('correctPast');
  const { account, pricing } = await withStamp(context, async (open) => {
    const { database, clock } = open;
    const known = await accountOf(open, values);
    const changing = { clock, actor: commandLineActor() };
    const progress = createProgress(context.output, clock);
    const follow = async (): Promise<void> => {
      const onProgress = (done: number, all: number): void =>
        progress.update(done / all, 'rated accounts anew');
      await followPriceChanges({ database, clock }, changing, { onProgress });
      progress.end();
    };
    const change = {
      accountId: known.accountId,
      basis,
      effectiveFrom: from ?? nextHour(clock),
      correctPast,
    };
    const room = { database, ratedUpTo, followPriceChanges: follow };
    return { account: known, pricing: await changePricing(room, change, changing) };
  });
  const what =
    pricing.priceListId === undefined
      ? `at what its seller pays and ${pricing.markupPercent.toText()} percent on top`
      : `by the price list ${pricing.priceListId}`;
  const text = context.json
    ? toJson(toWirePricing(pricing))
    : `${account.name} buys ${what} from ${hourStart(pricing.effectiveFrom).toString()} on.\n`;
  await write(context.output.out, text);
}

function hourOf(values: Arguments, name: string, parameter: string): HourNumber | undefined {
  const text = values.optional(name);
  return text === undefined ? undefined : readHour(parameter, text);
}

/** `account periods` */
export async function periods(context: Context, values: Arguments): Promise<void> {
  const all = await withStamp(context, async (open) => {
    const { accountId } = await accountOf(open, values);
    return listPeriods(open.database.pool, accountId);
  });
  const text = context.json
    ? toJson(all.map(toWirePeriod))
    : toTable(
        ['PERIOD', 'FROM', 'TO', 'STATE', 'HELD'],
        all.map((one) => [
          one.name,
          hourStart(one.fromHour).toString(),
          hourStart(one.toHour).toString(),
          one.state,
          one.held ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `account term-list` */
export async function termList(context: Context, values: Arguments): Promise<void> {
  const terms = await withStamp(context, async (open) => {
    const { accountId } = await accountOf(open, values);
    return listTerms(open.database.pool, accountId);
  });
  await tell(context, terms);
}

/** `account term-add` */
export async function termAdd(context: Context, values: Arguments): Promise<void> {
  const definition = parseTerm(definitionOf(values));
  const from = hourOf(values, 'from', '--from');
  const to = hourOf(values, 'to', '--to');
  const name = values.required('name');
  const added = await withStamp(context, async (open) => {
    const { accountId } = await accountOf(open, values);
    const { database, clock } = open;
    const wanted = { name, definition, effectiveFrom: from ?? nextHour(clock), effectiveTo: to };
    const changing = { clock, actor: commandLineActor() };
    return database.transaction((tx) => addTerm(tx, accountId, wanted, changing));
  });
  await tell(context, [added]);
}

const KINDS = {
  fee: ['fee', 'amount'],
  discount: ['discount', 'percent'],
  discountAmount: ['discount', 'amount'],
  free: ['discount', 'quantity'],
  credit: ['credit', 'amount'],
  commitment: ['commitment', 'amount'],
} as const;

/** A term in the words of the interface. @throws InvalidProperty unless there is exactly one */
function definitionOf(values: Arguments): Fields {
  const given = Object.entries(KINDS).filter(([name]) => values.optional(name) !== undefined);
  const [only, ...others] = given;
  if (only === undefined || others.length > 0) {
    const rule =
      'give one of --fee, --discount, --discount-amount, --free, --credit and --commitment';
    throw invalidProperty('term', given.map(([name]) => name).join(', '), rule);
  }
  const [option, [kind, figure]] = only;
  const meters = values.list('meter');
  return {
    kind,
    [figure]: values.required(option),
    ...(option === 'free' ? { meterId: meters?.[0] } : meters && { meterIds: meters }),
    ...(values.flag('eachSubscription') && { per: 'subscription' }),
    ...(values.flag('once') && { recurrence: 'once' }),
    ...(values.flag('notProrated') && { prorated: false }),
  };
}

/** `account term-end` */
export async function termEnd(context: Context, values: Arguments): Promise<void> {
  const at = hourOf(values, 'at', '--at');
  const ended = await withStamp(context, async (open) => {
    const { accountId } = await accountOf(open, values);
    const changing = { clock: open.clock, actor: commandLineActor() };
    return open.database.transaction((tx) =>
      endTerm(tx, accountId, values.operand(1), at, changing),
    );
  });
  await tell(context, [ended]);
}

async function tell(context: Context, terms: readonly StoredTerm[]): Promise<void> {
  const text = context.json
    ? toJson(terms.map(toWireTerm))
    : toTable(
        ['TERM', 'NAME', 'WHAT', 'FROM', 'TO'],
        terms.map((one) => [
          one.termId,
          one.name,
          JSON.stringify(termToWire(one.definition)),
          hourStart(one.effectiveFrom).toString(),
          one.effectiveTo === undefined ? '' : hourStart(one.effectiveTo).toString(),
        ]),
      );
  await write(context.output.out, text);
}
