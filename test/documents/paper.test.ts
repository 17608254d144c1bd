import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createCanvas } from '@napi-rs/canvas';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { renderDocuments, type InvoiceDocument } from '../../src/commerce/documents/index.ts';
import { buyer, decimal, invoice, line, lines, seller, untaxed } from './invoices.ts';
import { keepPages, open, textOfPages, type Seen } from './pixels.ts';

const opened: PDFDocumentProxy[] = [];

interface Read {
  readonly pages: readonly string[];
  /** Pages as they are seen, and kept under the name for a look. */
  readonly seen: readonly Seen[];
}

async function read(name: string, invoiced: InvoiceDocument): Promise<Read> {
  const [pdf] = await renderDocuments(invoiced);
  assert.ok(pdf !== undefined);
  const document = await open(pdf.bytes);
  opened.push(document);
  return { pages: await textOfPages(document), seen: await keepPages(document, name) };
}

/** Whether every point outside of the text area is white: nothing runs over the edge of the paper. */
function hasCleanEdges({ width, height, points }: Seen): boolean {
  const edge = Math.floor((width * 40) / 595);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = x > edge && x < width - edge && y > edge * 0.8 && y < height - edge * 0.45;
      const at = (y * width + x) * 4;
      if (!isInside && [0, 1, 2].some((color) => points[at + color] !== 255)) return false;
    }
  }
  return true;
}

/** How much of the page is not white, in thousandths. */
function inkOf({ points, width, height }: Seen): number {
  let dark = 0;
  for (let at = 0; at < points.length; at += 4) if ((points[at] ?? 255) < 200) dark++;
  return Math.round((dark * 1000) / (width * height));
}

/** A drawing that is partly transparent, in a red that nothing else on the page has. */
function logo(): Uint8Array {
  const canvas = createCanvas(340, 96);
  const context = canvas.getContext('2d');
  context.fillStyle = '#d01030';
  context.beginPath();
  context.arc(48, 48, 44, 0, 7);
  context.fill();
  context.font = '44px sans-serif';
  context.fillText('NUAGE', 110, 64);
  return canvas.toBuffer('image/png');
}

function isRed({ points }: Seen): boolean {
  for (let at = 0; at < points.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = points.subarray(at, at + 3);
    if (red > 190 && green < 40 && blue < 70) return true;
  }
  return false;
}

const long =
  'Société anonyme pour l’exploitation de centres de données et de tout ce qui les entoure ';
const correction = line(201, {
  kind: 'correction',
  description: 'Correction of storage',
  correctsPeriod: { name: '202609-1', start: '2026-09-01', end: '2026-09-30' },
  quantity: decimal('-1200.5'),
  unitPrice: decimal('0.05'),
  amount: decimal('-60.03'),
  resources: [],
});

const days = { name: '202609-2', start: '2026-09-15', end: '2026-10-14' };
const nothing = { quantity: decimal('0'), amount: decimal('0') };
const correctionOfDays = { ...correction, ...nothing, line: 202, correctsPeriod: days };

