import { wholeMonth } from '../corrected-period.ts';
import type {
  CorrectedPeriod,
  InvoiceDocument,
  InvoiceDocumentLine,
  InvoiceResource,
} from '../invoice-document.ts';
import type { Formats } from './formats.ts';
import { LEADING, PAGE, QUIET, setBox, setRule, setText, TINT, type Style } from './paper.ts';
import { setHeading } from './summary.ts';
import { makeRoom, setHeader, setRow, type Cell, type Column, type Flow } from './table.ts';
import { fillIn, type Texts } from './texts.ts';
import { shorten } from './wrap.ts';

const PLAIN: Style = { size: 8.2 };
const SMALL: Style = { size: 7.2, color: QUIET };
const GROUP: Style = { size: 8.4, bold: true };
const DOT = ' \u00B7 ';
const columnAt = {
  position: 0,
  description: 1,
  quantity: 2,
  price: 3,
  rate: 4,
  amount: 5,
} as const;

/** Every line, under the service that it belongs to, and the resources below it. Begins a page. */
export function setLines(
  flow: Flow,
  document: InvoiceDocument,
  texts: Texts,
  formats: Formats,
): void {
  const columns = columnsOf(document, texts);
  makeRoom(flow, PAGE.height);
  setHeading(flow, texts.lines);
  setHeader(flow, columns);
  const customers = new Set(document.lines.map(({ customer }) => customer?.id));
  const words = { texts, formats, namesCustomers: customers.size > 1 };
  let service: string | undefined;
  for (const line of document.lines) {
    if (line.service !== service) {
      service = line.service;
      setGroup(flow, columns, service);
    }
    setLine(flow, columns, line, words);
  }
}

function columnsOf({ currency }: InvoiceDocument, texts: Texts): Column[] {
  return [
    { title: texts.position, x: PAGE.left, width: 24 },
    { title: texts.description, x: PAGE.left + 26, width: 222 },
    { title: texts.quantity, x: 294, width: 72, align: 'right' },
    { title: texts.unitPrice, x: 370, width: 72, align: 'right' },
    { title: texts.tax, x: 446, width: 34, align: 'right' },
    { title: fillIn(texts.amount, { currency }), x: 484, width: 69.28, align: 'right' },
  ];
}

/** The name of a service over its lines; not as the last thing on a page. */
function setGroup(flow: Flow, columns: readonly Column[], service: string): void {
  if (service === '') return;
  makeRoom(flow, 60, columns);
  const height = GROUP.size * LEADING + 6;
  setBox(flow.paper, { x: PAGE.left, y: flow.y, width: PAGE.right - PAGE.left, height }, TINT);
  const name = shorten(flow.paper, service, GROUP, PAGE.right - PAGE.left - 12);
  setText(flow.paper, name, { x: PAGE.left + 5, y: flow.y + 3 }, GROUP);
  flow.y += height;
}

function setLine(
  flow: Flow,
  columns: readonly Column[],
  line: InvoiceDocumentLine,
  words: Words,
): void {
  const { formats } = words;
  const cell = (column: number, text: string): Cell => ({ column, text, style: PLAIN });
  const { resources, unitPrice, taxCategory, taxRate } = line;
  const cells = [
    cell(columnAt.position, line.line.toString()),
    cell(columnAt.description, line.description),
    { column: columnAt.description, text: belowOf(line, words), style: SMALL },
    cell(columnAt.quantity, formats.quantity(line.quantity)),
    cell(columnAt.price, unitPrice === undefined ? '' : formats.price(unitPrice)),
    cell(columnAt.rate, taxCategory === 'O' ? '\u2013' : formats.percent(taxRate)),
    cell(columnAt.amount, formats.amount(line.amount)),
  ];
  setRow(flow, columns, cells, { extra: resources.length > 0 ? 14 : 0 });
  for (const resource of resources) setResource(flow, columns, resource, formats);
  if (resources.length > 0) flow.y += 2.5;
  setRule(flow.paper, flow.y);
}

/** How a line is worded. */
interface Words {
  readonly texts: Texts;
  readonly formats: Formats;
  /** Whether the invoice has usage of several customers. */
  readonly namesCustomers: boolean;
}

/** The small print under the description of a line: what tells it from others of the same meter. */
function belowOf(line: InvoiceDocumentLine, { texts, formats, namesCustomers }: Words): string {
  const { unit, correctsPeriod, customer, subscriptionId = '' } = line;
  const name = namesCustomers ? (customer?.name ?? '') : '';
  const corrected =
    correctsPeriod === undefined ? '' : correctionOf(correctsPeriod, texts, formats);
  return [unit, corrected, name, subscriptionId].filter((text) => text !== '').join(DOT);
}

/** Names the month where the period is a whole one, else its first and last day. */
function correctionOf(period: CorrectedPeriod, texts: Texts, formats: Formats): string {
  const month = wholeMonth(period);
  if (month !== undefined) return fillIn(texts.correction, { period: formats.month(month) });
  const [start, end] = [formats.day(period.start), formats.day(period.end)];
  return fillIn(texts.correctionOfDays, { start, end });
}

function setResource(
  flow: Flow,
  columns: readonly Column[],
  { name, resourceGroup, location, quantity, amount }: InvoiceResource,
  formats: Formats,
): void {
  const text = [name, resourceGroup, location].filter((one) => one !== '').join(DOT);
  const cells = [
    { column: columnAt.description, text, style: SMALL, indent: 8 },
    { column: columnAt.quantity, text: formats.quantity(quantity), style: SMALL },
    { column: columnAt.amount, text: formats.price(amount), style: SMALL },
  ];
  setRow(flow, columns, cells, { padding: 0.6 });
}
