import type { InvoiceDocument, InvoiceParty } from '../invoice-document.ts';
import type { Formats } from './formats.ts';
import {
  ACCENT,
  LEADING,
  PAGE,
  QUIET,
  setBox,
  setRule,
  setText,
  TINT,
  type Style,
} from './paper.ts';
import type { Flow } from './table.ts';
import { fillIn, type Texts } from './texts.ts';
import { fitted, shorten, wrap } from './wrap.ts';

const LOGO = { width: 170, height: 48 } as const;
const TITLE: Style = { size: 21, bold: true, color: ACCENT };
const NAME: Style = { size: 9.5, bold: true };
const PLAIN: Style = { size: 8.5 };
const SMALL: Style = { size: 7.5, color: QUIET };
const HALF = 245;
/** Left of the number of the invoice. */
const SELLER = 275;
const NUMBER = 215;
const FACTS = { x: 318, width: PAGE.right - 318, label: 84 } as const;

/** Who bills whom, what for, and how much: the head of the first page. */
export function setFront(
  flow: Flow,
  document: InvoiceDocument,
  texts: Texts,
  formats: Formats,
): void {
  const { paper } = flow;
  flow.y = 42;
  const title = texts.title[document.kind];
  setText(paper, title, { x: PAGE.right, y: 40, align: 'right' }, TITLE);
  const number = fitted(paper, document.number, { size: 10.5, color: QUIET }, NUMBER);
  setText(paper, document.number, { x: PAGE.right, y: 68, align: 'right' }, number);
  setSeller(flow, document.seller, texts, formats);
  flow.y = Math.max(flow.y, 96) + 10;
  setRule(paper, flow.y);
  flow.y += 14;
  const top = flow.y;
  setBuyer(flow, document.buyer, texts, formats);
  const bottom = flow.y;
  flow.y = top;
  setFacts(flow, factsOf(document, texts, formats));
  flow.y = Math.max(flow.y, bottom) + 14;
  setDue(flow, document, texts, formats);
}

function setSeller(flow: Flow, seller: InvoiceParty, texts: Texts, formats: Formats): void {
  if (seller.logo === undefined) {
    setLines(flow, seller.name, { size: 14, bold: true, color: ACCENT }, SELLER);
  } else {
    const box: [number, number] = [LOGO.width, LOGO.height];
    flow.paper.document.image(Buffer.from(seller.logo), PAGE.left, flow.y, { fit: box });
    flow.y += LOGO.height + 8;
    setLines(flow, seller.name, NAME, SELLER);
  }
  flow.y += 2;
  const contact = [seller.email, seller.phone].filter((one) => one !== undefined).join(' \u00B7 ');
  const address = addressOf(seller, formats).join(', ');
  for (const text of [address, numbersOf(seller, texts), contact]) {
    setLines(flow, text, SMALL, SELLER);
  }
}

function setBuyer(flow: Flow, buyer: InvoiceParty, texts: Texts, formats: Formats): void {
  setLines(flow, texts.billedTo, SMALL, HALF);
  flow.y += 2;
  setLines(flow, buyer.name, NAME, HALF);
  for (const text of addressOf(buyer, formats)) setLines(flow, text, PLAIN, HALF);
  flow.y += 2;
  setLines(flow, numbersOf(buyer, texts), SMALL, HALF);
}

function addressOf(party: InvoiceParty, formats: Formats): string[] {
  const { street, street2, postalCode, city, region, country } = party;
  const town = [postalCode, city].filter((one) => one !== undefined).join(' ');
  const all = [street, street2, town, region, formats.country(country)];
  return all.filter((one) => one !== undefined).filter((one) => one !== '');
}

/** The numbers of a party, as a line of small print. */
export function numbersOf({ taxId, registrationId }: InvoiceParty, texts: Texts): string {
  const said = [
    taxId === undefined ? '' : fillIn(texts.vatNumber, { number: taxId }),
    registrationId === undefined ? '' : fillIn(texts.registration, { number: registrationId }),
  ];
  return said.filter((text) => text !== '').join(' \u00B7 ');
}