describe('an invoice on paper', () => {
  after(async () => {
    await Promise.all(opened.map((document) => document.loadingTask.destroy()));
  });

  it('says in English what is due, for what, by when, and where to', async () => {
    const { pages, seen } = await read(
      'english',
      invoice([...lines(200), correction, correctionOfDays]),
    );
    const [front = ''] = pages;
    for (const text of [
      'Invoice',
      'ACME-2026-000017',
      '3 December 2026',
      '1 October 2026 to 31 October 2026',
      'Müller Maschinenbau GmbH',
      'PO-4711',
      'FR76 3000 6000 0112 3456 7890 189',
      'AGRIFRPP',
    ]) {
      assert.ok(front.includes(text), text);
    }
    // 200 * 9.30 - 60.03 = 1,799.97; 20 percent are 359.99.
    for (const text of ['€1,799.97', '€359.99', '€2,159.96', '404.97', '20%']) {
      assert.ok(front.split('\n').includes(text), text);
    }
    assert.ok(pages.at(-1)?.includes('Correction for September 2026'));
    assert.ok(
      pages
        .at(-1)
        ?.replaceAll('\n', ' ')
        .includes('Correction for 15 September 2026 to 14 October'),
    );
    assert.ok(pages.at(-1)?.split('\n').includes('-60.03'));
    assert.ok(seen.every(hasCleanEdges));
  });

  it('numbers its pages, and repeats the titles of the table on each', async () => {
    const { pages } = await read('english', invoice(lines(200)));
    assert.ok(pages.length > 10);
    for (const [at, page] of pages.entries()) {
      assert.ok(page.split('\n').includes(`${at + 1} / ${pages.length}`));
      assert.equal(page.split('\n').includes('Unit price'), at > 0);
    }
    const details = pages.join('\n').split('\n');
    for (const { description, line: number } of lines(200)) {
      assert.ok(details.includes(description), description);
      assert.ok(details.includes(`vm-${number} · production · local`), `vm-${number}`);
    }
  });

  it('is French for French accounts, with narrow spaces that the font has', async () => {
    const document = invoice([line(1, { amount: decimal('1234567.8') })], {
      language: 'fr',
      payment: { terms: 'Paiement à 30 jours.', iban: undefined, bic: undefined },
    });
    const { pages, seen } = await read('french', document);
    const [front = '', details = ''] = pages;
    for (const text of ['Facture', 'Facturé à', 'Échéance', 'Récapitulatif', 'Allemagne']) {
      assert.ok(front.includes(text), text);
    }
    const spaces = /[\u00A0\u202F]/g;
    assert.ok(front.replaceAll(spaces, ' ').split('\n').includes('1 481 481,36 €'));
    assert.ok(front.includes('au plus tard le 3 décembre 2026'));
    assert.ok(details.replaceAll(spaces, ' ').includes('1 234 567,80'));
    assert.ok(!pages.join('').includes('\u25A1'));
    assert.ok(seen.every(hasCleanEdges));
  });

  it('shows the logo of the seller', async () => {
    const plain = await read('without-logo', invoice(lines(1)));
    const shown = await read(
      'with-logo',
      invoice(lines(1), { seller: { ...seller, logo: logo() } }),
    );
    assert.deepEqual(plain.seen.map(isRed), [false, false]);
    assert.deepEqual(shown.seen.map(isRed), [true, false]);
    assert.ok(shown.pages[0]?.includes('Nuage & Fils SAS'));
  });

  it('keeps names and figures of any length on the page', async () => {
    const name = long.repeat(4).trim();
    const resource = { name, resourceGroup: name, location: 'local' };
    const amount = decimal('123456789012345678901234567890.12');
    const { pages, seen } = await read(
      'long',
      invoice(
        [
          line(1, {
            description: name,
            service: name,
            resources: [{ ...resource, quantity: decimal('744'), amount: decimal('9.3') }],
          }),
          line(2, { description: 'x'.repeat(300), quantity: amount, amount, unitPrice: undefined }),
        ],
        {
          number: 'A'.repeat(60),
          seller: { ...seller, name, street: name },
          buyer: { ...buyer, name, street: name },
          buyerReference: name,
          payment: { terms: name, iban: undefined, bic: undefined },
        },
      ),
    );
    assert.ok(seen.every(hasCleanEdges));
    assert.ok(pages[0]?.includes('€148,148,146,814,814,814,681,481,481,479.30'));
    assert.ok(pages[1]?.includes('123,456,789,012,345,678,901,234,567,890.12'));
    assert.ok(pages.join('').includes('…'));
  });

  it('says why nothing is taxed', async () => {
    const reason = 'Reverse charge: article 196 of Directive 2006/112/EC.';
    const { pages } = await read('reverse-charge', untaxed('AE', reason));
    const front = pages[0]?.split('\n') ?? [];
    assert.ok(front.includes('Reverse charge') && front.includes(reason));
    assert.equal(front.filter((text) => text === '€27.90').length, 3);
  });

  it('is a credit note that says what it corrects, and asks for no payment', async () => {
    const corrects = { number: 'ACME-2026-000003', issueDate: '2026-10-02' };
    const { pages } = await read(
      'credit-note',
      invoice(lines(2), { kind: 'credit-note', corrects }),
    );
    const [front = ''] = pages;
    for (const text of ['Credit note', 'Amount credited', 'ACME-2026-000003 (2 October 2026)']) {
      assert.ok(front.includes(text), text);
    }
    for (const text of ['Due date', 'IBAN', 'Amount due']) assert.ok(!front.includes(text), text);
  });

  it('prints a square for a character that the font does not have', async () => {
    const { pages } = await read('unknown', invoice([line(1, { description: 'A 中 B' })]));
    assert.ok(pages[1]?.includes('A \u25A1 B'));
  });

  it('has ink on every page, and not too much of it', async () => {
    const { seen } = await read('english', invoice(lines(200)));
    for (const page of seen) assert.ok(inkOf(page) > 5 && inkOf(page) < 120, `${inkOf(page)}`);
  });
});
