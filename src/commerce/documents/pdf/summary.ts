import { sumOf, type Decimal } from '../../../kernel/index.ts';
import type { InvoiceDocument, InvoiceDocumentLine } from '../invoice-document.ts';
import type { Formats } from './formats.ts';
import { ACCENT, LEADING, PAGE, QUIET, setRule, setText, type Style } from './paper.ts';
import { makeRoom, setHeader, setRow, type Column, type Flow } from './table.ts';
import { fillIn, type Texts } from './texts.ts';
import { wrap } from './wrap.ts';

export const HEADING: Style = { size: 11.5, bold: true, color: ACCENT };
const PLAIN: Style = { size: 8.5 };
const STRONG: Style = { size: 8.5, bold: true };
const SMALL: Style = { size: 7.5, color: QUIET };
const TOTALS = 330;

/** What each service costs, in the order in which the lines name them. The sums are those of the lines. */
export function sumServices(lines: readonly InvoiceDocumentLine[]): Map<string, Decimal> {
  const amounts = new Map<string, Decimal[]>();
  for (const { service, amount } of lines) {
    const known = amounts.get(service);
    if (known === undefined) amounts.set(service, [amount]);
    else known.push(amount);
  }
  return new Map([...amounts].map(([service, all]) => [service, sumOf(all)]));
}

/** Sums by service, taxes by rate, and what is to pay. */
export function setSummary(
  flow: Flow,
  document: InvoiceDocument,
  texts: Texts,
  formats: Formats,
): void {
  const { currency } = document;
  setHeading(flow, texts.summary);
  const services: Column[] = [
    { title: texts.service, x: PAGE.left, width: 380 },
    figure(fillIn(texts.amount, { currency }), 433, 120.28),
  ];
  setHeader(flow, services);
  for (const [service, amount] of sumServices(document.lines)) {
    setRow(flow, services, [
      { column: 0, text: service, style: PLAIN },
      { column: 1, text: formats.amount(amount), style: PLAIN },
    ]);
    setRule(flow.paper, flow.y);
  }
  setRow(
    flow,
    services,
    [
      { column: 0, text: texts.net, style: STRONG },
      { column: 1, text: formats.amount(document.net), style: STRONG },
    ],
    { padding: 4 },
  );
  flow.y += 12;
  setTaxes(flow, document, texts, formats);
  setTotals(flow, document, texts, formats);
}

function setTaxes(flow: Flow, document: InvoiceDocument, texts: Texts, formats: Formats): void {
  const { currency } = document;
  const columns: Column[] = [
    { title: texts.tax, x: PAGE.left, width: 240 },
    figure(texts.rate, 286, 50),
    figure(fillIn(texts.taxable, { currency }), 340, 108),
    figure(fillIn(texts.amount, { currency }), 453, 100.28),
  ];
  makeRoom(flow, 40);
  setHeader(flow, columns);
  for (const { category, rate, base, amount, reason } of document.taxes) {
    setRow(flow, columns, [
      { column: 0, text: texts.category[category], style: PLAIN },
      { column: 0, text: reason ?? '', style: SMALL },
      { column: 1, text: category === 'O' ? '\u2013' : formats.percent(rate), style: PLAIN },
      { column: 2, text: formats.amount(base), style: PLAIN },
      { column: 3, text: formats.amount(amount), style: PLAIN },
    ]);
    setRule(flow.paper, flow.y);
  }
  flow.y += 10;
}

function setTotals(flow: Flow, document: InvoiceDocument, texts: Texts, formats: Formats): void {
  const columns: Column[] = [
    { title: '', x: TOTALS, width: 95 },
    figure('', TOTALS + 95, PAGE.right - TOTALS - 95),
  ];
  const total = (label: string, amount: Decimal, style: Style): void => {
    setRow(flow, columns, [
      { column: 0, text: label, style },
      { column: 1, text: formats.money(amount), style },
    ]);
  };
  makeRoom(flow, 62);
  total(texts.net, document.net, PLAIN);
  total(texts.taxTotal, document.tax, PLAIN);
  setRule(flow.paper, flow.y + 1, ACCENT, TOTALS);
  flow.y += 2;
  total(texts.gross, document.gross, { size: 11, bold: true });
  flow.y += 14;
}

/** Until when and where to pay. A credit note says its terms only. */
export function setPayment(flow: Flow, document: InvoiceDocument, texts: Texts): void {
  const { payment, number, kind } = document;
  const width = PAGE.right - PAGE.left;
  const terms = wrap(flow.paper, payment.terms, PLAIN, { width, most: 12 });
  const isPaid = payment.iban !== undefined && kind !== 'credit-note';
  const facts: (readonly [string, string | undefined])[] = isPaid
    ? [
        [texts.iban, inFours(payment.iban)],
        [texts.bic, payment.bic],
        [texts.paymentReference, number],
      ]
    : [];
  if (terms.length === 0 && facts.length === 0) return;
  makeRoom(flow, 30 + (terms.length + facts.length) * PLAIN.size * LEADING);
  setHeading(flow, texts.payment);
  for (const text of terms) {
    setText(flow.paper, text, { x: PAGE.left, y: flow.y }, PLAIN);
    flow.y += PLAIN.size * LEADING;
  }
  flow.y += 4;
  for (const [label, value] of facts) {
    if (value === undefined) continue;
    setText(flow.paper, label, { x: PAGE.left, y: flow.y + 0.8 }, SMALL);
    setText(flow.paper, value, { x: PAGE.left + 64, y: flow.y }, PLAIN);
    flow.y += PLAIN.size * LEADING + 1;
  }
}

export function setHeading(flow: Flow, text: string): void {
  setText(flow.paper, text, { x: PAGE.left, y: flow.y }, HEADING);
  flow.y += HEADING.size * LEADING + 7;
}

function figure(title: string, x: number, width: number): Column {
  return { title, x, width, align: 'right' };
}

function inFours(iban: string): string {
  return iban.replaceAll(' ', '').replace(/(.{4})(?=.)/g, '$1 ');
}
