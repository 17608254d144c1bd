import { widthOf, type Paper, type Style } from './paper.ts';

const ELLIPSIS = '\u2026';

/**
 * The text in lines that are no wider than `width`, broken at spaces, and inside a word that is wider
 * by itself. What does not fit into `most` lines ends with an ellipsis.
 */
export function wrap(
  paper: Paper,
  text: string,
  style: Style,
  { width, most = 6 }: { readonly width: number; readonly most?: number },
): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    for (const word of paragraph.split(/[ \t]+/).filter((one) => one !== '')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (widthOf(paper, longer, style) <= width) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = word;
      while (widthOf(paper, line, style) > width) {
        const fitting = longestStart(paper, line, style, width);
        lines.push(fitting);
        line = line.slice(fitting.length);
      }
    }
    if (line !== '') lines.push(line);
  }
  if (lines.length <= most) return lines;
  const last = `${lines[most - 1] ?? ''}${ELLIPSIS}`;
  return [...lines.slice(0, most - 1), shorten(paper, last, style, width)];
}

/** The text on one line, shortened with an ellipsis where it is too wide. */
export function shorten(paper: Paper, text: string, style: Style, width: number): string {
  if (widthOf(paper, text, style) <= width) return text;
  const room = width - widthOf(paper, ELLIPSIS, style);
  return `${longestStart(paper, text, style, room)
    .trimEnd()
    .replace(/\u2026$/, '')}${ELLIPSIS}`;
}

/** A size at which the text fits on one line: figures are never broken or shortened. */
export function fitted(paper: Paper, text: string, style: Style, width: number): Style {
  const needed = widthOf(paper, text, style);
  return needed <= width ? style : { ...style, size: (style.size * width) / needed };
}

/** As many characters as fit, at least one. */
function longestStart(paper: Paper, text: string, style: Style, width: number): string {
  let start = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(paper, character, style);
    if (used > width && start !== '') return start;
    start += character;
  }
  return start;
}
