import { resolve } from 'node:path';

/** Says why a text is no value of an option; the message completes the sentence "cannot be used: ...". */
export class ValueRefused extends Error {}

/** Where a text was found. */
export interface ValueContext {
  /** The folder from which a relative path is seen. */
  readonly folder: string;
}

/** Turns the text of an option into its value. @throws ValueRefused */
export type ParseValue<Value> = (text: string, context: ValueContext) => Value;

function refuse(text: string, allowed: string): never {
  throw new ValueRefused(`'${text}' is not ${allowed}`);
}

/** Any text that is not blank. */
export const text: ParseValue<string> = (given) => {
  const trimmed = given.trim();
  return trimmed === '' ? refuse(given, 'a text: it is blank') : trimmed;
};

/** A folder, as an absolute path. */
export const folder: ParseValue<string> = (given, context) =>
  given.trim() === '' ? refuse(given, 'the path of a folder') : resolve(context.folder, given);

/** A file, as an absolute path. */
export const file: ParseValue<string> = (given, context) =>
  given.trim() === '' ? refuse(given, 'the path of a file') : resolve(context.folder, given);

/** Texts with commas between them; blanks around them do not count. */
export const list: ParseValue<readonly string[]> = (given) =>
  given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** One of the words. */
export function oneOf<const Word extends string>(words: readonly Word[]): ParseValue<Word> {
  return (given) =>
    words.find((word) => word === given) ?? refuse(given, `one of ${words.join(', ')}`);
}

/** One or more of the words, with commas between them, each once and in their own order. */
export function someOf<const Word extends string>(
  words: readonly Word[],
): ParseValue<readonly Word[]> {
  return (given, context) => {
    const parts = list(given, context);
    const strange = parts.find((part) => !words.some((word) => word === part));
    if (parts.length === 0 || strange !== undefined) {
      refuse(strange ?? given, `one or more of ${words.join(', ')}, with commas between them`);
    }
    return words.filter((word) => parts.includes(word));
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): ParseValue<number> {
  return (given) => {
    const value = /^\d{1,15}$/.test(given.trim()) ? Number.parseInt(given, 10) : Number.NaN;
    return value >= least && value <= most
      ? value
      : refuse(given, `a whole number from ${least} to ${most}`);
  };
}

const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['KB', 2 ** 10],
  ['MB', 2 ** 20],
  ['GB', 2 ** 30],
]);

/** A size in bytes of at least `least`; with KB, MB or GB behind it in units of 1,024 and its powers. */
export function size(least: number): ParseValue<number> {
  return (given) => {
    const match = /^(\d{1,12})\s*(KB|MB|GB|)$/.exec(given.trim().toUpperCase());
    const count = Number.parseInt(match?.[1] ?? '', 10);
    const bytes = count * (UNIT_BYTES.get(match?.[2] ?? '') ?? Number.NaN);
    return Number.isSafeInteger(bytes) && bytes >= least
      ? bytes
      : refuse(given, `a size of at least ${least / 2 ** 20}MB, like 512MB or 2GB`);
  };
}

/** The address of an HTTPS service, without what follows a question mark. */
export const httpsUrl: ParseValue<string> = (given) => {
  const trimmed = given.trim().replace(/\/+$/, '');
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  const isPlain =
    url?.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '';
  return isPlain ? trimmed : refuse(given, 'an address like https://directory.example/api');
};

/** The address of a PostgreSQL server. The text is never repeated: it holds a password. */
export const postgresUrl: ParseValue<string> = (given) => {
  if (!/^postgres(ql)?:\/\/./.test(given.trim())) {
    throw new ValueRefused(
      'it is not an address like postgresql://user:password@host:5432/database (shown nowhere, since it holds a password)',
    );
  }
  return given.trim();
};

/** The address of a server that takes mail. The text is never repeated: it may hold a password. */
export const smtpUrl: ParseValue<string> = (given) => {
  if (!/^smtps?:\/\/./.test(given.trim())) {
    throw new ValueRefused(
      'it is not an address like smtps://user:password@host:465 (shown nowhere, since it may hold a password)',
    );
  }
  return given.trim();
};
