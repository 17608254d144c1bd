import {
  ACCENT,
  addPage,
  LEADING,
  PAGE,
  QUIET,
  setRule,
  setText,
  type Paper,
  type Style,
} from './paper.ts';
import { fitted, wrap } from './wrap.ts';

/** How far down the last page is written. */
export interface Flow {
  readonly paper: Paper;
  /** Where what comes next begins. */
  y: number;
}

export interface Column {
  readonly title: string;
  /** The left end of the column. */
  readonly x: number;
  readonly width: number;
  /** Figures: they are never broken; a figure that is too wide is set smaller. */
  readonly align?: 'right';
}

/** A text of a row. Several of one column stand below each other. */
export interface Cell {
  readonly column: number;
  readonly text: string;
  readonly style: Style;
  readonly indent?: number;
}

const PADDING = 3.2;
const TOP = 62;
const HEADING: Style = { size: 7.5, bold: true, color: QUIET };

/** Makes room: on a new page, under what stands at its top, where the last one has not enough. */
export function makeRoom(flow: Flow, height: number, columns: readonly Column[] = []): void {
  if (flow.y + height <= PAGE.bottom) return;
  addPage(flow.paper);
  flow.y = TOP;
  if (columns.length > 0) setHeader(flow, columns);
}

/** The titles of the columns, with a line below. */
export function setHeader(flow: Flow, columns: readonly Column[]): void {
  for (const { title, x, width, align } of columns) {
    const style = fitted(flow.paper, title, HEADING, width);
    place(flow, title, style, { x, width, align, sink: HEADING.size - style.size });
  }
  flow.y += HEADING.size * LEADING + PADDING;
  setRule(flow.paper, flow.y, ACCENT);
  flow.y += 1;
}

/**
 * A row of a table, whole on one page; the titles are repeated where it begins a page.
 *
 * @param extra points that have to be left below it, for what must not be torn from it
 */
export function setRow(
  flow: Flow,
  columns: readonly Column[],
  cells: readonly Cell[],
  { extra = 0, padding = PADDING }: { readonly extra?: number; readonly padding?: number } = {},
): void {
  const blocks = cells.flatMap((cell) => blockOf(flow.paper, columns, cell));
  const heights = columns.map((_, at) =>
    blocks.filter(({ column }) => column === at).reduce((sum, { height }) => sum + height, 0),
  );
  const height = Math.max(...heights) + 2 * padding;
  makeRoom(flow, height + extra, columns);
  const top = flow.y + padding;
  const used = columns.map(() => top);
  for (const { column, lines, style, height: blockHeight, ...box } of blocks) {
    flow.y = used[column] ?? top;
    used[column] = flow.y + blockHeight;
    for (const text of lines) {
      place(flow, text, style, box);
      flow.y += style.size * LEADING;
    }
  }
  flow.y = top - padding + height;
}

interface Block extends Place {
  readonly column: number;
  readonly lines: readonly string[];
  readonly style: Style;
  readonly height: number;
}

function blockOf(paper: Paper, columns: readonly Column[], cell: Cell): Block[] {
  const column = columns[cell.column];
  if (column === undefined || cell.text === '') return [];
  const { indent = 0, text, style: wanted } = cell;
  const [x, width] = [column.x + indent, column.width - indent];
  const isFigure = column.align === 'right';
  const style = isFigure ? fitted(paper, text, wanted, width) : wanted;
  const lines = isFigure ? [text] : wrap(paper, text, style, { width });
  const height = lines.length * wanted.size * LEADING;
  const sink = wanted.size - style.size;
  return [{ column: cell.column, lines, style, height, x, width, align: column.align, sink }];
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly align: 'right' | undefined;
  /** How much smaller a figure is set, which puts it on the line of the others again. */
  readonly sink?: number;
}

function place(
  { paper, y }: Flow,
  text: string,
  style: Style,
  { x, width, align, sink = 0 }: Place,
): void {
  const top = y + sink;
  if (align === 'right') setText(paper, text, { x: x + width, y: top, align }, style);
  else setText(paper, text, { x, y: top }, style);
}
