import { Decimal, fail, StackmeterError, type ErrorDetail } from '../../kernel/index.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import type { RenderedDocument } from './render.ts';

/** A value as it crosses to another thread: a Decimal is an object of a class, which cannot cross, so its text does. */
type Plain<Value> = Value extends Decimal
  ? string
  : Value extends string | number | bigint | boolean | undefined | Uint8Array
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : { readonly [Name in keyof Value]: Plain<Value[Name]> };

/** What a thread is asked. */
export interface RenderRequest {
  readonly id: number;
  readonly document: Plain<InvoiceDocument>;
}

/** What it answers: the documents, or why there are none. */
export interface RenderAnswer {
  readonly id: number;
  readonly documents?: readonly RenderedDocument[];
  readonly invalid?: { readonly rules: string; readonly details: readonly ErrorDetail[] };
  readonly failure?: string;
}

/** The document as plain data. */
export function toPlain(document: InvoiceDocument): Plain<InvoiceDocument> {
  return {
    ...document,
    net: document.net.toText(),
    tax: document.tax.toText(),
    gross: document.gross.toText(),
    taxes: document.taxes.map((tax) => ({
      ...tax,
      rate: tax.rate.toText(),
      base: tax.base.toText(),
      amount: tax.amount.toText(),
    })),
    lines: document.lines.map((line) => ({
      ...line,
      quantity: line.quantity.toText(),
      unitPrice: line.unitPrice?.toText(),
      amount: line.amount.toText(),
      taxRate: line.taxRate.toText(),
      resources: line.resources.map((resource) => ({
        ...resource,
        quantity: resource.quantity.toText(),
        amount: resource.amount.toText(),
      })),
    })),
  };
}

/** The document of plain data. */
export function fromPlain(plain: Plain<InvoiceDocument>): InvoiceDocument {
  return {
    ...plain,
    net: decimal(plain.net),
    tax: decimal(plain.tax),
    gross: decimal(plain.gross),
    taxes: plain.taxes.map((tax) => ({
      ...tax,
      rate: decimal(tax.rate),
      base: decimal(tax.base),
      amount: decimal(tax.amount),
    })),
    lines: plain.lines.map((line) => ({
      ...line,
      quantity: decimal(line.quantity),
      unitPrice: line.unitPrice === undefined ? undefined : decimal(line.unitPrice),
      amount: decimal(line.amount),
      taxRate: decimal(line.taxRate),
      resources: line.resources.map((resource) => ({
        ...resource,
        quantity: decimal(resource.quantity),
        amount: decimal(resource.amount),
      })),
    })),
  };
}

/** Why there are no documents, for the other side to throw. */
export function toAnswer(id: number, error: unknown): RenderAnswer {
  if (error instanceof StackmeterError && error.code === 'DocumentInvalid') {
    const rules = [...new Set(error.details.map(({ code }) => code))].join(', ');
    return { id, invalid: { rules, details: error.details } };
  }
  return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** The error of an answer without documents. */
export function errorOf({ invalid, failure = '' }: RenderAnswer, number: string): Error {
  if (invalid === undefined) return new Error(`The documents could not be made: ${failure}`);
  return fail('DocumentInvalid', { number, rules: invalid.rules }, { details: invalid.details });
}

function decimal(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(`'${text}' is no decimal.`);
  return number;
}
