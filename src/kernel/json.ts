import { fail } from './errors.ts';

// The runtime has both (ECMAScript: JSON.parse source text access); the compiler's library does not yet.
declare global {
  interface JSON {
    rawJSON(text: string): object;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * A JSON number kept as the text in which it was written, so that no digit of a quantity passes
 * through binary floating point (invariant "exact"). JSON.stringify writes the same text back.
 */
export class NumberText {
  readonly text: string;

  /** The text must be a JSON number; JSON.stringify throws SyntaxError on anything else. */
  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }
}

/** A JSON value whose numbers are texts. */
export type ExactJson =
  | null
  | boolean
  | string
  | NumberText
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/**
 * Parses JSON text, keeping each number as written. Of two members with one name the last counts, as
 * with JSON.parse.
 * Throws StackmeterError InvalidRequestContent when the text is not JSON or is nested too deeply.
 */
export function parseExactJson(text: string): ExactJson {
  try {
    return JSON.parse(text, keepNumberText) as ExactJson;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw fail('InvalidRequestContent', { reason: error.message }, { cause: error });
    }
    if (error instanceof RangeError) {
      throw fail('InvalidRequestContent', { reason: 'it is nested too deeply' }, { cause: error });
    }
    throw error;
  }
}

function keepNumberText(
  _key: string,
  value: unknown,
  context: { readonly source?: string },
): unknown {
  if (typeof value !== 'number') return value;
  if (context.source === undefined) throw new TypeError('JSON.parse gave no source of a number.');
  return new NumberText(context.source);
}

/** Whether a parsed value is a JSON object, whose members may then be looked at one by one. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