type Fact = readonly [label: string, value: string];

function factsOf(document: InvoiceDocument, texts: Texts, formats: Formats): readonly Fact[] {
  const { corrects, buyerReference, period, kind } = document;
  const [start, end] = [formats.day(period.start), formats.day(period.end)];
  const facts: (Fact | undefined)[] = [
    [texts.issueDate, formats.day(document.issueDate)],
    kind === 'credit-note' ? undefined : [texts.dueDate, formats.day(document.dueDate)],
    [texts.period, fillIn(texts.from, { start, end })],
    buyerReference === undefined ? undefined : [texts.reference, buyerReference],
    corrects === undefined
      ? undefined
      : [texts.corrects, `${corrects.number} (${formats.day(corrects.issueDate)})`],
  ];
  return facts.filter((fact) => fact !== undefined);
}

function setFacts(flow: Flow, facts: readonly Fact[]): void {
  const width = FACTS.width - FACTS.label;
  for (const [label, value] of facts) {
    const { y } = flow;
    setText(flow.paper, label, { x: FACTS.x, y: y + 0.8 }, SMALL);
    for (const text of wrap(flow.paper, value, PLAIN, { width, most: 3 })) {
      setText(flow.paper, text, { x: FACTS.x + FACTS.label, y: flow.y }, PLAIN);
      flow.y += PLAIN.size * LEADING;
    }
    flow.y += 3.5;
  }
}

function setDue(flow: Flow, document: InvoiceDocument, texts: Texts, formats: Formats): void {
  const { paper, y } = flow;
  const isCredit = document.kind === 'credit-note';
  setBox(paper, { x: PAGE.left, y, width: PAGE.right - PAGE.left, height: 44 }, TINT);
  setBox(paper, { x: PAGE.left, y, width: 3, height: 44 }, ACCENT);
  const x = PAGE.left + 16;
  setText(
    paper,
    texts.due[document.kind],
    { x, y: y + (isCredit ? 16 : 9) },
    { size: 10, bold: true },
  );
  if (!isCredit) {
    const date = formats.day(document.dueDate);
    setText(paper, fillIn(texts.dueBy, { date }), { x, y: y + 24 }, { size: 8.5, color: QUIET });
  }
  const amount = formats.money(document.gross);
  const style = fitted(paper, amount, { size: 19, bold: true, color: ACCENT }, 300);
  setText(paper, amount, { x: PAGE.right - 14, y: y + 11, align: 'right' }, style);
  flow.y = y + 44 + 20;
}

/** A text in as many lines as it takes, up to three. */
function setLines(flow: Flow, text: string, style: Style, width: number): void {
  for (const one of wrap(flow.paper, text, style, { width, most: 3 })) {
    setText(flow.paper, one, { x: PAGE.left, y: flow.y }, style);
    flow.y += style.size * LEADING;
  }
}

/** What stands at the foot of each page, and at the head of each but the first. */
export function setMargins({ paper }: Flow, document: InvoiceDocument, texts: Texts): void {
  const pages = paper.pages.length;
  const heading = `${texts.title[document.kind]} ${document.number}`;
  const said = [document.seller.name, numbersOf(document.seller, texts)].filter(
    (one) => one !== '',
  );
  const foot = shorten(paper, said.join(' \u00B7 '), SMALL, 430);
  const [left, right] = [PAGE.left, PAGE.right];
  for (let page = 0; page < pages; page++) {
    const count = fillIn(texts.page, { page: `${page + 1}`, pages: `${pages}` });
    setText(paper, foot, { x: left, y: 808 }, SMALL, page);
    setText(paper, count, { x: right, y: 808, align: 'right' }, SMALL, page);
    if (page === 0) continue;
    setText(paper, shorten(paper, heading, SMALL, 250), { x: left, y: 36 }, SMALL, page);
    const buyer = shorten(paper, document.buyer.name, SMALL, 230);
    setText(paper, buyer, { x: right, y: 36, align: 'right' }, SMALL, page);
  }
}
