import { writeFile } from 'node:fs/promises';
import {
  documentKinds,
  findInvoice,
  fullInvoice,
  linesOfInvoice,
  listInvoices,
  parseLocalDay,
  previewInvoice,
  readDocument,
  toWireDraft,
  toWireInvoice,
  toWireLine,
  toWireTaxes,
  type InvoiceKind,
  type KeptInvoice,
} from '../commerce/invoicing/index.ts';
import type { AccountId } from '../commerce/accounts/index.ts';
import { fail } from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context, type OpenStamp } from './context.ts';
import { requirePeriod } from './invoice-period.ts';
import { draftText, invoiceTable, lineTable, sumText, told } from './invoice-text.ts';
import { toJson, write } from './output.ts';

const MOST_LISTED = 1000;

/** `invoice list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const invoices = await withStamp(context, async (open) =>
    listInvoices(open.database.pool, {
      accountId: await givenAccount(open, values),
      kind: readKind(values.optional('kind')),
      periodName: values.optional('period'),
      isOpen: values.flag('open') ? true : undefined,
      from: readDay(values, 'from'),
      to: readDay(values, 'to'),
      limit: MOST_LISTED,
    }),
  );
  const text = context.json ? toJson(invoices.map(toWireInvoice)) : invoiceTable(invoices);
  await write(context.output.out, text);
}

/** The account that --account names; undefined when none was named. */
export async function givenAccount(
  open: OpenStamp,
  values: Arguments,
): Promise<AccountId | undefined> {
  const text = values.optional('account');
  return text === undefined ? undefined : requireAccount(await readAccounts(open), text).accountId;
}

function readKind(text: string | undefined): InvoiceKind | undefined {
  return (['invoice', 'credit-note', 'debit-note'] as const).find((kind) => kind === text);
}

/** A day that an option names. @throws InvalidProperty */
export function readDay(values: Arguments, name: string): string | undefined {
  const text = values.optional(name);
  if (text === undefined) return undefined;
  return parseArgument(`--${name}`, text, parseLocalDay, 'it is a day such as 2026-11-03');
}

/** @throws InvoiceNotFound */
async function requireInvoice(db: Queryable, number: string): Promise<KeptInvoice> {
  const invoice = await findInvoice(db, number);
  if (invoice === undefined) throw fail('InvoiceNotFound', { number });
  return invoice;
}

/** `invoice show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const invoice = await withStamp(context, async ({ database }) =>
    fullInvoice(database.pool, await requireInvoice(database.pool, values.operand(0))),
  );
  if (context.json) {
    const wire = { ...toWireInvoice(invoice), taxes: toWireTaxes(invoice) };
    await write(context.output.out, toJson({ ...wire, lines: invoice.lines.map(toWireLine) }));
    return;
  }
  const { parties, currency } = invoice;
  const head = told([
    ['Number', `${invoice.number} (${invoice.kind})`],
    ['Seller', parties.seller.name],
    ['Buyer', parties.buyer.name],
    ['Period', `${parties.period.start} to ${parties.period.end}`],
    ['Issued', invoice.issueDate],
    ['Due', invoice.dueDate],
    ['Corrects', invoice.correctsNumber],
    ['Reason', invoice.reason],
  ]);
  const table = lineTable(invoice.lines, currency, parties.customers);
  await write(context.output.out, `${head}\n${table}\n${sumText(invoice)}`);
}

/** `invoice lines` */
export async function lines(context: Context, values: Arguments): Promise<void> {
  const { invoice, found } = await withStamp(context, async ({ database: { pool } }) => {
    const one = await requireInvoice(pool, values.operand(0));
    return { invoice: one, found: await linesOfInvoice(pool, one.invoiceId) };
  });
  const text = context.json
    ? toJson(found.map(toWireLine))
    : lineTable(found, invoice.currency, invoice.parties.customers);
  await write(context.output.out, text);
}

/** `invoice draft` */
export async function draft(context: Context, values: Arguments): Promise<void> {
  const drafted = await withStamp(context, async (open) =>
    previewInvoice(open, await requirePeriod(open, values)),
  );
  const text = context.json ? toJson(toWireDraft(drafted)) : draftText(drafted);
  await write(context.output.out, text);
}

/** `invoice document` */
export async function document(context: Context, values: Arguments): Promise<void> {
  const kind = documentKinds.find((one) => one === values.required('kind')) ?? 'pdf';
  const { number, found } = await withStamp(context, async ({ database: { pool } }) => {
    const invoice = await requireInvoice(pool, values.operand(0));
    return { number: invoice.number, found: await readDocument(pool, invoice.invoiceId, kind) };
  });
  if (found === undefined) throw fail('InvoiceDocumentNotReady', { kind, number, reason: '' });
  const file = values.optional('output') ?? found.fileName;
  try {
    await writeFile(file, found.content);
  } catch (cause) {
    const rule = `the file cannot be written (${cause instanceof Error ? cause.message : String(cause)})`;
    throw fail('InvalidProperty', { parameter: '--output', value: file, rule }, { cause });
  }
  const wire = { number, kind, output: file, bytes: found.content.length };
  const words = `The ${kind} of ${number} is in ${file}.\n`;
  await write(context.output.out, context.json ? toJson(wire) : words);
}
