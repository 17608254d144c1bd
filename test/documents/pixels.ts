import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Where the pages are put for a look at them. */
const folder = join(import.meta.dirname, '..', 'artefacts', 'documents');

/** Opens a document as a reader of it would. Close it with `loadingTask.destroy()`. */
export function open(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  return getDocument({ data: Uint8Array.from(bytes), verbosity: 0, stopAtErrors: true }).promise;
}

/** The text of each page, its pieces joined by a line break. */
export async function textOfPages(document: PDFDocumentProxy): Promise<string[]> {
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(
      items.flatMap((item) => ('str' in item && item.str !== '' ? item.str : [])).join('\n'),
    );
  }
  return pages;
}

/** A page as it is seen: red, green, blue and alpha of each point, and the image as PNG. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  readonly points: Uint8ClampedArray;
  readonly png: Uint8Array;
}

/** Draws a page, counted from 1, at so many points an inch. */
export async function draw(document: PDFDocumentProxy, number: number, dpi = 110): Promise<Seen> {
  const page = await document.getPage(number);
  const viewport = page.getViewport({ scale: dpi / 72 });
  const [width, height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const task: unknown = { canvas: null, canvasContext: context, viewport };
  // The canvas is that of a server; pdfjs knows the one of browsers.
  await page.render(task as Parameters<typeof page.render>[0]).promise;
  const points = context.getImageData(0, 0, width, height).data;
  return { width, height, points, png: canvas.toBuffer('image/png') };
}

/** Keeps every page for a look: `name-1.png` and on, in a folder that is not part of the project. */
export async function keepPages(document: PDFDocumentProxy, name: string): Promise<Seen[]> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(dirname(folder), '.gitignore'), '*\n');
  const seen: Seen[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await draw(document, number);
    writeFileSync(join(folder, `${name}-${number}.png`), page.png);
    seen.push(page);
  }
  return seen;
}
