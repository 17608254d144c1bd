import { Decimal, type MeterKey, type StackmeterError } from '../../kernel/index.ts';
import {
  causes,
  isNothing,
  NOTHING_BILLED,
  plusBilled,
  type Cause,
  type Comparison,
} from './compare.ts';
import type { DayPlan } from './day-plan.ts';
import { addHour, type HourSpan } from './hour-class.ts';

/** One cause over the whole range. */
export interface CauseSummary {
  readonly cause: Cause;
  readonly rows: bigint;
  /** hours of that class that the stamp has; with `unexplained` none, since the rows differ within windows */
  readonly windows: number;
  /** the same hours, in order, those that follow each other together */
  readonly spans: readonly HourSpan[];
}

/** Where the received usage of a meter went. */
export interface Booked {
  readonly meterKey: MeterKey;
  readonly received: Decimal;
  readonly onCustomers: Decimal;
  readonly onBase: Decimal;
  readonly unpaid: Decimal;
}

/** How commerce answered. */
export type CommerceState =
  | { readonly state: 'not activated' }
  | {
      readonly state: 'answered';
      readonly registrationId: string;
      readonly status: string;
      readonly billingModel: string;
    }
  | {
      readonly state: 'no answer';
      readonly registrationId: string;
      /** what it answered in place of its sums, or why nothing came; an error of the catalogue */
      readonly error: StackmeterError;
    };

/** What commerce bills of what it received. */
export interface BillingSummary {
  /** the first reported hour that is not rated yet */
  readonly ratedUpTo: number;
  readonly billedRows: bigint;
  readonly notYetRatedRows: bigint;
  /** places at which what is billed is not what the rated windows held, and the first of them */
  readonly unexplained: { readonly places: number; readonly first: readonly Comparison[] };
}

/** What it comes to. */
export interface Summary {
  readonly stampRows: bigint;
  /** undefined: commerce was not asked with success */
  readonly receivedRows: bigint | undefined;
  /** undefined: commerce was not asked with success, or does not say what it bills */
  readonly billing: BillingSummary | undefined;
  readonly causes: readonly CauseSummary[];
  /** by meter; empty when commerce did not answer */
  readonly booked: readonly Booked[];
  /** places at which something is left over, and the first of them */
  readonly unexplained: { readonly places: number; readonly first: readonly Comparison[] };
  readonly commerce: CommerceState;
  /** what the bridge noted of the window that is not taken, while waiting does not help */
  readonly refusal: Refusal | undefined;
  readonly verdict: Verdict;
}

/** Why windows are not taken: what commerce said, or what is wrong with what is here. */
export interface Refusal {
  readonly cause: 'refused' | 'not fit to be sent';
  readonly code: string;
  readonly message: string;
}

/** `unknown`: commerce did not answer. */
export type Verdict = 'explained' | 'unexplained' | 'unknown';

/** So many places are shown. */
export const MOST_EXAMPLES = 100;

/** A summary in the making. */
export interface SummarySums {
  addDay(plan: DayPlan): void;
  add(comparison: Comparison): void;
  /** @param ratedUpTo undefined where commerce does not say what it bills */
  end(commerce: CommerceState, refusal: Summary['refusal'], ratedUpTo: number | undefined): Summary;
}

interface BookedSums {
  received: Decimal;
  onBase: Decimal;
  unpaid: Decimal;
}

export function sumSummary(): SummarySums {
  let [stampRows, receivedRows] = [0n, 0n];
  const rows = new Map<Cause, bigint>();
  const windows = new Map<Cause, { count: number; spans: HourSpan[] }>();
  const booked = new Map<MeterKey, BookedSums>();
  const first: Comparison[] = [];
  const billing = sumBilling();
  let places = 0;
  return {
    addDay: ({ hours }) => {
      for (const { hour, partClass, rows: noted } of hours) {
        if (partClass === 'received') continue;
        const known = windows.get(partClass) ?? { count: 0, spans: [] };
        known.count += 1;
        addHour(known.spans, hour);
        windows.set(partClass, known);
        // Of what is gone, how many rows it was is all that is known.
        if (partClass === 'past retention')
          rows.set(partClass, (rows.get(partClass) ?? 0n) + noted);
      }
    },
    add: (comparison) => {
      stampRows += comparison.stamp.rows;
      receivedRows += comparison.received.rows;
      for (const [cause, amount] of comparison.causes) {
        if (cause !== 'past retention') rows.set(cause, (rows.get(cause) ?? 0n) + amount.rows);
      }
      if (comparison.causes.has('unexplained')) {
        places += 1;
        if (first.length < MOST_EXAMPLES) first.push(comparison);
      }
      if (!isNothing(comparison.received)) book(booked, comparison);
      billing.add(comparison);
    },
    end: (commerce, refusal, ratedUpTo) => {
      const isKnown = commerce.state !== 'no answer';
      const told = causes.flatMap((cause): CauseSummary[] => {
        const { count = 0, spans = [] } = windows.get(cause) ?? {};
        const found = rows.get(cause);
        if (found === undefined && count === 0) return [];
        if (cause === 'unexplained' && !isKnown) return [];
        return [{ cause, rows: found ?? 0n, windows: count, spans }];
      });
      const billed = isKnown && ratedUpTo !== undefined ? billing.end(ratedUpTo) : undefined;
      const faults = places + (billed?.unexplained.places ?? 0);
      return {
        stampRows,
        receivedRows: isKnown ? receivedRows : undefined,
        billing: billed,
        causes: told,
        booked: isKnown ? [...booked].map(toBooked) : [],
        unexplained: isKnown ? { places, first } : { places: 0, first: [] },
        commerce,
        refusal,
        verdict: !isKnown ? 'unknown' : faults > 0 ? 'unexplained' : 'explained',
      };
    },
  };
}

function sumBilling(): {
  add(comparison: Comparison): void;
  end(ratedUpTo: number): BillingSummary;
} {
  let sum = NOTHING_BILLED;
  let places = 0;
  const first: Comparison[] = [];
  return {
    add: (comparison) => {
      const { billing } = comparison;
      if (billing === undefined) return;
      sum = plusBilled(sum, billing);
      if (isNothing(billing.unexplained)) return;
      places += 1;
      if (first.length < MOST_EXAMPLES) first.push(comparison);
    },
    end: (ratedUpTo) => ({
      ratedUpTo,
      billedRows: sum.billed.rows,
      notYetRatedRows: sum.notYetRated.rows,
      unexplained: { places, first },
    }),
  };
}

function book(booked: Map<MeterKey, BookedSums>, comparison: Comparison): void {
  const { meterKey, received, onBase, unpaid } = comparison;
  const known = booked.get(meterKey);
  booked.set(meterKey, {
    received: (known?.received ?? Decimal.zero).add(received.quantity),
    onBase: (known?.onBase ?? Decimal.zero).add(onBase),
    unpaid: (known?.unpaid ?? Decimal.zero).add(unpaid),
  });
}

function toBooked([meterKey, { received, onBase, unpaid }]: [MeterKey, BookedSums]): Booked {
  return { meterKey, received, onCustomers: received.subtract(onBase), onBase, unpaid };
}
