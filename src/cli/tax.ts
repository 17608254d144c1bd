import {
  listTaxRates,
  parseDay,
  parseTaxCategory,
  setTaxRate,
  taxCategories,
  toWireTaxRate,
} from '../commerce/pricing/index.ts';
import { dayOf, Decimal } from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `tax list` */
export async function list(context: Context): Promise<void> {
  const rates = await withStamp(context, ({ database }) => listTaxRates(database.pool));
  const text = context.json
    ? toJson(rates.map(toWireTaxRate))
    : toTable(
        ['SELLER', 'BUYER', 'FOR', 'CATEGORY', 'PERCENT', 'FROM', 'REASON'],
        rates.map((rate) => [
          rate.sellerCountry,
          rate.buyerCountry,
          rate.businessOnly ? 'businesses' : 'all',
          rate.category,
          rate.percent.toText(),
          String(toWireTaxRate(rate)['from']),
          rate.reason ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `tax set` */
export async function set(context: Context, values: Arguments): Promise<void> {
  const from = values.optional('from');
  const wanted = {
    sellerCountry: values.required('seller'),
    buyerCountry: values.required('buyer'),
    businessOnly: values.flag('businessOnly'),
    category: parseArgument(
      '--category',
      values.required('category'),
      parseTaxCategory,
      `it is one of ${taxCategories.join(', ')}`,
    ),
    percent: parseArgument(
      '--percent',
      values.optional('percent') ?? '0',
      (text) => Decimal.parse(text),
      'it is a decimal',
    ),
    reason: values.optional('reason'),
    fromDay:
      from === undefined
        ? dayOf(context.clock.now())
        : parseArgument('--from', from, parseDay, 'it is a day such as 2026-11-01'),
  };
  const made = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => setTaxRate(tx, wanted, { clock, actor: commandLineActor() })),
  );
  const wire = toWireTaxRate(made);
  const text = context.json
    ? toJson(wire)
    : `From ${String(wire['from'])} on sales from ${made.sellerCountry} to ${made.buyerCountry} are taxed ${made.category} ${made.percent.toText()} %.\n`;
  await write(context.output.out, text);
}
