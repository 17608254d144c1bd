import { sumOf, type Decimal, type Instant } from '../../kernel/index.ts';
import type { LineOfCharge } from './charge-store.ts';
import { signed, signOfKind } from './facts.ts';

/**
 * What resources had used of a charge at some time: its lines as a run of rating anew found them, or as they are now,
 * without what came in windows that were accepted later.
 */
export interface ChargeState {
  readonly charge: bigint;
  /** Undefined: as they are now. */
  readonly run: bigint | undefined;
  /** What was accepted from then on is not in it; undefined: all is. */
  readonly before: Instant | undefined;
}

/** Which state of a charge is looked for. */
export interface StateWanted {
  /** What all of it adds up to; nothing has no state. */
  readonly quantity: Decimal;
  /** When an invoice took it. */
  readonly at: Instant;
}

/** What a line of an invoice has of a charge: what was used by then, without what lines before it have. */
export interface PartsWanted {
  readonly charge: bigint;
  /** -1 where the line takes another one back. */
  readonly sign: 1 | -1;
  readonly quantity: Decimal;
  readonly now: StateWanted | undefined;
  readonly before: StateWanted | undefined;
}

/**
 * Finds out what has to be read for a line of an invoice.
 *
 * @param history all lines that have some of the charge, the oldest first
 */
export function partsWanted(
  history: readonly LineOfCharge[],
  line: Pick<LineOfCharge, 'invoiceId' | 'line'>,
): PartsWanted | undefined {
  const at = history.findIndex((one) => isSame(one, line));
  const found = history[at];
  if (found === undefined) return undefined;
  if (found.cancels !== undefined) {
    const taken = partsWanted(history, found.cancels);
    return taken && { ...taken, sign: taken.sign === 1 ? -1 : 1 };
  }
  const left = standing(history.slice(0, at));
  const before = sumOf(left.map(quantityOf));
  const quantity = quantityOf(found);
  const last = left.at(-1);
  return {
    charge: found.charge,
    sign: 1,
    quantity,
    now: wanted(before.add(quantity), found.issuedAt),
    before: last && wanted(before, last.issuedAt),
  };
}

/** What lines have of a charge by now: what is left of it is what no invoice has. */
export function stateInvoiced(history: readonly LineOfCharge[]): StateWanted | undefined {
  const left = standing(history);
  const last = left.at(-1);
  return last && wanted(sumOf(left.map(quantityOf)), last.issuedAt);
}

/** Lines that were not taken back, and took none back themselves. */
function standing(lines: readonly LineOfCharge[]): LineOfCharge[] {
  const cancellations = lines.filter(({ cancels }) => cancels !== undefined);
  return lines.filter(
    (one) =>
      one.cancels === undefined &&
      !cancellations.some(({ cancels }) => cancels !== undefined && isSame(one, cancels)),
  );
}

function wanted(quantity: Decimal, at: Instant): StateWanted | undefined {
  return quantity.isZero() ? undefined : { quantity, at };
}

function isSame(
  one: Pick<LineOfCharge, 'invoiceId' | 'line'>,
  other: Pick<LineOfCharge, 'invoiceId' | 'line'>,
): boolean {
  return one.invoiceId === other.invoiceId && one.line === other.line;
}

/** As it changes what is invoiced of the charge. */
function quantityOf({ invoiceKind, quantity }: LineOfCharge): Decimal {
  return signed(quantity, signOfKind(invoiceKind));
}
