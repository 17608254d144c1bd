import {
  listExchangeRates,
  parseDay,
  setExchangeRate,
  toWireExchangeRate,
} from '../commerce/pricing/index.ts';
import { followPriceChanges } from '../commerce/rating/index.ts';
import { dayOf, Decimal, fail, parseCurrency, type Currency } from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { createProgress } from './progress.ts';

/** `exchange-rate list` */
export async function list(context: Context): Promise<void> {
  const rates = await withStamp(context, ({ database }) => listExchangeRates(database.pool));
  const wire = rates.map(toWireExchangeRate);
  const text = context.json
    ? toJson(wire)
    : toTable(
        ['FROM', 'TO', 'DAY', 'VERSION', 'RATE', 'SOURCE'],
        wire.map((one) => [one.from, one.to, one.day, String(one.version), one.rate, one.source]),
      );
  await write(context.output.out, text);
}

/** `exchange-rate set` */
export async function set(context: Context, values: Arguments): Promise<void> {
  const day = values.optional('day');
  const wanted = {
    from: readCurrency(values.required('from')),
    to: readCurrency(values.required('to')),
    rate: parseArgument(
      '--rate',
      values.required('rate'),
      (text) => Decimal.parse(text),
      'it is a decimal',
    ),
    day:
      day === undefined
        ? dayOf(context.clock.now())
        : parseArgument('--day', day, parseDay, 'it is a day such as 2026-11-01'),
    source: values.required('source'),
    correctPast: values.flag('correctPast'),
  };
  const made = await withStamp(context, async ({ database, clock }) => {
    const changing = { clock, actor: commandLineActor() };
    const entry = await database.transaction((tx) => setExchangeRate(tx, wanted, changing));
    const progress = createProgress(context.output, clock);
    const onProgress = (done: number, all: number): void =>
      progress.update(done / all, 'rated accounts anew');
    await followPriceChanges({ database, clock }, changing, { onProgress });
    progress.end();
    return entry;
  });
  const wire = toWireExchangeRate(made);
  const text = context.json
    ? toJson(wire)
    : `From ${wire.day} on 1 ${wire.from} is ${wire.rate} ${wire.to}.\n`;
  await write(context.output.out, text);
}

function readCurrency(text: string): Currency {
  const currency = parseCurrency(text);
  if (currency === undefined) throw fail('CurrencyUnknown', { currency: text });
  return currency;
}
