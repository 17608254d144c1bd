import Pdf from 'pdfkit';
import { openTypeface, type Typeface } from './typeface.ts';

/** Sizes are points, from the top left corner of an A4 page. */
export const PAGE = {
  width: 595.28,
  height: 841.89,
  left: 42,
  right: 553.28,
  bottom: 790,
} as const;

/** Shares of red, green and blue. */
type Color = readonly [red: number, green: number, blue: number];

export const INK: Color = [0.11, 0.14, 0.18];
export const QUIET: Color = [0.4, 0.44, 0.5];
export const ACCENT: Color = [0.1, 0.24, 0.4];
export const HAIRLINE: Color = [0.82, 0.85, 0.88];
export const TINT: Color = [0.945, 0.957, 0.969];

/** How text is set. */
export interface Style {
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: Color;
}

/** Height of a line of text for its size. */
export const LEADING = 1.36;

/** The pages of a document while they are written. */
export interface Paper {
  readonly document: PDFKit.PDFDocument;
  readonly regular: Typeface;
  readonly bold: Typeface;
  /** What stands on each page, in the operators of PDF. */
  readonly pages: string[][];
}

/** Begins a document that has no page yet. */
export function openPaper(options: PDFKit.PDFDocumentOptions): Paper {
  // Without `font`, pdfkit would begin with one that is not embedded.
  const document = new Pdf({
    ...options,
    size: 'A4',
    margin: 0,
    font: '',
    autoFirstPage: false,
    bufferPages: true,
  });
  document.addPage();
  const regular = openTypeface(document, 'regular');
  const bold = openTypeface(document, 'bold');
  return { document, regular, bold, pages: [[]] };
}

export function addPage({ document, pages }: Paper): void {
  document.addPage();
  pages.push([]);
}

/** Width of a text that is set on one line. */
export function widthOf(paper: Paper, text: string, style: Style): number {
  const face = style.bold === true ? paper.bold : paper.regular;
  let width = 0;
  for (const character of text) width += face.glyphs(character).width;
  return (width * style.size) / 1000;
}

/**
 * Sets one line of text, whose top left corner is at x and y; with `align` right, x is its right end.
 * Sets it on the last page unless another is given, counted from 0.
 */
export function setText(
  paper: Paper,
  text: string,
  { x, y, align }: { readonly x: number; readonly y: number; readonly align?: 'right' },
  style: Style,
  page = paper.pages.length - 1,
): void {
  const face = style.bold === true ? paper.bold : paper.regular;
  let code = '';
  let width = 0;
  for (const character of text) {
    const glyphs = face.glyphs(character);
    code += glyphs.code;
    width += glyphs.width;
  }
  if (code === '') return;
  const left = align === 'right' ? x - (width * style.size) / 1000 : x;
  const baseline = y + style.size;
  paper.pages[page]?.push(
    `BT ${fill(style.color ?? INK)} /${face.id} ${style.size} Tf 1 0 0 -1 ${round(left)} ${round(baseline)} Tm <${code}> Tj ET`,
  );
}

/** Fills a rectangle of the last page. */
export function setBox(
  paper: Paper,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  color: Color,
): void {
  const { x, y, width, height } = box;
  const corners = [x, y, width, height].map(round).join(' ');
  paper.pages.at(-1)?.push(`${fill(color)} ${corners} re f`);
}

/** A thin line across the width of the text, or from x on. */
export function setRule(
  paper: Paper,
  y: number,
  color: Color = HAIRLINE,
  x: number = PAGE.left,
): void {
  setBox(paper, { x, y, width: PAGE.right - x, height: 0.6 }, color);
}

/** Hands the pages to the document and returns its bytes. */
export function closePaper({ document, regular, bold, pages }: Paper): Promise<Uint8Array> {
  for (const [at, operators] of pages.entries()) {
    document.switchToPage(at);
    const fonts: unknown = Reflect.get(document.page, 'fonts');
    if (typeof fonts !== 'object' || fonts === null) throw new TypeError('A page has no fonts.');
    for (const face of [regular, bold]) Reflect.set(fonts, face.id, face.ref());
    document.addContent(operators.join('\n'));
  }
  const chunks: Uint8Array[] = [];
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  document.end();
  return whole;
}

function fill(color: Color): string {
  return `${color.join(' ')} rg`;
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
