import { fail, isJsonObject, type StackmeterError } from '../../kernel/index.ts';

/** What a body holds, by name; nothing about it is trusted. */
export type Fields = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 200;
const MOST_ITEMS = 1000;
/** Kept texts may have line breaks, which a description has, and no other control character. */
const UNPRINTABLE = /[^\P{Cc}\n\r\t]/u;
const NAME = /^[\p{L}\p{N}._()-]{1,90}$/u;

/** @throws InvalidProperty when the body is no JSON object */
export function readFields(body: unknown): Fields {
  if (isJsonObject(body)) return body;
  throw invalidProperty('the body', body, 'it has to be a JSON object');
}

/** The properties of a resource; clients send them wrapped, and some bare. */
export function propertiesOf(fields: Fields): Fields {
  const { properties } = fields;
  return isJsonObject(properties) ? properties : fields;
}

/** A text of at most `longest` characters; null counts as left out. */
export function readText(
  fields: Fields,
  name: string,
  longest: number = LONGEST_TEXT,
): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= longest && isKeepable(value)) return value;
  throw invalidProperty(
    name,
    value,
    `it has to be a text of at most ${longest} printable characters`,
  );
}

/** A text that is there and not empty. */
export function requireText(fields: Fields, name: string, longest: number = LONGEST_TEXT): string {
  const text = readText(fields, name, longest)?.trim() ?? '';
  if (text !== '') return text;
  throw invalidProperty(name, fields[name], 'it has to be given');
}

/** What the database can keep as it is. */
export function isKeepable(text: string): boolean {
  return !UNPRINTABLE.test(text) && text.isWellFormed();
}

/** A whole number from 0 to 1,000,000. */
export function readCount(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1_000_000) {
    return value;
  }
  throw invalidProperty(name, value, 'it has to be a whole number from 0 to 1,000,000');
}

/** A list of whatever it is, at most a thousand. */
export function readList(fields: Fields, name: string): readonly unknown[] | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (list !== undefined && list.length <= MOST_ITEMS) return list;
  throw invalidProperty(name, value, `it has to be a list of at most ${MOST_ITEMS}`);
}

/** A list of texts. */
export function readTexts(fields: Fields, name: string): string[] | undefined {
  return readList(fields, name)?.map((item) => requireText({ [name]: item }, name, 500));
}

/** A value of the fields as `parse` reads it; undefined when it was left out. */
export function readParsed<T>(
  fields: Fields,
  name: string,
  parse: (text: string) => T | undefined,
  rule: string,
): T | undefined {
  const text = readText(fields, name, 500);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  throw invalidProperty(name, text, rule);
}

/** The name of a resource or a resource group, as addresses carry it. */
export function checkResourceName(parameter: string, text: string): string {
  if (NAME.test(text)) return text;
  const rule = 'it has 1 to 90 letters, digits and . _ - ( )';
  throw invalidProperty(parameter, text, rule);
}

export function invalidProperty(parameter: string, value: unknown, rule: string): StackmeterError {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return fail('InvalidProperty', { parameter, value: text, rule });
}
