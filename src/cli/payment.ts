import {
  listPayments,
  recordPayment,
  reversePayment,
  statementOf,
  toWirePayment,
  toWireStatement,
  type Payment,
} from '../commerce/invoicing/index.ts';
import { Decimal, fail, parseCurrency, type Currency } from '../kernel/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { parseArgument, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { givenAccount, readDay } from './invoice.ts';
import { moneyText, told } from './invoice-text.ts';
import { toJson, toTable, write } from './output.ts';

const MOST_LISTED = 1000;
/** Days of a statement when nobody says from when. */
const USUAL_DAYS = 90;

/** `payment list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const payments = await withStamp(context, async (open) =>
    listPayments(open.database.pool, {
      accountId: await givenAccount(open, values),
      limit: MOST_LISTED,
    }),
  );
  const text = context.json
    ? toJson(payments.map(toWirePayment))
    : toTable(
        ['PAYMENT', 'ACCOUNT', 'RECEIVED', 'CURRENCY', 'AMOUNT', 'REFERENCE', 'FOR'],
        payments.map((one) => [
          one.paymentId,
          one.accountId,
          one.receivedOn,
          one.currency,
          moneyText(one.amount, one.currency),
          one.reference,
          one.allocations.map(({ number }) => number).join(' '),
        ]),
      );
  await write(context.output.out, text);
}

/** `payment add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const amount = readAmount('--amount', values.required('amount'));
  const currency = values.optional('currency');
  const wanted = {
    amount,
    currency: currency === undefined ? undefined : readCurrency(currency),
    reference: readText('--reference', values.required('reference')),
    allocations: values.list('invoice')?.map(readAllocation),
  };
  const payment = await withStamp(context, async (open) => {
    const { accountId, timeZone } = requireAccount(await readAccounts(open), values.operand(0));
    const today = open.clock.now().toZonedDateTimeISO(timeZone).toPlainDate().toString();
    const receivedOn = readDay(values, 'received') ?? today;
    const changing = { clock: open.clock, actor: commandLineActor() };
    return recordPayment(open, { ...wanted, accountId, receivedOn }, changing);
  });
  await tell(context, payment);
}

function readAmount(parameter: string, text: string): Decimal {
  return parseArgument(parameter, text, (one) => Decimal.parse(one), 'it is a decimal');
}

function readCurrency(text: string): Currency {
  const currency = parseCurrency(text);
  if (currency === undefined) throw fail('CurrencyUnknown', { currency: text });
  return currency;
}

/** NUMBER, or NUMBER=AMOUNT. */
function readAllocation(text: string): { readonly number: string; readonly amount?: Decimal } {
  const [number = '', amount] = text.split('=');
  return amount === undefined ? { number } : { number, amount: readAmount('--invoice', amount) };
}

/** `payment reverse` */
export async function reverse(context: Context, values: Arguments): Promise<void> {
  const payment = await withStamp(context, async (open) => {
    const today = open.clock.now().toZonedDateTimeISO('UTC').toPlainDate().toString();
    const receivedOn = readDay(values, 'received') ?? today;
    const changing = { clock: open.clock, actor: commandLineActor() };
    return reversePayment(open, { paymentId: values.operand(0), receivedOn }, changing);
  });
  await tell(context, payment);
}

async function tell(context: Context, payment: Payment): Promise<void> {
  const { paymentId, amount, currency, allocations } = payment;
  const parts = allocations.map((one) => `${moneyText(one.amount, currency)} for ${one.number}`);
  const left = allocations.reduce((rest, one) => rest.subtract(one.amount), amount);
  if (!left.isZero()) parts.push(`${moneyText(left, currency)} to the good of the account`);
  const words = `Payment ${paymentId} over ${moneyText(amount, currency)} ${currency} is booked: ${parts.join(', ')}.\n`;
  await write(context.output.out, context.json ? toJson(toWirePayment(payment)) : words);
}

/** `payment statement` */
export async function statement(context: Context, values: Arguments): Promise<void> {
  const made = await withStamp(context, async (open) => {
    const { accountId, timeZone } = requireAccount(await readAccounts(open), values.operand(0));
    const today = open.clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
    const to = readDay(values, 'to') ?? today.add({ days: 1 }).toString();
    const from =
      readDay(values, 'from') ??
      Temporal.PlainDate.from(to).subtract({ days: USUAL_DAYS }).toString();
    return statementOf(open.database.pool, accountId, from, to);
  });
  if (context.json) {
    await write(context.output.out, toJson(toWireStatement(made)));
    return;
  }
  const { currency, opening, items, closing, open } = made;
  const money = (amount: Decimal): string => moneyText(amount, currency);
  const rows = [
    [made.from, '', 'opening balance', '', money(opening)],
    ...items.map((one) => [
      one.day,
      one.kind,
      one.reference,
      money(one.amount),
      money(one.balance),
    ]),
  ];
  const table = toTable(['DAY', 'KIND', 'REFERENCE', `AMOUNT ${currency}`, 'BALANCE'], rows);
  const toPay = open.map(
    ({ number, open: left, dueDate }) => `${money(left)} of ${number} by ${dueDate}`,
  );
  const foot = told([
    ['Closing', `${money(closing)} ${currency}`],
    ['To pay', toPay.length === 0 ? 'nothing' : toPay.join(', ')],
  ]);
  await write(context.output.out, `${table}\n${foot}`);
}
