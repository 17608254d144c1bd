import { badFile } from './text.ts';

/** The longest row that is taken, in UTF-16 code units. A row of usage has about a thousand. */
const LONGEST_ROW = 4 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A list whose objects are rows or pages; it holds where the reader stands in it. */
interface List {
  readonly kind: 'list';
}

/** An object that is a row until a member shows that it is a page. */
interface Candidate {
  readonly kind: 'object';
  isPage: boolean;
  /** Objects and lists open inside it. */
  depth: number;
  /** Whether the next string is the name of a member of the object itself. */
  expectsName: boolean;
  /** Name of the member whose value comes next. */
  name: string | undefined;
}

interface State {
  readonly open: (List | Candidate)[];
  /** Text from the start of the row that is being read, or from the first character not yet looked at. */
  text: string;
  /** The next character to look at. */
  at: number;
  /** Where the row that is being read begins; -1 outside of rows. */
  rowStart: number;
  inString: boolean;
  /** Whether the next character of the string stands after a backslash. */
  escaped: boolean;
  /** The first character inside the last string that began, for as long as the text reaches back to it. */
  stringStart: number;
}

/**
 * Cuts JSON into the text of its rows without ever holding more than one row and one piece of input.
 *
 * Rows are the objects of: a list; the list in a member `rows` or `value` of an object (a page); a list of such pages; or
 * rows or pages one after another (newline-delimited JSON). Other members of a page are passed over. What is inside a row
 * is not looked at: the reader of the row parses it.
 *
 * @throws StackmeterError ImportFormat when the text has another shape, or ends too early
 */
export async function* splitJsonRows(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const state: State = {
    open: [],
    text: '',
    at: 0,
    rowStart: -1,
    inString: false,
    escaped: false,
    stringStart: 0,
  };
  for await (const piece of pieces) {
    append(state, piece);
    for (let row = nextRow(state); row !== undefined; row = nextRow(state)) yield row;
  }
  if (state.open.length > 0) throw badFile('it ends in the middle; export it again');
}

/** Drops what has been dealt with and adds the piece. */
function append(state: State, piece: string): void {
  const keepFrom = state.rowStart >= 0 ? state.rowStart : startOfName(state);
  if (state.at - keepFrom > LONGEST_ROW) throw badFile('one row or name in it is longer than 4 MB');
  state.text = state.text.slice(keepFrom) + piece;
  state.at -= keepFrom;
  state.stringStart -= keepFrom;
  if (state.rowStart >= 0) state.rowStart = 0;
}

/** Outside of rows only a name that is being read has to stay: it may say that a list of rows follows. */
function startOfName(state: State): number {
  const top = state.open.at(-1);
  const isName = top?.kind === 'object' && top.depth === 0 && top.expectsName;
  return isName && state.inString ? state.stringStart : state.at;
}

/** Reads on to the end of the next row; undefined when the text at hand does not reach so far. */
function nextRow(state: State): string | undefined {
  while (state.at < state.text.length) {
    const top = state.open.at(-1);
    if (top?.kind !== 'object') {
      readInList(state, top !== undefined);
      continue;
    }
    const row = readInObject(state, top);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Looks for the next object between rows, in a list or at the top. */
function readInList(state: State, inList: boolean): void {
  const code = state.text.charCodeAt(state.at);
  if (code === OPEN_OBJECT) {
    state.open.push({
      kind: 'object',
      isPage: false,
      depth: 0,
      expectsName: true,
      name: undefined,
    });
    state.rowStart = state.at;
  } else if (code === OPEN_LIST && !inList) {
    state.open.push({ kind: 'list' });
  } else if (code === CLOSE_LIST && inList) {
    state.open.pop();
  } else if (!(code <= 0x20 || (code === COMMA && inList))) {
    const found = JSON.stringify(state.text.charAt(state.at));
    throw badFile(`it has ${found} where a row in braces is expected`);
  }
  state.at++;
}

/** Reads the inside of a row or page up to its end, or to the list of a page. */
function readInObject(state: State, object: Candidate): string | undefined {
  const { text } = state;
  while (state.at < text.length) {
    if (state.inString) {
      readString(state, object);
      continue;
    }
    const code = text.charCodeAt(state.at);
    if (code <= 0x20) {
      state.at++;
      continue;
    }
    if (code === OPEN_LIST && object.depth === 0 && isRowsMember(object.name)) {
      startPage(state, object);
      return undefined;
    }
    if (code === CLOSE_OBJECT && object.depth === 0) return closeObject(state, object);
    step(state, object, code);
  }
  return undefined;
}

/** One structural character, or one of a number or word, which say nothing here. */
function step(state: State, object: Candidate, code: number): void {
  if (code === QUOTE) {
    state.inString = true;
    state.stringStart = state.at + 1;
  } else if (code === OPEN_OBJECT || code === OPEN_LIST) object.depth++;
  else if (code === CLOSE_OBJECT || code === CLOSE_LIST) object.depth--;
  else if (code === COMMA && object.depth === 0) {
    object.expectsName = true;
    object.name = undefined;
  } else if (code === COLON && object.depth === 0) object.expectsName = false;
  state.at++;
}

/** Reads a string to its end, or to the end of the text at hand. */
function readString(state: State, object: Candidate): void {
  const { text } = state;
  let { at, escaped } = state;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (escaped) {
      escaped = false;
    } else if (code === BACKSLASH) {
      escaped = true;
    } else if (code === QUOTE) {
      if (object.depth === 0 && object.expectsName) object.name = text.slice(state.stringStart, at);
      state.inString = false;
      at++;
      break;
    }
  }
  state.at = at;
  state.escaped = escaped;
}

function isRowsMember(name: string | undefined): boolean {
  const lower = name?.toLowerCase();
  return lower === 'rows' || lower === 'value';
}

/** The object turns out to be a page: its list is read like any other. */
function startPage(state: State, object: Candidate): void {
  object.isPage = true;
  object.name = undefined;
  state.rowStart = -1;
  state.open.push({ kind: 'list' });
  state.at++;
}

function closeObject(state: State, object: Candidate): string | undefined {
  state.open.pop();
  state.at++;
  if (object.isPage) return undefined;
  const row = state.text.slice(state.rowStart, state.at);
  state.rowStart = -1;
  return row;
}
