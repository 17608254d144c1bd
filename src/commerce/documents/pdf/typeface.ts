import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Text as a page holds it, and how wide it is. */
export interface Glyphs {
  /** Four hexadecimal digits for each character. */
  readonly code: string;
  /** In thousandths of the size of the type. */
  readonly width: number;
}

/** A font of one document. What is asked of it becomes part of the subset that is embedded. */
export interface Typeface {
  /** Such as `F1`. */
  readonly id: string;
  glyphs(character: string): Glyphs;
  /** What the resources of a page name. */
  ref(): unknown;
}

/** What pdfkit has inside for a font that is embedded; its types do not say it. */
interface EmbeddedFont {
  readonly id: string;
  readonly scale: number;
  readonly font: FontFile;
  readonly subset: { includeGlyph(glyph: number): number };
  readonly widths: (number | undefined)[];
  readonly unicode: (readonly number[] | undefined)[];
  ref(): unknown;
}

interface FontFile {
  hasGlyphForCodePoint(code: number): boolean;
  glyphForCodePoint(code: number): { readonly id: number; readonly advanceWidth: number };
}

const require = createRequire(import.meta.url);
const files = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
} as const;

type Weight = keyof typeof files;

/** The fonts as they were read for the first document: reading them again would take 3 ms each. */
const read = new Map<Weight, FontFile>();

/** Stands for a character that the fonts do not have. */
const MISSING = '\u25A1';

/**
 * Takes the font up into the document.
 *
 * Characters are set one by one, without kerning and ligatures: pdfkit's own setting of text takes ten
 * times as long, and columns of figures look the same.
 */
export function openTypeface(document: PDFKit.PDFDocument, weight: Weight): Typeface {
  const known = read.get(weight);
  // pdfkit takes a font that has been read as well as one that has not, which its types do not say.
  const taker: { font(source: unknown): unknown } = document;
  taker.font(known ?? readFileSync(files[weight]));
  const embedded: unknown = Reflect.get(document, '_font');
  if (!isEmbeddedFont(embedded)) throw new TypeError('pdfkit keeps its fonts in another way.');
  read.set(weight, embedded.font);
  const glyphs = new Map<string, Glyphs>();
  return {
    id: embedded.id,
    ref: () => embedded.ref(),
    glyphs: (character) => {
      let found = glyphs.get(character);
      if (found === undefined) {
        found = include(embedded, character);
        glyphs.set(character, found);
      }
      return found;
    },
  };
}

function include(embedded: EmbeddedFont, character: string): Glyphs {
  const { font, subset, widths, unicode, scale } = embedded;
  const wanted = character.codePointAt(0) ?? 0;
  const code = font.hasGlyphForCodePoint(wanted) ? wanted : (MISSING.codePointAt(0) ?? 0);
  const { id, advanceWidth } = font.glyphForCodePoint(code);
  const at = subset.includeGlyph(id);
  widths[at] ??= advanceWidth * scale;
  unicode[at] ??= [code];
  return { code: at.toString(16).padStart(4, '0'), width: advanceWidth * scale };
}

function isEmbeddedFont(font: unknown): font is EmbeddedFont {
  if (typeof font !== 'object' || font === null) return false;
  const inside: unknown = Reflect.get(font, 'font');
  return (
    typeof inside === 'object' &&
    inside !== null &&
    'glyphForCodePoint' in inside &&
    ['id', 'scale', 'subset', 'widths', 'unicode', 'ref'].every((name) => name in font)
  );
}
