import { Decimal } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { readLinesOfCharges, type LineOfCharge } from './charge-store.ts';
import { partsWanted, stateInvoiced, type ChargeState, type PartsWanted } from './composition.ts';
import type { ChargeFacts, UsagePart } from './facts.ts';
import {
  findState,
  pageDifference,
  pagePresentParts,
  PARTS_PAGE,
  readPresentParts,
} from './parts-store.ts';

/** Where the parts of a line come from. */
export interface LineParts {
  /** Of the line, or of the one that it takes back. */
  readonly quantity: Decimal;
  /** -1: the line takes back the one whose parts these are. */
  readonly sign: 1 | -1;
  readonly pages: () => AsyncIterable<readonly UsagePart[]>;
}

/** A line of an invoice that has some of a charge. */
export interface UsageLineKey {
  readonly invoiceId: string;
  readonly line: number;
  readonly charge: bigint;
}

/**
 * Finds the parts of lines by resource and day. Charges that are as the invoice took them, which nearly all are, are read
 * many at a time; the others as they were then. Where it is not known any more who used what, a line has one part
 * without a resource.
 */
export async function* partsOfLines(
  db: Queryable,
  lines: readonly UsageLineKey[],
  charges: ReadonlyMap<bigint, ChargeFacts>,
  histories: ReadonlyMap<bigint, readonly LineOfCharge[]>,
): AsyncGenerator<readonly [UsageLineKey, LineParts]> {
  const sources = lines.flatMap((line) => {
    const facts = charges.get(line.charge);
    const wanted = partsWanted(histories.get(line.charge) ?? [], line);
    return facts === undefined || wanted === undefined ? [] : [{ line, facts, wanted }];
  });
  for (const batch of batchesOf(sources)) {
    const small = batch.filter(isSmall).map(({ facts }) => facts.charge);
    const present = small.length === 0 ? NOTHING : await readPresentParts(db, small);
    for (const { line, facts, wanted } of batch) {
      const { quantity, sign } = wanted;
      const read = present.get(facts.charge);
      const pages = isPresent(facts, wanted)
        ? () => (facts.parts <= PARTS_PAGE ? once(read ?? []) : pagePresentParts(db, facts))
        : await pagesThen(db, facts, wanted);
      yield [line, { quantity, sign, pages }];
    }
  }
}

const NOTHING: ReadonlyMap<bigint, readonly UsagePart[]> = new Map();

interface Source {
  readonly line: UsageLineKey;
  readonly facts: ChargeFacts;
  readonly wanted: PartsWanted;
}

/** Whether a line has all of its charge, and nothing has been added since. */
function isPresent({ partsQuantity }: ChargeFacts, { now, before }: PartsWanted): boolean {
  return before === undefined && now?.quantity.equals(partsQuantity) === true;
}

function isSmall({ facts, wanted }: Source): boolean {
  return facts.parts <= PARTS_PAGE && isPresent(facts, wanted);
}

/** Lines one after the other whose parts fit on a page together. */
function batchesOf(sources: readonly Source[]): Source[][] {
  const batches: Source[][] = [];
  let room = 0;
  for (const source of sources) {
    const { parts } = source.facts;
    const last = batches.at(-1);
    if (last === undefined || parts > room) {
      batches.push([source]);
      room = PARTS_PAGE - parts;
    } else {
      last.push(source);
      room -= parts;
    }
  }
  return batches;
}

async function* once(parts: readonly UsagePart[]): AsyncGenerator<readonly UsagePart[]> {
  yield parts;
}

/** As the invoice took them. */
async function pagesThen(
  db: Queryable,
  facts: ChargeFacts,
  { now, before, quantity }: PartsWanted,
): Promise<LineParts['pages']> {
  const states: (ChargeState | undefined)[] = [];
  for (const wanted of [now, before]) {
    const state = wanted && (await findState(db, facts, wanted));
    if (wanted !== undefined && state === undefined) return () => once([unknownPart(quantity)]);
    states.push(state);
  }
  return () => pageDifference(db, facts, states[0], states[1]);
}

/** What was used, without who used it. */
export function unknownPart(quantity: Decimal): UsagePart {
  return {
    day: undefined,
    resourceKey: '',
    quantity,
    lastReported: undefined,
    resource: undefined,
  };
}

/** The parts of charges that no invoice has: as they are now, without what lines of invoices have. */
export async function* partsOfCharges(
  db: Queryable,
  charges: readonly ChargeFacts[],
): AsyncGenerator<readonly [ChargeFacts, AsyncIterable<readonly UsagePart[]>]> {
  const begun = charges.filter((facts) => !isUntouched(facts)).map(({ charge }) => charge);
  const histories = await readLinesOfCharges(db, begun);
  const sources = charges.map((facts) => ({
    facts,
    line: { invoiceId: '', line: 0, charge: facts.charge },
    wanted: {
      charge: facts.charge,
      sign: 1,
      quantity: facts.quantity,
      now: undefined,
      before: undefined,
    },
  })) satisfies Source[];
  for (const batch of batchesOf(sources)) {
    const small = batch.flatMap(({ facts }) =>
      facts.parts <= PARTS_PAGE && isUntouched(facts) ? [facts.charge] : [],
    );
    const present = small.length === 0 ? NOTHING : await readPresentParts(db, small);
    for (const { facts } of batch) {
      const history = histories.get(facts.charge) ?? [];
      if (!isUntouched(facts)) yield [facts, await partsSince(db, facts, history)];
      else if (facts.parts > PARTS_PAGE) yield [facts, pagePresentParts(db, facts)];
      else yield [facts, once(present.get(facts.charge) ?? [])];
    }
  }
}

function isUntouched({ invoicedQuantity, partsQuantity, quantity }: ChargeFacts): boolean {
  return invoicedQuantity.isZero() && partsQuantity.equals(quantity);
}

/** What has come, or gone, since invoices took what they have. */
async function partsSince(
  db: Queryable,
  facts: ChargeFacts,
  history: readonly LineOfCharge[],
): Promise<AsyncIterable<readonly UsagePart[]>> {
  const { charge, quantity, invoicedQuantity, partsQuantity } = facts;
  const wanted = stateInvoiced(history);
  const before = wanted && (await findState(db, facts, wanted));
  const taken = wanted?.quantity ?? Decimal.zero;
  const isKnown = partsQuantity.equals(quantity) && taken.equals(invoicedQuantity);
  if (!isKnown || (wanted !== undefined && before === undefined)) {
    return once([unknownPart(quantity.subtract(invoicedQuantity))]);
  }
  return pageDifference(db, facts, { charge, run: undefined, before: undefined }, before);
}
