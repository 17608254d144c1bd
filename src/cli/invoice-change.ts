import { toWirePeriod, type BillingPeriod } from '../commerce/accounts/index.ts';
import {
  issueInvoice,
  keptInvoice,
  setHold,
  toWireInvoice,
  voidInvoice,
  type KeptInvoice,
} from '../commerce/invoicing/index.ts';
import type { Arguments } from './arguments.ts';
import { readText } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { requirePeriod } from './invoice-period.ts';
import { moneyText } from './invoice-text.ts';
import { toJson, write } from './output.ts';

/** `invoice issue` */
export async function issue(context: Context, values: Arguments): Promise<void> {
  const issued = await withStamp(context, async (open) => {
    const changing = { clock: open.clock, actor: commandLineActor() };
    const period = await requirePeriod(open, values);
    const invoice = await issueInvoice(open, period, changing, { early: true });
    return invoice && keptInvoice(open.database.pool, invoice);
  });
  if (issued === undefined) {
    const text = context.json ? toJson({ invoice: null }) : 'There was nothing to invoice.\n';
    await write(context.output.out, text);
    return;
  }
  await tell(context, issued, 'is issued');
}

/** `invoice void` */
export async function cancel(context: Context, values: Arguments): Promise<void> {
  const reason = readText('--reason', values.required('reason'));
  const note = await withStamp(context, async (open) => {
    const changing = { clock: open.clock, actor: commandLineActor() };
    const issued = await voidInvoice(open, values.operand(0), reason, changing);
    return keptInvoice(open.database.pool, issued);
  });
  await tell(context, note, `takes ${note.correctsNumber ?? ''} back`);
}

async function tell(context: Context, invoice: KeptInvoice, done: string): Promise<void> {
  const { number, gross, currency } = invoice;
  const words = `${number} over ${moneyText(gross, currency)} ${currency} ${done}.\n`;
  await write(
    context.output.out,
    context.json ? toJson({ invoice: toWireInvoice(invoice) }) : words,
  );
}

/** `invoice hold` */
export async function hold(context: Context, values: Arguments): Promise<void> {
  await setHeld(context, values, readText('--reason', values.required('reason')));
}

/** `invoice release` */
export async function release(context: Context, values: Arguments): Promise<void> {
  await setHeld(context, values, undefined);
}

async function setHeld(
  context: Context,
  values: Arguments,
  reason: string | undefined,
): Promise<void> {
  const period: BillingPeriod = await withStamp(context, async (open) => {
    const changing = { clock: open.clock, actor: commandLineActor() };
    return setHold(open, await requirePeriod(open, values), reason, changing);
  });
  const words =
    reason === undefined
      ? `The period ${period.name} is invoiced by itself again.\n`
      : `The period ${period.name} is not invoiced until it is released.\n`;
  await write(context.output.out, context.json ? toJson(toWirePeriod(period)) : words);
}
