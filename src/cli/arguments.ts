import { fail } from '../kernel/index.ts';

/** The operands and options of one call, as text: what they mean is for the command to say. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(operands: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.operands = operands;
    this.#options = options;
  }

  /** The operand at this place; the program has checked that it is there. */
  operand(index: number): string {
    const value = this.operands[index];
    if (value === undefined) throw new TypeError(`operand ${index} is missing`);
    return value;
  }

  /** An option that has a value, or nothing. */
  optional(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** An option that must be given; the program has checked that it is. */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new TypeError(`--${name} is missing`);
    return value;
  }

  /** An option that may be given several times; undefined when it was not given at all. */
  list(name: string): readonly string[] | undefined {
    const value = this.#options[name];
    if (!Array.isArray(value)) return undefined;
    return value.filter((one) => typeof one === 'string');
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }
}

/**
 * Reads the text of an option.
 * @param rule what it may be, in words that go on from "is not valid:"
 * @throws InvalidProperty when `parse` gives nothing
 */
export function parseArgument<T>(
  parameter: string,
  value: string,
  parse: (text: string) => T | undefined,
  rule: string,
): T {
  const parsed = parse(value);
  if (parsed !== undefined) return parsed;
  throw fail('InvalidProperty', { parameter, value, rule });
}

const LONGEST_TEXT = 200;

/** @throws InvalidProperty for what people could not read in a list */
export function readText(parameter: string, value: string): string {
  return parseArgument(
    parameter,
    value,
    (text) =>
      text.trim() !== '' && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text)
        ? text.trim()
        : undefined,
    `it has 1 to ${LONGEST_TEXT} printable characters`,
  );
}

/** The name of a resource, as addresses carry it. @throws InvalidProperty */
export function readName(parameter: string, value: string): string {
  return parseArgument(
    parameter,
    value,
    (text) => (/^[\p{L}\p{N}._()-]{1,90}$/u.test(text) ? text : undefined),
    'it has 1 to 90 letters, digits and . _ - ( )',
  );
}

/** A whole number of an option. @throws InvalidProperty */
export function readWhole(parameter: string, text: string, least: number, most: number): number {
  const parse = (digits: string): number | undefined => {
    const number = /^[0-9]{1,6}$/.test(digits) ? Number.parseInt(digits, 10) : -1;
    return number >= least && number <= most ? number : undefined;
  };
  return parseArgument(parameter, text, parse, `it is a whole number from ${least} to ${most}`);
}
