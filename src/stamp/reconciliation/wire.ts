import { dayNumber, dayStart, formatWireTime, hourNumber, hourStart } from '../../kernel/index.ts';
import type { Amount, Comparison } from './compare.ts';
import type { HourSpan } from './hour-class.ts';
import type { Line, LineBilling } from './lines.ts';
import type { Meters } from './reconcile.ts';
import type { ReconciliationRequest } from './request.ts';
import type { BillingSummary, CommerceState, Summary } from './summary.ts';

/** A reported day as lines name it, like `2026-11-23`. */
export function dayText(day: number): string {
  return dayStart(dayNumber(day)).toString().slice(0, 10);
}

/** The start of a reported hour. */
export function hourText(hour: number): string {
  return formatWireTime(hourStart(hourNumber(hour)));
}

/** The part of the answer that is known before anything is compared. */
export function toWireRequest({ from, to, by }: ReconciliationRequest): object {
  return { from: hourText(from), to: hourText(to), by };
}

/** A line as JSON. Quantities are text, exact, and there only where they are of one meter. */
export function toWireLine(line: Line, meters: Meters): object {
  const { day, meterKey, subscriptionId, stamp, received, difference } = line;
  const meter = meterKey && meters.get(meterKey);
  const ofOneMeter = meterKey !== undefined;
  return {
    ...(day !== undefined && { day: dayText(day) }),
    ...(meterKey !== undefined && {
      meterId: meter?.meterId ?? meterKey,
      meterName: meter?.name ?? '',
      unit: meter?.unit ?? '',
    }),
    ...(subscriptionId !== undefined && { subscriptionId }),
    stamp: toWireAmount(stamp, ofOneMeter),
    received: received === undefined ? null : toWireAmount(received, ofOneMeter),
    difference: difference === undefined ? null : toWireAmount(difference, ofOneMeter),
    ...(line.billing !== undefined && { billed: toWireBilling(line.billing, ofOneMeter) }),
    causes: line.causes.map(({ cause, places, ...amount }) => ({
      cause,
      ...toWireAmount(amount, ofOneMeter),
      places,
    })),
    notes: line.notes.map(({ note, quantity }) => ({
      note,
      ...(ofOneMeter && { quantity: quantity.toText() }),
    })),
  };
}

function toWireBilling(
  { billed, notYetRated, unexplained, places }: LineBilling,
  ofOneMeter: boolean,
): object {
  return {
    ...toWireAmount(billed, ofOneMeter),
    notYetRated: toWireAmount(notYetRated, ofOneMeter),
    unexplained: { ...toWireAmount(unexplained, ofOneMeter), places },
  };
}

function toWireAmount({ rows, quantity }: Amount, ofOneMeter: boolean): object {
  return { rows: toCount(rows), ...(ofOneMeter && { quantity: quantity.toText() }) };
}

/** Counts are far from what a JSON number can hold. */
function toCount(rows: bigint): number {
  return Number.parseInt(String(rows), 10);
}

/** What it comes to, as JSON. */
export function toWireSummary(summary: Summary, meters: Meters): Readonly<Record<string, unknown>> {
  const { stampRows, receivedRows, causes, booked, unexplained, commerce, refusal, billing } =
    summary;
  return {
    commerce: toWireCommerce(commerce),
    rows: {
      stamp: toCount(stampRows),
      received: receivedRows === undefined ? null : toCount(receivedRows),
    },
    causes: causes.map(({ cause, rows, windows, spans }) => ({
      cause,
      rows: toCount(rows),
      ...(cause !== 'unexplained' && { windows, spans: spans.map(toWireSpan) }),
    })),
    ...(refusal !== undefined && { refusal }),
    booked: booked.map((one) => ({
      meterId: meters.get(one.meterKey)?.meterId ?? one.meterKey,
      meterName: meters.get(one.meterKey)?.name ?? '',
      unit: meters.get(one.meterKey)?.unit ?? '',
      received: one.received.toText(),
      onCustomers: one.onCustomers.toText(),
      onBase: one.onBase.toText(),
      unpaid: one.unpaid.toText(),
    })),
    ...(billing !== undefined && { billing: toWireBillingSummary(billing, meters) }),
    unexplained: {
      places: unexplained.places,
      first: unexplained.first.map((one) => toWireExample(one, meters)),
    },
    verdict: summary.verdict,
  };
}

function toWireSpan({ from, to }: HourSpan): object {
  return { from: hourText(from), to: hourText(to) };
}

function toWireExample(one: Comparison, meters: Meters): object {
  const left = one.causes.get('unexplained');
  return {
    day: dayText(one.day),
    meterId: meters.get(one.meterKey)?.meterId ?? one.meterKey,
    subscriptionId: one.subscriptionId,
    stamp: toWireAmount(one.stamp, true),
    received: toWireAmount(one.received, true),
    difference: toWireAmount(one.difference, true),
    ...(left !== undefined && { unexplained: toWireAmount(left, true) }),
  };
}

function toWireBillingSummary(
  { ratedUpTo, billedRows, notYetRatedRows, unexplained: { places, first } }: BillingSummary,
  meters: Meters,
): object {
  return {
    ratedUpTo: ratedUpTo === 0 ? null : hourText(ratedUpTo),
    rows: { billed: toCount(billedRows), notYetRated: toCount(notYetRatedRows) },
    unexplained: {
      places,
      first: first.map((one) => ({
        day: dayText(one.day),
        meterId: meters.get(one.meterKey)?.meterId ?? one.meterKey,
        subscriptionId: one.subscriptionId,
        received: toWireAmount(one.received, true),
        ...(one.billing !== undefined && {
          billed: toWireAmount(one.billing.billed, true),
          notYetRated: toWireAmount(one.billing.notYetRated, true),
          unexplained: toWireAmount(one.billing.unexplained, true),
        }),
      })),
    },
  };
}

function toWireCommerce(commerce: CommerceState): object {
  if (commerce.state !== 'no answer') return commerce;
  const { state, registrationId, error } = commerce;
  return { state, registrationId, error: { code: error.code, message: error.message } };
}
