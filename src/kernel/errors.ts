import type { CatalogueEntry } from './error-catalogue.ts';
import { catalogue } from './error-catalogue.ts';
import { recordErrors } from './record-errors.ts';

export type { CatalogueEntry } from './error-catalogue.ts';
export { catalogue } from './error-catalogue.ts';

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;

/** A code for which a usage record is kept aside. */
export type RecordErrorCode = keyof typeof recordErrors;

/** One of several causes, in the same shape as the error itself. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
}

/** What an error carries besides its code and message. */
export interface ErrorOptions {
  /** HTTP headers of the answer, for example Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: readonly ErrorDetail[];
  /** The error that led to this one; logged, never answered. */
  readonly cause?: unknown;
}

/** What a placeholder is filled with. */
export type ErrorValue = string | number | bigint;

type Placeholder<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type PlaceholderOf<Code extends ErrorCode> = Placeholder<(typeof catalogue)[Code]['template']>;

/** The values that the template of an error needs, by placeholder. */
export type ErrorValues<Code extends ErrorCode> = {
  readonly [Name in PlaceholderOf<Code>]: ErrorValue;
};

type FailArguments<Code extends ErrorCode> = [PlaceholderOf<Code>] extends [never]
  ? [values?: Readonly<Record<string, never>>, options?: ErrorOptions]
  : [values: ErrorValues<Code>, options?: ErrorOptions];

/** A value longer than this many characters is cut, since a message may quote a whole hostile body. */
const longestValue = 500;

/** An error of the catalogue. Build one with {@link fail}. */
export class StackmeterError extends Error {
  readonly code: ErrorCode;
  /** The HTTP status with which the error is answered. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StackmeterError';
    this.code = code;
    this.status = catalogue[code].status;
    this.headers = options.headers ?? {};
    this.details = options.details ?? [];
  }
}

/**
 * Builds an error of the catalogue (it does not throw it): `throw fail('NotFound', { path })`.
 *
 * The values fill the placeholders of the template; which ones an error needs is checked by the
 * compiler. TypeError when a value is missing all the same. A value of more than 500 characters is cut.
 */
export function fail<Code extends ErrorCode>(
  code: Code,
  ...[values = {}, options]: FailArguments<Code>
): StackmeterError {
  return new StackmeterError(code, fillTemplate(code, values), options);
}

/** Whether the text is a code for which a usage record is kept aside. */
export function isRecordErrorCode(text: string): text is RecordErrorCode {
  return Object.hasOwn(recordErrors, text);
}

function fillTemplate(code: ErrorCode, values: Readonly<Record<string, ErrorValue>>): string {
  return catalogue[code].template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TypeError(`The error ${code} needs a value for {${name}}.`);
    return shorten(value.toString());
  });
}

function shorten(text: string): string {
  if (text.length <= longestValue) return text;
  return `${text.slice(0, longestValue)}... (${text.length} characters)`;
}

/**
 * The reference page of errors in Markdown: one row for each code, in alphabetical order. The page in
 * docs/reference must equal it.
 */
export function errorReference(): string {
  const entries: [string, CatalogueEntry][] = Object.entries(catalogue);
  const rows = entries
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, template, advice }]) => [`\`${code}\``, `${status}`, template, advice]);
  return [
    '# Errors',
    '',
    'Answers over HTTP carry `{"error":{"code":"...","message":"..."}}`, with a `details` array of the',
    'same shape where there is more than one cause. Records in quarantine and messages of the command',
    'line use the same codes. Words in braces stand for what is particular to the occasion.',
    '',
    ...renderTable(['Code', 'Status', 'Message', 'What to do'], rows),
    '',
  ].join('\n');
}

/** Lines of a Markdown table whose columns are padded, the form that the formatter keeps. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
