import {
  explainInvoiceLine,
  readExplainedDay,
  toWireExplanation,
} from '../commerce/invoicing/index.ts';
import { ownRecords } from '../server/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { explanationText } from './invoice-explain-text.ts';
import { toJson, write } from './output.ts';

/** `invoice explain`: where a line comes from, as a tree from its amount down to records. */
export async function explain(context: Context, values: Arguments): Promise<void> {
  const rule = 'it is the number of a line, from 1';
  const line = parseArgument('--line', values.required('line'), readLine, rule);
  const day = values.optional('day');
  const asked = {
    number: values.operand(0),
    line,
    resource: values.optional('resource'),
    usageDay: day === undefined ? undefined : readExplainedDay('--day', day),
  };
  const explained = await withStamp(context, ({ database }) =>
    explainInvoiceLine(database.pool, asked, { recordsOf: ownRecords(database) }),
  );
  const text = context.json ? toJson(toWireExplanation(explained)) : explanationText(explained);
  await write(context.output.out, text);
}

function readLine(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
